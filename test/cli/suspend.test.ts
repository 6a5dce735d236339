import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ADD_VLAN, leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { exits, json, openLab, prints, runningConfig, warns } from '../lab/lab.ts'
import { askedForEver, historyOf, LONG, start, startChange } from './running.ts'

/** Each switch is confirmed by itself, after some seconds of verification. */
const ONE_BY_ONE = {
  ...PROJECT_FILES,
  files: {
    ...PROJECT_FILES.files,
    'workflows/add-vlan.yaml': ADD_VLAN.replace('waves: [1]', 'waves: [1], atomic: wave')
      .replace('within: 2s', 'within: 20s')
      .replace('stableFor: 0s', 'stableFor: 3s'),
  },
}

const NO_STOP = `version: 1
rules:
  - { id: all, to: ['kind:person'], allow: [plan.create, plan.read, execution.start, execution.read, execution.stop, audit.read] }
  - { id: never, to: ['kind:person'], deny: [execution.stop] }
`

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type)

describe('suspend', () => {
  test('an execution that another process runs: the armed switch is confirmed first, the other is not begun; resume goes on', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(2), ...ONE_BY_ONE })
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)

    const suspended = await bench.eosflow('suspend @latest --reason', 'shift ends')

    const { code, err } = await running.ended
    expect(err).toMatch(/resting at the next safe point, as local:\S+ asks \(shift ends\): nothing is undone/)
    expect([code, suspended.code]).toEqual([12, 0])
    expect(suspended.out).toMatch(/leaf1 +✔ confirmed /)
    expect(suspended.out).toMatch(
      /suspended: rests until it is resumed · 2 switches: 1 confirmed, 1 untouched\nNext: eosflow resume /,
    )
    expect(runningConfig(bench.fabric.device('leaf2'))).not.toContain('vlan 120')

    await prints(0, bench.eosflow('resume @latest'), 'succeeded · 2 switches: 2 confirmed')
    expect(typesOf(await historyOf(bench))).not.toContain('UndoStarted')
  })

  test('one that asks a person at a terminal: nothing is decided, and executions, show and watch say that it rests because of it', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    const { running } = await askedForEver(bench)

    const suspend = await bench.eosflow('suspend @latest --reason', 'shift ends')

    expect(await running).toBe(12)
    expect(suspend.code).toBe(0)
    expect(suspend.out).toMatch(
      /suspended by local:\S+ at 20\S+Z: shift ends\n\nExecution \S+: suspended: rests until it is resumed · 1 switch: 1 untouched\nNext: eosflow resume /,
    )
    await warns(0, bench.eosflow('suspend @latest'), /rests already: no process runs it/)
    expect((await bench.eosflow('executions')).out).toMatch(/add-vlan {2}suspended\n/)
    expect((await bench.eosflow('executions --state suspended')).out).toContain('1 execution\n')
    expect(await json(bench.eosflow('show @latest --json'))).toMatchObject({
      status: 'running',
      outcome: null,
      suspended: { reason: 'shift ends' },
      exitCode: 12,
    })
    expect((await bench.eosflow('watch @latest')).out).toContain('suspended: rests until it is resumed')
    expect((await bench.eosflow('audit list --code EF108')).out).toContain(
      'is to rest at its next safe point: shift ends',
    )
    expect(typesOf(await historyOf(bench))).not.toContain('ApprovalInvalidated')

    await exits(12, bench.eosflow('resume @latest --detach'))
    expect((await bench.eosflow('executions')).out).not.toContain('suspended')
    await exits(0, bench.eosflow('approve @latest'))
    await exits(0, bench.eosflow('resume @latest'))
    expect(runningConfig(bench.fabric.device('leaf1'))).toContain('vlan 120')
  })

  test('and a stop behind it: the process that was to rest puts back, reads the network, and ends', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...LONG })
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    const suspending = bench.eosflow('suspend @latest')
    await running.said(/resting/)

    await exits(0, bench.eosflow('stop @latest'))
    await exits(11, running.ended)
    await prints(11, suspending, 'cancelled · 1 switch: 1 put back')
    const owners = (await historyOf(bench)).filter(({ type }) => type === 'ExecutionResumed')
    expect(owners).toEqual([])
  })

  test('one whose store is lost: it does not say that nobody runs it', { tags: ['long', 'turn'] }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...LONG })
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    const suspend = start(bench, 'suspend @latest')
    await running.said(/resting/)
    rmSync(join(bench.dir, '.eosflow'), { recursive: true, force: true })

    await exits(1, suspend.ended)
    expect((await suspend.ended).err).toMatch(
      /the store is no longer the one that was opened: whether \S+ rests is not known/,
    )
    running.kill('SIGTERM')
    expect((await running.ended).code).not.toBe(0)
    expect(runningConfig(bench.fabric.device('leaf1'))).not.toContain('vlan 120')
  })

  test('by somebody whom the policy refuses it: exit 4, on record, and nothing is asked of the process that runs it', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    lab.write('policy.yaml', NO_STOP)
    const refused = await warns(
      4,
      lab.eosflow('suspend @latest --reason', 'shift ends'),
      /not-authorised.*execution\.stop/s,
    )
    expect(refused.out).toBe('')
    const events = async (code: string) => (await lab.eosflow('audit list --code', code)).out
    expect(await events('EF510')).toMatch(/execution\.stop/)
    expect(await events('EF108')).not.toContain('shift ends')
    // An execution that has ended is shown to whom may read it, whatever they may stop.
    lab.write('policy.yaml', NO_STOP.replace(/^.*deny.*\n/m, ''))
    await lab.ok('stop @latest')
    lab.write('policy.yaml', NO_STOP)
    await lab.ok('suspend @latest')
  })

  test('one that only waits for its approval is suspended on record, once: its key leaves it so, and resume goes on', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const change = ['run', 'workflow.yaml', '--key', 'CHG-1', '--detach']
    await exits(12, lab.eosflow(...change))
    const shown = async () => await json(lab.eosflow('show @latest --json'))
    const asked = async () => (await lab.eosflow('audit list --code EF108W')).out.match(/not tonight/g)?.length
    const resumed = async () => (await lab.eosflow('history @latest')).out.match(/resumed/g)?.length ?? 0

    await warns(
      0,
      lab.eosflow('suspend @latest --reason', 'not tonight'),
      'rests already: no process runs it, and it rests until it is resumed',
    )
    expect(await shown()).toMatchObject({ status: 'running', suspended: { reason: 'not tonight' } })
    await lab.ok('suspend @latest --reason', 'not tonight')
    expect(await asked()).toBe(1)
    await lab.ok('approve @latest')
    // A pipeline that is started again is nobody who has looked at why it rests.
    await prints(12, lab.eosflow(...change), 'suspended: rests until it is resumed')
    expect(await resumed()).toBe(0)
    await lab.ok('resume @latest --detach')
    expect(await resumed()).toBe(1)
  })

  test('one that has ended is shown; one that waits for an approval rests already', { tags: 'long' }, async () => {
    const lab = openLab()
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    await prints(0, lab.eosflow('suspend @latest'), 'suspended: rests until it is resumed')
    await lab.ok('stop @latest')
    await warns(0, lab.eosflow('suspend @latest'), 'has ended already: nothing to suspend')
  })
})
