import { expect } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { Fabric } from '../../src/eos/sim/fabric/fabric.ts'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { type Ended, isSaved, type Lab, type LabFabric, type LabOptions, openLab, whereIs } from '../lab/lab.ts'

/** The spines and the leaves of {@link sixtySwitches}: leaf1 and leaf2 are MLAG peers, leaf3 and leaf4, and so on. */
export const SPINES = names('spine', 4)
export const LEAVES = names('leaf', 56)

function names(role: string, count: number) {
  return Array.from({ length: count }, (_, n) => `${role}${n + 1}`)
}

const numberOf = (name: string) => Number(/\d+$/.exec(name)?.[0])

/** The MLAG peer of a leaf. */
export const peerOf = (leaf: string) => `leaf${numberOf(leaf) + (numberOf(leaf) % 2 === 0 ? -1 : 1)}`

const spine = (name: string) => `hostname ${name}
!
${LEAVES.map((leaf) => `interface Ethernet${numberOf(leaf)}/1\n   no switchport\n!\n`).join('')}interface Management1
   ip address 192.0.2.${numberOf(name)}/24
!
management api http-commands
   no shutdown
!
end
`

/** Both of every pair have the same addresses as those of any other pair, as many networks have it. */
const leaf = (name: string) => `hostname ${name}
!
no spanning-tree vlan-id 4094
!
vlan 110
   name PROD-WEB
!
vlan 4094
   trunk group MLAG
!
interface Port-Channel1000
   switchport mode trunk
   switchport trunk group MLAG
!
interface Ethernet1
   switchport access vlan 110
!
${SPINES.map((_, n) => `interface Ethernet${49 + n}/1\n   no switchport\n!\n`).join('')}interface Ethernet55/1
   channel-group 1000 mode active
!
interface Management1
   ip address 192.0.2.${100 + numberOf(name)}/24
!
interface Vlan4094
   ip address 10.255.252.${(numberOf(name) + 1) % 2}/31
!
mlag configuration
   domain-id LEAVES
   local-interface Vlan4094
   peer-address 10.255.252.${numberOf(name) % 2}
   peer-link Port-Channel1000
!
management api http-commands
   no shutdown
!
end
`

const hex = (n: number) => n.toString(16).padStart(2, '0')

function deviceOf(name: string, index: number) {
  return {
    name,
    eos: index % 2 === 0 ? '4.31.4M' : '4.32.2F',
    model: 'DCS-7280SR3-48YC8',
    serial: `JPE4${String(index).padStart(7, '0')}`,
    mac: `00:1c:73:60:00:${hex(index + 1)}`,
    config: name.startsWith('spine') ? spine(name) : leaf(name),
    managementOutside: true,
  }
}

/** Four spines and 28 pairs of leaves, each leaf cabled to every spine, to its peer and to a host. */
export const sixtySwitches = (): Fabric => SIXTY

const end = (device: string, port: string) => ({ device, port })

/** One value, so that labs of it know what others have computed. */
const SIXTY: Fabric = {
  name: 'sixty',
  credentials: { username: 'admin', password: 'admin' },
  devices: [...SPINES, ...LEAVES].map(deviceOf),
  cabling: [
    ...LEAVES.flatMap((one) =>
      SPINES.map((other, n) => ({
        a: end(one, `Ethernet${49 + n}/1`),
        b: end(other, `Ethernet${numberOf(one)}/1`),
      })),
    ),
    ...LEAVES.map((one) => ({ a: end(one, 'Ethernet1'), b: end(`host-of-${one}`, 'eth0') })),
    ...LEAVES.filter((one) => numberOf(one) % 2 === 1).map((one) => ({
      a: end(one, 'Ethernet55/1'),
      b: end(peerOf(one), 'Ethernet55/1'),
    })),
  ],
  faults: [],
}

/** An inventory of the switches of a lab, tagged by role and by nothing else unless more is said. */
export function inventoryOf(
  { devices }: LabFabric,
  tags: (name: string) => Readonly<Record<string, string>> = () => ({}),
) {
  const entries = devices.map(({ name, http: { host, port } }) => [
    name,
    { host, port, tags: { role: name.replace(/\d+$/, ''), ...tags(name) } },
  ])
  return JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
    devices: Object.fromEntries(entries),
  })
}

/** Switches without a cable, `access1` and on. */
export function standalone(count: number): Fabric {
  return {
    name: 'standalone',
    credentials: { username: 'admin', password: 'admin' },
    devices: Array.from({ length: count }, (_, n) => ({
      name: `access${n + 1}`,
      eos: '4.32.2F',
      model: 'DCS-7050SX3-48YC8',
      serial: `JPE${String(n).padStart(8, '0')}`,
      mac: `00:1c:73:70:${hexStandalone(n >> 8)}:${hexStandalone(n & 255)}`,
      config: `hostname access${n + 1}\n!\nvlan 110\n   name PROD-WEB\n!\nmanagement api http-commands\n   no shutdown\n!\nend\n`,
      managementOutside: true,
    })),
    cabling: [],
    faults: [],
  }
}

const hexStandalone = (n: number) => n.toString(16).padStart(2, '0')

/** Commits under a timer, and confirms. */
export const TIMED = /^configure session \S+ commit timer /
export const CONFIRM = /^configure session \S+ commit$/
/** Every switch, in the order of the inventory. */
export const ALL: readonly string[] = [...SPINES, ...LEAVES]

/** One VLAN on all sixty switches, twelve at a time. */
const workflow = (rollout: string, targets = 'role:leaf or role:spine') => `name: sixty
targets: ${targets}
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { ${rollout}, concurrency: 20 }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 20m }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: [reachable, interfaces-up, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** A lab of sixty switches. */
export interface Fleet {
  readonly lab: Lab
  /** What every switch ran before. */
  readonly before: ReadonlyMap<string, string>
  plan(): Promise<Plan>
}

/** `stops` gives the interrupt of each command line. */
export function startFleet(
  rollout: string,
  { stops, ...options }: Omit<LabOptions, 'stop'> & { readonly stops?: () => AbortSignal } = {},
): Fleet {
  const lab = openLab({
    switches: { fabric: sixtySwitches() },
    workflow: workflow(rollout),
    ...options,
    get stop() {
      return stops?.() ?? new AbortController().signal
    },
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  const before = new Map(lab.fabric.devices.map((one) => [one.name, renderConfig(one.switch.running)]))
  return {
    lab,
    before,
    plan: async () => {
      const { code, out, err } = await lab.eosflow('plan workflow.yaml --json')
      if (code !== 0) throw new Error(out + err)
      return (JSON.parse(out) as { plan: Plan }).plan
    },
  }
}

/** The switches whose running-config holds the change. Requires that every other runs what it ran before, and that all are saved. */
export function changedIn({ lab, before }: Fleet) {
  return lab.fabric.devices.flatMap((one) => {
    expect(isSaved(one), one.name).toBe(true)
    if (whereIs(one) === 'AFTER') return [one.name]
    expect(renderConfig(one.switch.running), one.name).toBe(before.get(one.name))
    return []
  })
}

/** Sets a fault when a switch is about to be asked something for the first time. */
export function strikes(device: string, at: RegExp, fault: DeviceFault): Pick<LabOptions, 'before'> {
  let isStruck = false
  return {
    before: (lab, name, commands) => {
      if (isStruck || name !== device || !commands.some((command) => at.test(command))) return
      isStruck = true
      lab.fault(fault)
    },
  }
}

/** The switches of a row of the recap. */
export const rowsOf = ({ out }: Ended, end: string) =>
  out.split('\n').flatMap((line) => new RegExp(`^(\\S+)\\s+\\S ${end}\\b`).exec(line)?.[1] ?? [])

/** Names, but for some. */
export const without = (names: readonly string[], others: readonly string[]) =>
  names.filter((name) => !others.includes(name))

/** The first three of the waves, twelve each: no tag says who is a pair. */
export const FIRST = [...SPINES, ...leaves(1, 3, 5, 7, 9, 11, 13, 15)]
export const SECOND = leaves(2, 4, 6, 8, 10, 12, 14, 16, 17, 19, 21, 23)
export const THIRD = leaves(18, 20, 22, 24, 25, 27, 29, 31, 33, 35, 37, 39)

function leaves(...numbers: readonly number[]) {
  return numbers.map((n) => `leaf${n}`)
}

/** Orders switches as the inventory does. */
export function byPlace(a: string, b: string) {
  return ALL.indexOf(a) - ALL.indexOf(b)
}
