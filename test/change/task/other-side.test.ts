import { expect, test } from 'vitest'
import { requireOtherSides } from '../../../src/change/task/act/other-side.ts'
import type { Look, Reply } from '../../../src/eos/device/device.ts'
import type { Json } from '../../../src/model/json.ts'

const MLAG = { state: 'active', negotiation: 'connected', peerLink: 'up' }
const UP = { default: { '10.0.0.1': { state: 'Established' } } }

const carrying = (bits: number): Json => ({ routed: { Ethernet1: { in: bits, out: 0 } }, bridged: {} })

/** What is said of leaf2, which backs leaf1 up, by what both show. */
async function said(
  leaf2: Readonly<Record<string, Json>>,
  leaf1: Readonly<Record<string, Json>> = {},
  armed?: string,
  maintenance: Reply = { ok: false, error: 'Invalid input' },
) {
  const states: Readonly<Record<string, Readonly<Record<string, Json>>>> = { leaf1, leaf2 }
  const look = async (name: string): Promise<Look> =>
    ({
      replies: [name, maintenance],
      sessions: armed === undefined ? {} : { armed: { session: armed, secondsLeft: 9 } },
    }) as unknown as Look
  const terms = {
    execution: '20260105-080000-01234567',
    checks: { readAreas: (_: readonly string[], replies: readonly unknown[]) => states[String(replies[0])] ?? {} },
    clock: { sleep: async () => undefined },
    signal: new AbortController().signal,
    port: { look, heldBy: async () => undefined },
  }
  return requireOtherSides(terms, [{ device: 'leaf1', partners: ['leaf2'], uplinks: 80 }]).then(
    () => 'fit',
    (error: Error) =>
      error.message.replace('the other side is not fit to carry the traffic: leaf2, which backs leaf1 up, ', ''),
  )
}

test.each([
  ['MLAG and BGP are up', { mlag: MLAG, bgp: UP, traffic: carrying(0) }, {}, undefined, 'fit'],
  ['it has neither', { mlag: { state: 'disabled' }, bgp: {}, traffic: carrying(0) }, {}, undefined, 'fit'],
  ['its MLAG cannot be read', { mlag: { unreadable: 'no' } }, {}, undefined, 'does not show its MLAG: no'],
  ['its peers cannot be read', { bgp: { unreadable: 'no' } }, {}, undefined, 'does not show its BGP peers: no'],
  ['what it carries cannot be read', { traffic: { unreadable: 'no' } }, {}, undefined, 'fit'],
  [
    'MLAG is inactive',
    { mlag: { ...MLAG, state: 'inactive' } },
    {},
    undefined,
    'has an MLAG state that is inactive, not active',
  ],
  [
    'the peer link is down',
    { mlag: { ...MLAG, peerLink: 'down' } },
    {},
    undefined,
    'has an MLAG peerLink that is down, not up',
  ],
  [
    'a peer is down',
    { bgp: { PROD: { '10.0.0.9': { state: 'Idle' } } } },
    {},
    undefined,
    'has BGP peers that are down: 10.0.0.9 in PROD is Idle',
  ],
  ['it carries half', { traffic: carrying(4e9) }, { traffic: carrying(4e9) }, undefined, 'fit'],
  ['it carries 79 %', { traffic: carrying(79e8) }, { traffic: carrying(21e8) }, undefined, 'fit'],
  [
    'it carries 80 %',
    { traffic: carrying(80e8) },
    { traffic: carrying(20e8) },
    undefined,
    'carries 80 % of what the uplinks of both carry: less than 80 % may be',
  ],
  [
    'it carries all',
    { traffic: carrying(4e9) },
    { traffic: carrying(0) },
    undefined,
    'carries 100 % of what the uplinks of both carry: less than 80 % may be',
  ],
  [
    'what the switch itself carries cannot be read',
    { traffic: carrying(4e9) },
    { traffic: { unreadable: 'no' } },
    undefined,
    'fit',
  ],
  [
    'its MLAG was disabled, and that of the switch was not',
    { mlag: { state: 'disabled' } },
    { mlag: { ...MLAG, state: 'inactive' } },
    undefined,
    'has its MLAG disabled, and leaf1 has not',
  ],
  [
    'it has no BGP peer, and the switch has',
    { mlag: MLAG, bgp: {} },
    { mlag: MLAG, bgp: UP },
    undefined,
    'has no BGP peer, and leaf1 has',
  ],
  [
    'a timer of another execution runs',
    { mlag: MLAG },
    {},
    'eosflow-89abcdef-1',
    'is under a commit timer (session eosflow-89abcdef-1)',
  ],
  ['a timer of this execution runs', { mlag: MLAG }, {}, 'eosflow-01234567-1', 'fit'],
] as const)('where %s', async (_case, leaf2, leaf1, armed, expected) => {
  expect(await said(leaf2, leaf1, armed)).toBe(expected)
})

const unit = (state: string, adminState: string): Reply => ({
  ok: true,
  json: { units: { System: { state, adminState } } },
})

test.each([
  ['a unit of it is under maintenance', unit('underMaintenance', 'underMaintenance'), 'is under maintenance: System'],
  [
    'a unit of it is on its way there',
    unit('maintenanceModeEnter', 'underMaintenance'),
    'is under maintenance: System',
  ],
  ['a unit of it is on its way back', unit('underMaintenance', 'active'), 'is under maintenance: System'],
  ['its units are active', unit('active', 'active'), 'fit'],
  ['it has no unit', { ok: true, json: { units: {} } }, 'fit'],
  ['it does not know maintenance mode', { ok: false, error: 'Invalid input' }, 'fit'],
] satisfies readonly (readonly [string, Reply, string])[])('where %s', async (_case, reply, expected) => {
  expect(await said({ mlag: MLAG, bgp: UP, traffic: carrying(0) }, {}, undefined, reply)).toBe(expected)
})
