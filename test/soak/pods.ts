import type { Fabric } from '../../src/eos/sim/fabric/fabric.ts'

/** How many switches a pod has at most: two spines and pairs of leaves. */
const POD = 50
/** How many ports to hosts a leaf has, unless another number is asked for. */
const PORTS = 12

/** The names of a pod: spines first; leaf3 and leaf4 are MLAG peers, leaf5 and leaf6, and so on. */
function namesIn(pod: number, count: number) {
  return Array.from({ length: count }, (_, n) => `pod${pod}-${n < 2 ? 'spine' : 'leaf'}${n + 1}`)
}

const numberOf = (name: string) => Number(/\d+$/.exec(name)?.[0])
const peerOf = (leaf: string) => (numberOf(leaf) % 2 === 1 ? numberOf(leaf) + 1 : numberOf(leaf) - 1)

function spine(name: string, leaves: readonly string[]) {
  const downlinks = leaves.map((leaf) => `interface Ethernet${numberOf(leaf)}/1\n   no switchport\n!\n`).join('')
  return `hostname ${name}\n!\n${downlinks}management api http-commands\n   no shutdown\n!\nend\n`
}

function leaf(name: string, ports: number) {
  const hosts = Array.from(
    { length: ports },
    (_, n) => `interface Ethernet${n + 1}\n   description host ${n + 1} of ${name}\n   switchport access vlan 110\n!\n`,
  ).join('')
  const isOdd = numberOf(name) % 2
  return `hostname ${name}
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
${hosts}interface Ethernet49/1
   no switchport
!
interface Ethernet50/1
   no switchport
!
interface Ethernet55/1
   channel-group 1000 mode active
!
interface Vlan4094
   ip address 10.255.252.${isOdd}/31
!
mlag configuration
   domain-id LEAVES
   local-interface Vlan4094
   peer-address 10.255.252.${1 - isOdd}
   peer-link Port-Channel1000
!
management api http-commands
   no shutdown
!
end
`
}

const hex = (n: number) => n.toString(16).padStart(2, '0')

/** One pod of leaves and spines that has no cable to any other. */
function podOf(pod: number, count: number, ports: number) {
  const names = namesIn(pod, count)
  const [spines, leaves] = [names.slice(0, 2), names.slice(2)]
  const end = (device: string, port: string) => ({ device, port })
  return {
    name: `pod${pod}`,
    credentials: { username: 'admin', password: 'admin' },
    devices: names.map((name, n) => ({
      name,
      eos: n % 2 === 0 ? '4.31.4M' : '4.32.2F',
      model: 'DCS-7280SR3-48YC8',
      serial: `JPE${String(pod).padStart(4, '0')}${String(n).padStart(4, '0')}`,
      mac: `00:1c:73:${hex(pod)}:00:${hex(n + 1)}`,
      config: n < 2 ? spine(name, leaves) : leaf(name, ports),
      managementOutside: true,
    })),
    cabling: [
      ...leaves.flatMap((one) =>
        spines.map((other, n) => ({
          a: end(one, `Ethernet${49 + n}/1`),
          b: end(other, `Ethernet${numberOf(one)}/1`),
        })),
      ),
      ...leaves.map((one) => ({ a: end(one, 'Ethernet1'), b: end(`host-of-${one}`, 'eth0') })),
      ...leaves
        .filter((one) => numberOf(one) % 2 === 1 && names.some((name) => name === `pod${pod}-leaf${peerOf(one)}`))
        .map((one) => ({ a: end(one, 'Ethernet55/1'), b: end(`pod${pod}-leaf${peerOf(one)}`, 'Ethernet55/1') })),
    ],
    faults: [],
  }
}

/** As many switches as are asked for, in pods of at most fifty; each leaf has so many ports to hosts, 48 at most. */
export function pods(count: number, ports = PORTS): readonly Fabric[] {
  return Array.from({ length: Math.ceil(count / POD) }, (_, pod) =>
    podOf(pod + 1, Math.min(POD, count - pod * POD), ports),
  )
}
