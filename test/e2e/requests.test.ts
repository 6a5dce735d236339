import { describe, expect, test } from 'vitest'
import type { RunningDevice } from '../../src/lab/trial/start-fabric.ts'
import { CONFIRMED_ONCE, DC1, exits, isSaved, openLab, whereIs, workflowFor } from '../lab/lab.ts'

const LOOK = 'show version | show configuration sessions detail'
const DIFFS = 'show running-config diffs'
const READ = `show running-config | ${DIFFS}`
const CANDIDATE = (session: string) =>
  `show running-config | show session-config named ${session} | show session-config named ${session} diffs`
const LINES = 'vlan 998 |    name TESTED |    exit'

/**
 * The ten requests of a safe change: the first on this running-config loads it into a throw-away session, which proves that the
 * switch can put it back. None can be had in another's place: eAPI answers one request in one format, so
 * what is judged as JSON and what is read as text are two, and between two that follow each other in the same format
 * lies a decision. The look of the push asks again what the checks will ask. What startup-config holds is asked behind everything that decides: a switch may refuse to say it.
 */
const TEN = [
  `${LOOK} | show vlan`,
  `configure session ID-1 | ${LINES} | end | ${CANDIDATE('ID-1')} | configure session ID-1 abort | ${DIFFS} | show configuration checkpoints`,
  `${LOOK} | show vlan`,
  `configure session ID-2 | ${LINES} | end | ${CANDIDATE('ID-2')} | configure checkpoint save ID | show configuration checkpoints | ${DIFFS} | show startup-config | send log level informational message eosflow execution ID for WHO`,
  'configure session ID-3 | rollback clean-config | copy checkpoint:ID session-config | end | show session-config named ID-3 diffs | configure session ID-3 abort',
  'show running-config | configure session ID-2 commit timer 00:05:00',
  `${LOOK} | show vlan`,
  READ,
  'show version | configure session ID-2 commit | show configuration sessions detail',
  `copy running-config startup-config | ${READ}`,
]

describe.each([
  ['4.31', 'leaf1'],
  ['4.32', 'leaf3'],
])('a full safe change on EOS %s', (_eos, name) => {
  test('[F13] costs ten requests over two connections', { tags: 'long' }, async () => {
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: DC1 },
      files: { 'workflow.yaml': workflowFor(name) },
    })
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    const device = bench.device(name)
    expect(requestsOf(device)).toEqual(TEN)
    expect(device.counters()).toMatchObject({ requests: 10, connections: 2 })
    expect(device.counters().commits).toEqual(CONFIRMED_ONCE)
    expect(whereIs(device)).toBe('AFTER')
    expect(isSaved(device)).toBe(true)
    const others = bench.fabric.devices.filter((other) => other.name !== name)
    expect(others.map((other) => other.counters().requests)).toEqual([0, 0, 0, 0, 0])
  })

  test('costs one more for each further verify round', { tags: ['long', 'turn'] }, async () => {
    const verify = '{ within: 20s, stableFor: 2s, every: 1s, checks: [{ vlans-present: { vlans: [998] } }] }'
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: DC1 },
      files: { 'workflow.yaml': workflowFor(name, { verify }) },
    })
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    const device = bench.device(name)
    const rounds = requestsOf(device).filter((commands) => commands === `${LOOK} | show vlan`).length - 2
    expect(rounds).toBeGreaterThanOrEqual(3)
    // The snapshot's and the push's, which ask the same; that of the first round; that of the last, which proves the login anew.
    expect(device.counters()).toMatchObject({ requests: 9 + rounds, connections: 3 })
  })
})

/** The commands of each request behind `enable`, the execution's own names written as ID. */
function requestsOf(device: RunningDevice) {
  return device.requests().map(({ commands: [first, ...commands] }) => {
    expect(first).toBe('enable')
    return commands
      .join(' | ')
      .replaceAll(/eosflow-[0-9a-f]{8}/g, 'ID')
      .replace(/execution \d{8}-\d{6}-[0-9a-f]{8} for local:\d+:\S+@\S+$/, 'execution ID for WHO')
  })
}
