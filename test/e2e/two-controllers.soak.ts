import { describe, expect, test } from 'vitest'
import { noSeams } from '../../src/app/seams.ts'
import { start } from '../cli/running.ts'
import { type Ended, exits, openLab, runningConfig, type SocketLab, workflowFor } from '../lab/lab.ts'
import { soon } from '../lab/loopback.ts'
import type { RunningProcess } from '../lab/process.ts'
import { typed } from '../lab/typed.ts'
import { SkewedClock } from './crash.ts'
import { ADD_VLAN, leaves, PROJECT_FILES } from './two-leaves.ts'

const CHANGE = 'workflows/add-vlan.yaml'
/** Half a minute of verification, so that there is time to stand still in. */
const LONG_FILES = {
  ...PROJECT_FILES.files,
  [CHANGE]: ADD_VLAN.replace('within: 2s', 'within: 40s').replace('stableFor: 0s', 'stableFor: 30s'),
}

const idIn = ({ out }: Ended): string => /Execution (\S+):/.exec(out)?.[1] ?? ''

/** An execution that waits for nothing but to be resumed: planned and approved. */
async function approved(bench: Pick<SocketLab, 'eosflow'>, ...argv: readonly string[]): Promise<string> {
  const waiting = await bench.eosflow('run', ...argv, '--detach')
  const id = idIn(waiting)
  if (waiting.code !== 12 || (await bench.eosflow('approve', id)).code !== 0) throw new Error(waiting.err)
  return id
}

/** Runs a command in this process, whose clock goes ahead of the machine's. */
function ahead(dir: string, clock: SkewedClock, ...argv: readonly string[]): Promise<Ended> {
  return typed(dir, argv, { seams: { ...noSeams, clock } })
}

/** Freezes a process when its change is staged and nothing is committed yet; and a clock for others, which can be put forward. */
async function frozenBeforeItsCommit(
  bench: SocketLab,
  id: string,
): Promise<{ process: RunningProcess; clock: SkewedClock }> {
  const device = bench.fabric.device('leaf1')
  await bench.fabric.fault({ device: 'leaf1', kind: 'slow', after: 3, command: 'checkpoint save' })
  const process = start(bench, 'resume', id)
  await soon(() => device.switch.sessions.all().some(({ state }) => state === 'pending'))
  process.kill('SIGSTOP')
  await bench.fabric.clearFaults()
  return { process, clock: new SkewedClock() }
}

describe('two executions of one switch, approved at the same time', () => {
  test('one holds the lease from its first write on: the other is refused, exit 9, and commits nothing', async () => {
    let second: Promise<Ended> | undefined
    let other = ''
    const lab = openLab({
      before: async (one, _device, commands) => {
        if (!commands.some((command) => command.includes(' commit timer ')) || second !== undefined) return
        second = one.eosflow('resume', other)
        await second
      },
    })
    const first = await approved(lab, 'workflow.yaml')
    lab.write('other.yaml', workflowFor('leaf1', { lines: ['vlan 996'] }))
    other = await approved(lab, 'other.yaml')

    const done = await lab.eosflow('resume', first)

    expect(done.code).toBe(0)
    const refused = await second
    expect(refused?.out).toContain(`execution ${first} changes leaf1 at this moment, until `)
    expect(refused?.out).toMatch(/leaf1 +○ untouched .*BEFORE: never committed/)
    expect(refused?.code).toBe(9)
    const device = lab.fabric.device('leaf1')
    expect(device.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
    const sessions = device.requests().flatMap(({ commands }) => commands)
    expect(sessions.filter((command) => command.includes(`eosflow-${other.slice(-8)}-2`))).toEqual([])
  })

  test('one is still until its lease is over and the other is done: thawed, it commits nothing, exit 9', async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    const device = bench.fabric.device('leaf1')
    const frozen = await approved(bench, CHANGE, '-p', 'vlan=120')
    const other = await approved(bench, CHANGE, '-p', 'vlan=130')
    const { process, clock } = await frozenBeforeItsCommit(bench, frozen)
    clock.jump(10 * 60_000)

    await exits(0, ahead(bench.dir, clock, 'resume', other))
    process.kill('SIGCONT')

    const thawed = await process.ended
    expect(thawed.out).toContain(
      `leaf1 was taken over by execution ${other} while ${frozen} was held up: nothing was sent`,
    )
    expect(thawed.out).toMatch(/leaf1 +○ untouched .*BEFORE: never committed/)
    expect(thawed.code).toBe(9)
    expect(device.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
    expect(runningConfig(device)).toContain('vlan 130\n')
    expect(runningConfig(device)).not.toContain('vlan 120\n')
  })

  test('one is still for a moment: the other is refused with exit 9, and the first goes on as if nothing had been', async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    const frozen = await approved(bench, CHANGE, '-p', 'vlan=120')
    const other = await approved(bench, CHANGE, '-p', 'vlan=130')
    const { process, clock } = await frozenBeforeItsCommit(bench, frozen)

    const early = await ahead(bench.dir, clock, 'resume', other)
    clock.jump(10 * 60_000)
    const late = await ahead(bench.dir, clock, 'redrive', other)
    process.kill('SIGCONT')

    expect(early.out).toContain(`execution ${frozen} changes leaf1 at this moment`)
    expect(early.code).toBe(9)
    expect(late.err).toContain(`execution ${frozen} is not settled and holds leaf1`)
    expect(late.code).toBe(9)
    await exits(0, process.ended)
    expect(bench.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
  })
})

describe('a controller that is still while its change is under the commit timer', () => {
  test('keeps others out, the switch puts itself back, and once thawed it says so: exit 6', async () => {
    const switchClock = new SkewedClock()
    const bench = await openLab({
      world: 'sockets',
      switches: { ...leaves(1), clock: switchClock },
      ...PROJECT_FILES,
      files: LONG_FILES,
    })
    const device = bench.fabric.device('leaf1')
    const before = runningConfig(device)
    const id = await approved(bench, CHANGE, '-p', 'vlan=120')
    const process = start(bench, 'resume', id)
    await process.said(/leaf1: committed under its timer/)
    process.kill('SIGSTOP')
    const writes = (): number => device.requests().filter(({ kind }) => kind === 'write').length
    const sent = writes()

    const again = await bench.eosflow('resume', id)
    expect(again.err).toBe(
      `✖ busy: execution ${id} is run by another process\n    eosflow watch ${id}, or end it with eosflow stop ${id}\n`,
    )
    expect(again.code).toBe(9)
    await exits(9, bench.eosflow('run', CHANGE, '-p', 'vlan=130'))
    const stranger = await bench.eosflow('run', CHANGE, '-p', 'vlan=130', '--store', 'other/store.db')
    expect(stranger.out).toMatch(/leaf1: session eosflow-\S+ is under a commit timer, \d+ s left/)
    expect(stranger.code).toBe(9)
    expect(writes()).toBe(sent)
    switchClock.jump(3 * 60_000)
    device.switch.settle()
    expect(runningConfig(device)).toBe(before)
    process.kill('SIGCONT')

    const thawed = await process.ended
    expect(thawed.out).toMatch(
      /leaf1 +↺ put back .*BEFORE: configuration read back, network (?:as before|not looked at)/,
    )
    expect(thawed.code).toBe(6)
    expect(device.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
  })
})
