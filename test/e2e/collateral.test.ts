import { expect, test } from 'vitest'
import { STATE_AREAS } from '../../src/change/workflow/schema/state-areas.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'

/** What moves on a switch while nothing happens: how one value of an answer reads after a while. */
interface Harmless {
  readonly name: string
  /** The value under a key as it reads later; the same value where the key is none of these. */
  readonly later: (key: string, value: unknown) => unknown
}

const numbers =
  (keys: readonly string[], move: (value: number) => number): Harmless['later'] =>
  (key, value) =>
    typeof value === 'number' && keys.includes(key) ? move(value) : value

const by = (amount: number) => (value: number) => value + amount

/** An object with its members the other way round. */
function reversed(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).reverse())
}

const reversedList =
  (list: string): Harmless['later'] =>
  (key, value) =>
    key === list && Array.isArray(value) && value.length > 1 ? value.toReversed() : value

const inText =
  (pattern: RegExp, instead: string): Harmless['later'] =>
  (key, value) =>
    key === 'output' && typeof value === 'string' ? value.replaceAll(pattern, instead) : value

/** What never is a difference. */
const HARMLESS: readonly Harmless[] = [
  { name: 'uptime', later: numbers(['uptime'], by(1.5)) },
  { name: 'free memory', later: numbers(['memFree'], by(-812_345)) },
  { name: 'octets', later: numbers(['inOctets', 'outOctets'], by(9_876_543_210)) },
  { name: 'packets', later: numbers(['inUcastPkts', 'outUcastPkts', 'inTotalPkts'], by(1_234_567)) },
  { name: 'broadcast and multicast', later: numbers(['inBroadcastPkts', 'outMulticastPkts'], by(4711)) },
  { name: 'rates', later: numbers(['inBitsRate', 'outBitsRate', 'inPktsRate', 'outPktsRate'], by(123.4)) },
  { name: 'when counters were read', later: numbers(['counterRefreshTime'], by(30.25)) },
  { name: 'flow control at work', later: numbers(['rxPause', 'txPause'], by(17)) },
  { name: 'BGP messages', later: numbers(['msgReceived', 'msgSent'], by(42)) },
  { name: 'BGP queues', later: numbers(['inMsgQueue', 'outMsgQueue'], by(3)) },
  { name: 'moments told to the microsecond', later: numbers(['upDownTime', 'lastUp'], by(0.125)) },
  { name: 'link times counted back from now', later: numbers(['lastStatusChangeTimestamp'], by(-0.4)) },
  { name: 'the age of ARP entries', later: numbers(['age'], by(1200)) },
  {
    name: 'when MAC tables changed',
    later: numbers(['tablesLastChangeTime', 'tablesInserts', 'tablesAgeOuts'], by(60)),
  },
  { name: 'LLDP time to live', later: numbers(['ttl'], by(-33)) },
  { name: 'temperatures', later: numbers(['currentTemperature', 'maxTemperature', 'ambientTemperature'], by(2.5)) },
  { name: 'fan speeds', later: numbers(['actualSpeed', 'configuredSpeed', 'speed'], by(7)) },
  { name: 'the power that is drawn', later: numbers(['outputPower', 'inputCurrent', 'outputCurrent'], by(1.5)) },
  { name: 'BFD discriminators', later: numbers(['localDisc', 'remoteDisc'], by(1000)) },
  { name: 'maps in another order', later: reversed },
  { name: 'neighbours in another order', later: reversedList('lldpNeighbors') },
  { name: 'next hops in another order', later: reversedList('vias') },
  { name: 'ARP entries in another order', later: reversedList('ipV4Neighbors') },
  {
    name: 'the header of a configuration',
    later: inText(/^! Command: .*$/gm, '! Command: show running-config\n! Last configuration change by somebody'),
  },
  { name: 'a clock drift', later: inText(/^hostname (.*)$/gm, 'hostname $1\nntp clock-period 17179869') },
]

/** Something that goes wrong while a good change is verified, and the line that must say so. */
interface Collateral {
  readonly name: string
  readonly faults: readonly DeviceFault[]
  /** What is told, in one line. */
  readonly told: string
  /** Lines typed by hand that put right again what a fault typed. */
  readonly mended?: DeviceFault
}

const typed = (device: string, ...lines: readonly string[]): DeviceFault => ({ device, kind: 'hand-edit', lines })

/** Collaterals of a change on leaf1, on itself and on those that it is cabled to: spine1, spine2 and leaf2. */
const COLLATERALS: readonly Collateral[] = [
  {
    name: 'a BGP peer down',
    faults: [{ device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' }],
    told: 'expected-change: BGP 10.0.1.0 in default: Established -> ',
  },
  {
    name: 'a BGP peer down on a spine, to another leaf',
    faults: [{ device: 'spine1', kind: 'bgp-peer-down', peer: '10.0.1.3' }],
    told: 'expected-change on spine1: BGP 10.0.1.3 in default: Established -> ',
  },
  {
    name: 'an EVPN peer down on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'bgp-peer-down', peer: '10.0.250.2' }],
    told: 'expected-change on leaf2: BGP 10.0.250.2 in default: Established -> ',
  },
  {
    name: 'a BGP peer down on the other spine, to a leaf of another pair',
    faults: [{ device: 'spine2', kind: 'bgp-peer-down', peer: '10.0.2.5' }],
    told: 'expected-change on spine2: BGP 10.0.2.5 in default: Established -> ',
  },
  {
    name: 'a route missing from one spine',
    faults: [{ device: 'leaf1', kind: 'routes-withdrawn', peer: '10.0.1.0', prefixes: ['10.0.250.13/32'] }],
    told: 'expected-change: route 10.0.250.13/32 in default',
  },
  {
    name: 'a route missing altogether',
    faults: [
      { device: 'spine1', kind: 'routes-withdrawn', peer: '10.0.1.5', prefixes: ['10.0.250.13/32'] },
      { device: 'spine1', kind: 'routes-withdrawn', peer: '10.0.1.7', prefixes: ['10.0.250.13/32'] },
    ],
    told: 'expected-change on spine1: route 10.0.250.13/32 in default removed',
  },
  {
    name: 'a route count halved',
    faults: [
      { device: 'spine2', kind: 'routes-withdrawn', peer: '10.0.2.5' },
      { device: 'spine2', kind: 'routes-withdrawn', peer: '10.0.2.7' },
    ],
    told: 'expected-change on spine2: bgp routes in default: ',
  },
  {
    name: 'a flood list entry lost',
    faults: [{ device: 'leaf1', kind: 'flood-entry-lost', vtep: '10.0.251.13', vlan: 110 }],
    told: 'expected-change: VXLAN VLAN 110 flood list: 10.0.251.13 removed',
  },
  {
    name: 'a VTEP lost from every flood list of the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'flood-entry-lost', vtep: '10.0.251.13' }],
    told: 'expected-change on leaf2: VXLAN VLAN 110 flood list: 10.0.251.13 removed',
  },
  {
    name: 'a VLAN gone on the MLAG peer',
    faults: [typed('leaf2', 'no vlan 112')],
    told: 'expected-change on leaf2: VLAN 112 removed: was ',
    mended: typed('leaf2', 'vlan 112', 'name PROD-DB'),
  },
  {
    name: 'a VLAN gone on the switch itself',
    faults: [typed('leaf1', 'no vlan 112')],
    told: 'expected-change: VLAN 112 removed: was ',
  },
  {
    name: 'a VLAN with another name on the MLAG peer',
    faults: [typed('leaf2', 'vlan 111', 'name STOLEN')],
    told: 'expected-change on leaf2: VLAN 111 name: ',
    mended: typed('leaf2', 'vlan 111', 'name PROD-APP'),
  },
  {
    name: 'a member of a port-channel inactive',
    faults: [{ device: 'leaf1', kind: 'member-inactive', port: 'Ethernet5' }],
    told: 'expected-change: MLAG 5',
  },
  {
    name: 'an MLAG member inactive on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'member-inactive', port: 'Ethernet6' }],
    told: 'expected-change on leaf2: MLAG 6',
  },
  {
    name: 'half of the peer link gone',
    faults: [{ device: 'leaf2', kind: 'member-inactive', port: 'Ethernet55/1' }],
    told: 'expected-change on leaf2: Port-Channel1000',
  },
  {
    name: 'the MLAG pair apart',
    faults: [{ device: 'leaf2', kind: 'mlag-inactive' }],
    told: 'expected-change on leaf2: MLAG: active -> inactive',
  },
  {
    name: 'errors rising',
    faults: [{ device: 'leaf1', kind: 'errors-rising', port: 'Ethernet1', counter: 'fcsErrors', perSecond: 10 }],
    told: 'expected-change: errors on Ethernet1, fcsErrors: ',
  },
  {
    name: 'discards rising on a spine',
    faults: [{ device: 'spine2', kind: 'errors-rising', port: 'Ethernet1/1', counter: 'outDiscards', perSecond: 50 }],
    told: 'expected-change on spine2: errors on Ethernet1/1, outDiscards: ',
  },
  {
    name: 'a neighbour swapped',
    faults: [
      { device: 'leaf1', kind: 'neighbor-swapped', port: 'Ethernet50/1', heard: 'leaf4', heardPort: 'Ethernet49/1' },
    ],
    told: 'expected-change: LLDP Ethernet50/1: spine2.dc1.example.net Ethernet1/1 -> leaf4.dc1.example.net Ethernet49/1',
  },
  {
    name: 'a neighbour swapped on a spine',
    faults: [
      { device: 'spine1', kind: 'neighbor-swapped', port: 'Ethernet4/1', heard: 'leaf3', heardPort: 'Ethernet50/1' },
    ],
    told: 'expected-change on spine1: LLDP Ethernet4/1: leaf4.dc1.example.net Ethernet49/1 -> leaf3.dc1.example.net Ethernet50/1',
  },
  {
    name: 'an interface flapping every 20 s',
    faults: [{ device: 'leaf1', kind: 'link-flap', port: 'Ethernet9', period: 20 }],
    told: 'expected-change: interface Ethernet9',
  },
  {
    name: 'an interface flapping every 20 s on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'link-flap', port: 'Ethernet9', period: 20 }],
    told: 'expected-change on leaf2: interface Ethernet9',
  },
  {
    name: 'a cable pulled between a spine and another pair',
    faults: [{ device: 'spine1', kind: 'link-down', port: 'Ethernet3/1' }],
    told: 'expected-change on spine1: interface Ethernet3/1: connected -> notconnect',
  },
  {
    name: 'a configuration line that nobody approved',
    faults: [typed('leaf1', 'interface Ethernet9', 'description typed by hand')],
    told: 'running-config: +interface Ethernet9 / description typed by hand',
  },
  {
    name: 'a configuration line typed on a spine',
    faults: [typed('spine1', 'interface Ethernet3/1', 'description typed by hand')],
    told: 'running-config on spine1: +interface Ethernet3/1 / description typed by hand',
    mended: typed('spine1', 'interface Ethernet3/1', 'description P2P_leaf3_Ethernet49/1'),
  },
]

/** Adds one VLAN to leaf1; nothing else may differ in any state area, on no neighbour, and in no configuration. */
const workflow = (vlan: number): string => `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan ${vlan}', '   name TESTED'] }
steps:
  - snapshot: { state: [${STATE_AREAS.join(', ')}] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify:
      within: 10s
      stableFor: 10s
      every: 10s
      expect: { vlan: { added: [${vlan}] }, everythingElse: unchanged }
  - confirm
`

/** A lab in which something happens right behind the timed commit of leaf1. */
function startDisturbed(options: Pick<LabOptions, 'hears'> = {}): { lab: Lab; disturb: (act: () => void) => void } {
  let isCommitted = false
  let act: (() => void) | undefined
  const lab = openLab({
    ...options,
    workflow: workflow(900),
    before: (_lab, device, commands) => {
      if (isCommitted) {
        act?.()
        act = undefined
      }
      isCommitted = device === 'leaf1' && commands.some((command) => command.includes('commit timer'))
    },
  })
  return {
    lab,
    disturb: (next) => {
      act = next
    },
  }
}

test('every collateral of a good change is caught, told in one line and rolled back', {
  tags: ['long', 'turn'],
  timeout: 240_000,
}, async () => {
  const { lab, disturb } = startDisturbed()
  const leaf1 = lab.device('leaf1').switch
  const before = renderConfig(leaf1.running)
  const missed: string[] = []
  const looked = everyNthOfLong(8, 'collaterals of a good change', COLLATERALS)
  for (const [index, collateral] of looked.entries()) {
    lab.write('workflow.yaml', workflow(900 + index))
    disturb(() => {
      for (const fault of collateral.faults) lab.fault(fault)
    })
    const { code, out, err } = await lab.change()
    lab.clearFaults()
    if (collateral.mended !== undefined) lab.fault(collateral.mended)
    const isToldOnce = linesTelling(out, collateral).length === 1
    const isBack = renderConfig(leaf1.running) === before
    if (code !== 6 || !isToldOnce || !isBack) missed.push(`${collateral.name}: exit ${code}\n${out}${err}`)
  }
  process.stdout.write(`${looked.length} collaterals of a good change: ${missed.length} missed\n`)
  expect(missed).toEqual([])
  expect(looked).toHaveLength(extentOfLong(4, 25))
})

function linesTelling(out: string, { told }: Collateral): readonly string[] {
  return out.split('\n').filter((line) => line.includes(told))
}

test('nothing that moves by itself is taken for a change', { tags: 'long' }, async () => {
  const moved = new Map(HARMLESS.map(({ name }) => [name, 0]))
  let isLater = false
  const { lab, disturb } = startDisturbed({
    hears: (_lab, answer) => (isLater ? { ...answer, body: later(answer.body, moved) } : answer),
  })
  disturb(() => {
    isLater = true
    lab.fault({ device: 'spine1', kind: 'session-limit', sessions: 1 })
  })
  const { code, out, err } = await lab.change()
  const alarms = out.split('\n').filter((line) => line.includes('not expected'))
  process.stdout.write(`${HARMLESS.length} harmless changes: ${alarms.length} false alarms\n`)
  expect(alarms).toEqual([])
  expect(code, `${out}${err}`).toBe(0)
  expect(HARMLESS).toHaveLength(25)
  expect([...moved].filter(([, times]) => times === 0)).toEqual([])
})

/** An answer as it reads later; counts what has moved. */
function later(body: string, moved: Map<string, number>): string {
  return JSON.stringify(HARMLESS.reduce((answer, harmless) => laterOf('', answer, harmless, moved), JSON.parse(body)))
}

function laterOf(key: string, value: unknown, harmless: Harmless, moved: Map<string, number>): unknown {
  const inside = Array.isArray(value)
    ? value.map((one) => laterOf('', one, harmless, moved))
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, laterOf(name, one, harmless, moved)]))
      : value
  const after = harmless.later(key, inside)
  if (after !== inside) moved.set(harmless.name, (moved.get(harmless.name) ?? 0) + 1)
  return after
}
