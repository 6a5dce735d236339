// @module-tag long
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'

/** A change that never becomes good. */
const workflow = (state: string, extra = '') => `name: add-a-vlan
targets: leaf1
change: { lines: ['vlan 998', '   name TESTED'] }
${extra}
steps:
  - snapshot: { state: [${state}], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 2s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }
  - confirm
`

const PEER_DOWN: DeviceFault = { device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' }

/** A lab in which something befalls leaf1 right before its timed commit. */
function labWith(fault: DeviceFault | undefined, text: string, options: LabOptions = {}): Lab {
  let isOver = false
  return openLab({
    ...options,
    workflow: text,
    before: async (lab, device, commands) => {
      await options.before?.(lab, device, commands)
      if (isOver || device !== 'leaf1' || !commands.some((command) => command.includes('commit timer'))) return
      isOver = true
      if (fault !== undefined) lab.fault(fault)
    },
  })
}

/** Whether leaf1 was put back, by what was asked of it so far. */
function behindPutBack(): (device: string, commands: readonly string[]) => boolean {
  let reached: 'nothing' | 'committed' | 'aborted' = 'nothing'
  return (device, commands) => {
    if (device !== 'leaf1') return false
    const wasAborted = reached === 'aborted'
    if (commands.some((command) => command.includes('commit timer'))) reached = 'committed'
    if (reached === 'committed' && commands.some((command) => command.endsWith(' abort'))) reached = 'aborted'
    return wasAborted
  }
}

interface Shown {
  readonly outcome: string
  readonly devices: readonly { readonly network?: string; readonly differences?: readonly string[] }[]
}

async function shown(lab: Lab): Promise<Shown> {
  return JSON.parse((await lab.eosflow('show @latest --json')).out)
}

async function records(lab: Lab): Promise<readonly JournalEvent[]> {
  return await lab.record()
}

const typesFrom = (events: readonly JournalEvent[], first: string) =>
  events.slice(events.findIndex(({ type }) => type === first)).map(({ type }) => type)

describe('behind a put-back the network is read', () => {
  test('and is as before', async () => {
    const lab = labWith(undefined, workflow('bgp, vlan, interfaces'))
    const { code, out } = await lab.change()
    expect([code, out]).toEqual([
      6,
      expect.stringMatching(/leaf1 +↺ put back .*BEFORE: configuration read back, network as before\n/),
    ])
    expect((await shown(lab)).devices[0]).toMatchObject({ end: 'reverted', network: 'same', differences: [] })
    // The lab itself holds the word against its network.
    expect(lab.fabric.networks.told).toEqual([{ device: 'leaf1', word: 'same', isSame: true }])
    expect(typesFrom(await records(lab), 'UndoFinished')).toEqual([
      'UndoFinished',
      'NetworkAwaited',
      'NetworkRead',
      'ExecutionEnded',
    ])
  })

  test('and comes back within the time that it has: a peer that is down for a minute is no difference', async () => {
    const lab = labWith({ ...PEER_DOWN, for: 60 }, workflow('bgp'))
    expect((await lab.change()).out).toContain('network as before')
    const [read] = (await records(lab)).filter(({ type }) => type === 'NetworkRead')
    expect(read).toMatchObject({ network: 'same', areas: ['bgp'] })
    expect(read?.type === 'NetworkRead' && read.after).toBeGreaterThan(40)
  })

  test('and differs: a peer that stays down is named with what a person types', {
    tags: 'turn',
  }, async () => {
    const lab = labWith(PEER_DOWN, workflow('bgp', 'rollback: { within: 30s }'))
    const begun = lab.clock.monotonic()
    const { code, out } = await lab.change()
    expect(lab.clock.monotonic() - begun).toBeLessThan(45_000)
    expect([code, out]).toEqual([6, expect.stringContaining('BEFORE: configuration read back, 2 things still differ')])
    expect(out).toMatch(/! leaf1: 2 things still differ: BGP 10\.0\.1\.0 in default: Established -> (Idle|Active)/)
    expect(out).not.toContain('network as before')
    const { outcome, devices } = await shown(lab)
    expect([outcome, devices[0]]).toMatchObject([
      'rolled-back',
      {
        end: 'reverted',
        network: 'differs',
        differences: [
          'BGP 10.0.1.0 in default: Established -> Active',
          'BGP 10.0.1.0 in default, ipv4Unicast: negotiated -> configured',
        ],
      },
    ])
  })

  test('and is unknown of a switch that is silent by then', async () => {
    const isBack = behindPutBack()
    const lab = labWith(undefined, workflow('vlan', 'rollback: { within: 20s }'), {
      before: (one, device, commands) => {
        if (isBack(device, commands) && commands.includes('show vlan'))
          one.fault({ device: 'leaf1', kind: 'unreachable' })
      },
    })
    const { code, out } = await lab.change()
    lab.clearFaults()
    expect([code, out]).toEqual([6, expect.stringContaining('BEFORE: configuration read back, network unknown')])
    expect((await shown(lab)).devices[0]).toMatchObject({ network: 'unknown' })
  })

  test.each([
    ['the snapshot reads no area', workflow('')],
    ['the snapshot reads only counters', workflow('errors')],
    ['the workflow wants none', workflow('bgp', 'rollback: { areas: [] }')],
  ])('not where %s: nothing is asked, and it says so', { tags: 'turn' }, async (_, text) => {
    const lab = labWith(PEER_DOWN, text)
    const { out } = await lab.change()
    expect(out).toContain('BEFORE: configuration read back, network not looked at')
    expect((await shown(lab)).devices[0]).toMatchObject({ network: 'not-looked-at', differences: [] })
    expect(typesFrom(await records(lab), 'UndoFinished')).toEqual(['UndoFinished', 'ExecutionEnded'])
    const [last] = lab.device('leaf1').requests().slice(-1)
    expect(JSON.stringify(last)).not.toContain('show bgp')
  })
})

test('an area that the snapshot does not read cannot be compared, and is refused', async () => {
  const lab = openLab({ workflow: workflow('bgp', 'rollback: { areas: [bgp, mlag] }') })
  const { code, err } = await lab.eosflow('validate workflow.yaml')
  expect([code, err]).toEqual([
    3,
    expect.stringContaining(
      'workflow.yaml:4:26: the snapshot does not read `mlag`, so nobody knows what it was before',
    ),
  ])
})

test('while the network is read the switch is free for another change', { tags: 'turn' }, async () => {
  const isBack = behindPutBack()
  let other: Promise<{ readonly code: number | undefined; readonly at: number }> | undefined
  const lab = labWith(PEER_DOWN, workflow('bgp'), {
    files: { 'other.yaml': workflow('').replace('vlan 998', 'vlan 997') },
    before: (one, device, commands) => {
      if (isBack(device, commands) && commands.includes('show bgp summary vrf all'))
        other ??= one.agreed('run other.yaml').then(({ code }) => ({ code, at: one.clock.now() }))
    },
  })
  const { out } = await lab.change()
  const ended = lab.clock.now()
  expect(out).toContain('things still differ')
  const { code, at } = (await other) ?? { code: undefined, at: ended }
  expect([code, at < ended]).toEqual([0, true])
})

/** Two switches in waves of one, of which one may fail: its peer goes down with the commit. */
const tolerant = (extra: string) =>
  workflow('bgp', `${extra}\nrollout: { waves: [1], keepApart: none, atomic: change, maxFailures: 1 }`)
    .replace('targets: leaf1', 'targets: leaf1 or leaf3')
    .replace('{ vlans-present: { vlans: [997] } }', 'bgp-established')

test('a limit of the machine that is over while the network is read takes nothing back: what was confirmed stays', {
  tags: 'turn',
}, async () => {
  const lab = labWith(PEER_DOWN, tolerant('timeout: 2m'))
  const { code, out } = await lab.change()
  expect([code, out]).toEqual([8, expect.stringMatching(/leaf3 +✔ confirmed/)])
  expect(out).toMatch(/leaf1 +↺ put back .*, 2 things still differ\n/)
})

test('an answer that never comes ends the reading with its time', async () => {
  const isBack = behindPutBack()
  const lab = labWith(undefined, workflow('bgp', 'rollback: { within: 20s }'), {
    before: async (one, device, commands) => {
      if (isBack(device, commands) && commands.includes('show bgp summary vrf all')) await one.clock.sleep(3_600_000)
    },
  })
  const begun = lab.clock.monotonic()
  const { code, out } = await lab.change()
  expect(lab.clock.monotonic() - begun).toBeLessThan(60_000)
  expect([code, out]).toEqual([6, expect.stringContaining('leaf1: network unknown: it has not answered within 20 s')])
})

test('a peer that goes down a second later was not as before', { tags: 'turn' }, async () => {
  const isBack = behindPutBack()
  let isSet = false
  const lab = labWith(undefined, workflow('bgp', 'rollback: { within: 20s }'), {
    before: (one, device, commands) => {
      if (isSet || !isBack(device, commands)) return
      isSet = true
      one.fault({ ...PEER_DOWN, after: 1 })
    },
  })
  expect((await lab.change()).out).toContain('2 things still differ')
})
