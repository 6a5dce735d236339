import { describe, expect, test } from 'vitest'
import { exits, typeOn, workflowFor } from '../../lab/lab.ts'
import { EVERY, startAfterLab } from './after-lab.ts'

describe('a watch begins with the good end of its change, and never else', { tags: 'long' }, () => {
  test('a change without `after` puts nothing on record of schedules', { tags: 'turn' }, async () => {
    const bench = startAfterLab('leaf1', { workflow: workflowFor('leaf1') })
    const out = await bench.change()
    const types = (await bench.records()).map(({ type }) => type)
    expect([out.includes('after:'), types.filter((type) => type.startsWith('Schedule'))]).toEqual([false, []])
  })

  test('a change that is put back is not watched', { tags: 'turn' }, async () => {
    const bench = startAfterLab('leaf1', {
      workflow: workflowFor('leaf1', {
        extra: 'after: { checks: 24h, every: 10m }',
        verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }',
      }),
    })
    await exits(6, bench.lab.change())
    const records = await bench.records()
    expect(records.flatMap((one) => (one.type === 'ExecutionEnded' ? [[one.outcome, one.devices]] : []))).toEqual([
      ['rolled-back', { leaf1: 'reverted' }],
    ])
    expect(records.filter(({ type }) => type.startsWith('Schedule'))).toEqual([])
  })

  test('a change of which a part stays is not watched', { tags: 'turn' }, async () => {
    const bench = startAfterLab('leaf1 or leaf3', {
      workflow: workflowFor('leaf1 or leaf3', {
        extra: 'after: { checks: 24h, every: 10m }',
        rollout: '{ waves: [1], keepApart: mlag, atomic: wave }',
      }),
    })
    bench.lab.fault({ device: 'leaf3', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, bench.lab.change())
    const records = await bench.records()
    expect(records.flatMap((one) => (one.type === 'ExecutionEnded' ? [[one.outcome, one.devices]] : []))).toEqual([
      ['rolled-back', { leaf1: 'changed', leaf3: 'reverted' }],
    ])
    expect(records.filter(({ type }) => type.startsWith('Schedule'))).toEqual([])
  })

  test('a process that dies between the two records leaves a watch that judges nothing before the end, and begins no second', {
    tags: 'turn',
  }, async () => {
    const bench = startAfterLab()
    await bench.killAt('ExecutionEnded', 'before', 'run', 'workflow.yaml')
    await bench.lab.clock.advance(EVERY)
    expect((await bench.lab.eosflow('schedule run')).out).toContain(
      'ok · the change has not ended: nothing is judged yet',
    )
    const { code, out } = await bench.lab.eosflow('resume')
    expect([code, out]).toEqual([0, expect.stringContaining('after: checks are kept until 2026-01-06T08:00')])
    expect(await bench.look()).toContain('ok · 2 verdicts on 1 switch, all good')
    const begun = (await bench.records()).filter(({ type }) => type === 'ScheduleChanged')
    expect(begun).toHaveLength(1)
  })

  test('of two switches the one that is changed later leaves, and the other is watched on', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = startAfterLab('leaf1 or leaf3')
    const { lab, look, notices } = bench
    await bench.change()
    lab.write('later.yaml', workflowFor('leaf1', { lines: ['vlan 997'] }))
    await exits(0, lab.agreed('run later.yaml'))
    expect(await look()).toMatch(
      /ok · 2 verdicts on 1 switch, all good; leaf1 is no longer watched: execution \S+ has changed it/,
    )
    await typeOn(lab.device('leaf3'), 'configure', 'no vlan 998', 'end', 'write')
    await look()
    expect(await notices()).toEqual([expect.stringContaining(': leaf3: vlans-present: ')])
    await typeOn(lab.device('leaf3'), 'configure', 'vlan 998', 'name TESTED', 'end', 'write')
  })

  test('two timers at once make each look once', { tags: 'turn' }, async () => {
    const bench = startAfterLab()
    await bench.change()
    for (let look = 0; look < 3; look += 1) {
      await bench.lab.clock.advance(EVERY)
      await Promise.all([bench.lab.eosflow('schedule run'), bench.lab.eosflow('schedule run')])
    }
    const types = (await bench.records()).map(({ type }) => type).filter((type) => type.startsWith('Schedule'))
    expect(types).toEqual(['ScheduleChanged', ...[1, 2, 3].flatMap(() => ['ScheduleFired', 'ScheduleFinished'])])
  })
})
