import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ADD_VLAN, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import { exits, json, openLab, prints, runningConfig, warns } from '../../lab/lab.ts'
import { askedForEver, historyOf, LONG, openLeaves, startChange } from './running.ts'

const COMMITTED = /leaf1: committed under its timer/
const count = (events: readonly { readonly type: string }[], type: string) =>
  events.filter((event) => event.type === type).length

describe('stop', () => {
  test('ends an execution that another process runs: that one puts everything back and exits 11, stop exits 0', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(2, LONG)
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
    expect(runningConfig(bench.device('leaf1'))).not.toContain('vlan 120')
    expect(count(await historyOf(bench), 'ExecutionResumed')).toBe(0)
  })

  test('ends one that asks a person at a terminal', { tags: ['long', 'turn'] }, async () => {
    const bench = await openLeaves(1)
    const { running } = await askedForEver(bench)

    const stop = await bench.eosflow('stop @latest')

    expect(await running).toBe(11)
    expect(stop.out).toContain('cancelled · 1 switch: 1 untouched')
    expect(stop.code).toBe(0)
  })

  test('takes over what a killed process has left, once, whatever became of its workflow; suspend says that it is at no safe point', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(1, LONG)
    const running = await startChange(bench)
    await running.said(COMMITTED)
    running.kill('SIGKILL')
    await running.ended
    expect(runningConfig(bench.device('leaf1'))).toContain('vlan 120')
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

    expect(runningConfig(bench.device('leaf1'))).not.toContain('vlan 120')
    const history = await historyOf(bench)
    expect([count(history, 'ExecutionResumed'), count(history, 'UndoStarted')]).toEqual([1, 1])
  })

  test('while everything is put back already: waits for the end and says how it ended', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(1)
    await bench.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 120'] })
    await bench.fault({ device: 'leaf1', kind: 'slow', before: 2, command: ' abort$' })
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
    await lab.exits(12, 'run workflow.yaml --detach')
    expect(await json(lab.ok('stop @latest --json'))).toMatchObject({
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
    const bench = await openLeaves(1, LONG)
    const change = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
    await bench.exits(12, ...change, '--detach')
    await bench.ok('approve @latest')
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

  test('of one that has ended: says so, and writes nothing', { tags: ['long', 'turn'] }, async () => {
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
    const bench = await openLeaves(1)
    const change = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
    await bench.exits(12, ...change, '--detach')
    await warns(
      130,
      bench.eosflowWith({ stop: AbortSignal.abort() }, 'stop @latest'),
      /no longer waiting; the request to stop remains on record\nNext: eosflow watch /,
    )
    await bench.ok('approve @latest')
    await prints(0, bench.eosflow('resume @latest'), 'succeeded · 1 switch: 1 confirmed')
  })
})

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

describe('suspend', { tags: ['long', 'turn'] }, () => {
  test('an execution that another process runs: the armed switch is confirmed first, the other is not begun; resume goes on', async () => {
    const bench = await openLeaves(2, ONE_BY_ONE)
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
    expect(runningConfig(bench.device('leaf2'))).not.toContain('vlan 120')

    await prints(0, bench.eosflow('resume @latest'), 'succeeded · 2 switches: 2 confirmed')
    expect(typesOf(await historyOf(bench))).not.toContain('UndoStarted')
  })

  test('one that asks a person at a terminal: nothing is decided, and executions, show and watch say that it rests because of it', async () => {
    const bench = await openLeaves(1)
    const { running } = await askedForEver(bench)

    const suspend = await bench.eosflow('suspend @latest --reason', 'shift ends')

    expect(await running).toBe(12)
    expect(suspend.code).toBe(0)
    expect(suspend.out).toMatch(
      /suspended by local:\S+ at 20\S+Z: shift ends\n\nExecution \S+: suspended: rests until it is resumed · 1 switch: 1 untouched\nNext: eosflow resume /,
    )
    await warns(0, bench.eosflow('suspend @latest'), /rests already: no process runs it/)
    await prints(0, bench.eosflow('executions'), /add-vlan {2}suspended\n/)
    await prints(0, bench.eosflow('executions --state suspended'), '1 execution\n')
    expect(await json(bench.eosflow('show @latest --json'))).toMatchObject({
      status: 'running',
      outcome: null,
      suspended: { reason: 'shift ends' },
      exitCode: 12,
    })
    await prints(12, bench.eosflow('watch @latest'), 'suspended: rests until it is resumed')
    await prints(0, bench.eosflow('audit list --code EF108'), 'is to rest at its next safe point: shift ends')
    expect(typesOf(await historyOf(bench))).not.toContain('ApprovalInvalidated')

    await bench.exits(12, 'resume @latest --detach')
    expect((await bench.ok('executions')).out).not.toContain('suspended')
    await bench.ok('approve @latest')
    await bench.ok('resume @latest')
    expect(runningConfig(bench.device('leaf1'))).toContain('vlan 120')
  })

  test('and a stop behind it: the process that was to rest puts back, reads the network, and ends', async () => {
    const bench = await openLeaves(1, LONG)
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    const suspending = bench.eosflow('suspend @latest')
    await running.said(/resting/)

    await bench.ok('stop @latest')
    await exits(11, running.ended)
    await prints(11, suspending, 'cancelled · 1 switch: 1 put back')
    const owners = (await historyOf(bench)).filter(({ type }) => type === 'ExecutionResumed')
    expect(owners).toEqual([])
  })

  test('one whose store is lost: it does not say that nobody runs it', async () => {
    const bench = await openLeaves(1, LONG)
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    const suspend = bench.start('suspend @latest')
    await running.said(/resting/)
    rmSync(join(bench.dir, '.eosflow'), { recursive: true, force: true })

    await exits(1, suspend.ended)
    expect((await suspend.ended).err).toMatch(
      /the store is no longer the one that was opened: whether \S+ rests is not known/,
    )
    running.kill('SIGTERM')
    expect((await running.ended).code).not.toBe(0)
    expect(runningConfig(bench.device('leaf1'))).not.toContain('vlan 120')
  })

  test('by somebody whom the policy refuses it: exit 4, on record, and nothing is asked of the process that runs it', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
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

  test('one that only waits for its approval is suspended on record, once: its key leaves it so, and resume goes on', async () => {
    const lab = openLab()
    const change = ['run', 'workflow.yaml', '--key', 'CHG-1', '--detach']
    await lab.exits(12, ...change)
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

  test('one that has ended is shown; one that waits for an approval rests already', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await prints(0, lab.eosflow('suspend @latest'), 'suspended: rests until it is resumed')
    await lab.ok('stop @latest')
    await warns(0, lab.eosflow('suspend @latest'), 'has ended already: nothing to suspend')
  })
})
