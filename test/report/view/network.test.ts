import { expect, test } from 'vitest'
import type { DeviceFault } from '../../../src/eos/sim/fault/fault.ts'
import { executionViewOf } from '../../../src/report/view/view-of.ts'
import { exits } from '../../lab/exits.ts'
import { recordingLab } from './recorded.ts'

/** A change of one switch that never becomes good. */
const workflow = (state: string) => `name: add-a-vlan
targets: leaf1
change: { lines: ['vlan 998', '   name TESTED'] }
rollback: { within: 10s }
steps:
  - snapshot: { state: [${state}], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 2s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }
  - confirm
`

const PEER_DOWN: DeviceFault = { device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' }

/** What a page says below its headline when the change is over. */
async function saidBelow(state: string, fault?: DeviceFault) {
  let isOver = false
  const { lab, events } = recordingLab({
    workflow: workflow(state),
    before: async (one, device, commands) => {
      if (isOver || device !== 'leaf1' || !commands.some((command) => command.includes('commit timer'))) return
      isOver = true
      if (fault !== undefined) one.fault(fault)
    },
  })
  await exits(6, lab.change())
  const last = events.at(-1)
  const now = Date.parse(last?.at ?? '')
  return executionViewOf(last?.execution ?? '', events, { now, isRunning: false }).unattended
}

const BACK = 'leaf1 was read back and equals its configuration before the change.'

test('a page says that nobody has to act where the network is as before, and only there', {
  tags: ['long', 'turn'],
}, async () => {
  expect(await saidBelow('bgp')).toBe(`${BACK} Nobody has to act.`)
  expect(await saidBelow('bgp', PEER_DOWN)).toBe(
    `${BACK} But around leaf1: 2 things still differ: BGP 10.0.1.0 in default: Established -> Active. A person has to look.`,
  )
  expect(await saidBelow('')).toBe(`${BACK} Nobody has looked at the network of leaf1.`)
})
