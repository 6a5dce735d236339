import { describe, expect, test } from 'vitest'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { exits, openLab, prints, runningConfig, warns } from '../lab/lab.ts'
import { askedForEver, historyOf, LONG, startChange } from './running.ts'

const COMMITTED = /leaf1: committed under its timer/
const count = (events: readonly { readonly type: string }[], type: string) =>
  events.filter((event) => event.type === type).length

describe('stop', () => {
  test('ends an execution that another process runs: that one puts everything back and exits 11, stop exits 0', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(2), ...LONG })
    const running = await startChange(bench)
    await running.said(COMMITTED)

    const stop = await bench.eosflow('stop @latest --reason', 'wrong window')

    await warns(11, running.ended, /stopping, as local:\S+ asks \(wrong window\): every touched switch is put back/)
    expect(stop.out).toMatch(
      /leaf1 +↺ put back .*BEFORE: configuration read back, network (?:as before|not looked at)\n/,
    )
    expect(stop.out).toMatch(/leaf2 +○ untouched /)
    expect(stop.out).toMatch(/cancelled · 2 switches: 1 put back, 1 untouched\nNext: /)
    expect(stop.code).toBe(0)
    expect(runningConfig(bench.fabric.device('leaf1'))).not.toContain('vlan 120')
    expect(count(await historyOf(bench), 'ExecutionResumed')).toBe(0)
  })

  test('ends one that asks a person at a terminal', { tags: 'long' }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    const { running } = await askedForEver(bench)

    const stop = await bench.eosflow('stop @latest')

    expect(await running).toBe(11)
    expect(stop.out).toContain('cancelled · 1 switch: 1 untouched')
    expect(stop.code).toBe(0)
  })

  test('takes over what a killed process has left, once, whatever became of its workflow; suspend says that it is at no safe point', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...LONG })
    const running = await startChange(bench)
    await running.said(COMMITTED)
    running.kill('SIGKILL')
    await running.ended
    expect(runningConfig(bench.fabric.device('leaf1'))).toContain('vlan 120')
    bench.write('workflows/add-vlan.yaml', 'no workflow\n')
    await warns(
      7,
      bench.eosflow('suspend @latest'),
      /is not at a safe point, and no process runs it: leaf1 not settled/,
      /eosflow resume /,
    )

    const stop = () =>
      prints(0, bench.eosflow('stop @latest'), /leaf1 +↺ put back /, 'cancelled · 1 switch: 1 put back')
    await Promise.all([stop(), stop()])

    expect(runningConfig(bench.fabric.device('leaf1'))).not.toContain('vlan 120')
    const history = await historyOf(bench)
    expect([count(history, 'ExecutionResumed'), count(history, 'UndoStarted')]).toEqual([1, 1])
  })

  test('while everything is put back already: waits for the end and says how it ended', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    await bench.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 120'] })
    await bench.fabric.fault({ device: 'leaf1', kind: 'slow', before: 2, command: ' abort$' })
    const running = await startChange(bench)
    await running.said(/leaf1: putting it back/)

    const stop = await bench.eosflow('stop @latest')

    await exits(6, running.ended)
    expect(stop.out).toContain('rolled back · 1 switch: 1 put back')
    expect(stop.code).toBe(6)
    expect(count(await historyOf(bench), 'UndoStarted')).toBe(1)
  })

  test('of an execution that waits for an approval, which no process runs: nothing was touched', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    await exits(12, lab.eosflow('run workflow.yaml --detach'))
    const stop = await lab.ok('stop @latest --json')
    expect(JSON.parse(stop.out)).toMatchObject({
      version: 1,
      kind: 'execution',
      status: 'ended',
      outcome: 'cancelled',
      devices: [{ name: 'leaf1', end: 'untouched' }],
      exitCode: 0,
    })
  })

  test('of one that somebody resumes meanwhile: asks again, and that process puts everything back', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...LONG })
    const change = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
    await exits(12, bench.eosflow(...change, '--detach'))
    await exits(0, bench.eosflow('approve @latest'))
    const stopping = bench.eosflow('stop @latest')
    await new Promise((resolve) => setTimeout(resolve, 300))

    const resumed = await bench.eosflow('resume @latest')

    const stop = await stopping
    expect(resumed.code).toBe(11)
    expect(resumed.err).toContain('stopping, as local:')
    expect(stop.out).toContain('cancelled · 1 switch: 1 ')
    expect(stop.code).toBe(0)
    expect(count(await historyOf(bench), 'ExecutionResumed')).toBe(1)
  })

  test('of one that has ended: says so, and writes nothing', { tags: 'long' }, async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const before = (await lab.eosflow('history @latest')).out
    const stop = await warns(0, lab.eosflow('stop @latest'), /has ended already: nothing to stop/)
    expect(stop.out).toContain('succeeded · 1 switch: 1 confirmed')
    expect((await lab.eosflow('history @latest')).out).toBe(before)
  })

  test('whose waiting is interrupted exits 130; who resumes the execution later does not heed it', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    const change = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
    await exits(12, bench.eosflow(...change, '--detach'))
    await warns(
      130,
      bench.eosflowWith({ stop: AbortSignal.abort() }, 'stop @latest'),
      /no longer waiting; the request to stop remains on record\nNext: eosflow watch /,
    )
    await exits(0, bench.eosflow('approve @latest'))
    await prints(0, bench.eosflow('resume @latest'), 'succeeded · 1 switch: 1 confirmed')
  })
})
