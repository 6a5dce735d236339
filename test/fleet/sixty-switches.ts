import type { Fabric, FabricDevice } from '../../src/sim/fabric/fabric.ts'
import type { LabFabric } from '../lab/lab.ts'

/** The spines and the leaves of {@link sixtySwitches}: leaf1 and leaf2 are MLAG peers, leaf3 and leaf4, and so on. */
export const SPINES = names('spine', 4)
export const LEAVES = names('leaf', 56)

function names(role: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${role}${n + 1}`)
}

const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0])

/** The MLAG peer of a leaf. */
export const peerOf = (leaf: string): string => `leaf${numberOf(leaf) + (numberOf(leaf) % 2 === 0 ? -1 : 1)}`

const spine = (name: string): string => `hostname ${name}
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
const leaf = (name: string): string => `hostname ${name}
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

const hex = (n: number): string => n.toString(16).padStart(2, '0')

function deviceOf(name: string, index: number): FabricDevice {
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
): string {
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
