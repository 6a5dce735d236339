import { afterEach, beforeEach, expect, test } from 'vitest'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../src/eos/check/area/read-areas.ts'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../src/eos/transport/eapi/exchange.ts'
import { type RunningFabric, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { DC1 } from '../../lab/checkout.ts'
import { linesOf } from '../../table.ts'

const AREAS = stateAreas.map(({ name }) => name)

let clock: VirtualClock
let fabric: RunningFabric
beforeEach(async () => {
  clock = new VirtualClock()
  fabric = await startFabric({ folder: DC1, clock })
})
afterEach(() => fabric.close())

async function stateOf(name: string) {
  const { eapi, username, password } = fabric.device(name)
  const device = await eapiTransport({ openChannel: () => channelOver(eapi, username) }).connect(
    { name, host: '127.0.0.1', port: 1, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } },
    { username, password: new Secret(password) },
    noFence,
  )
  const { replies } = await device.look(commandsOfAreas(AREAS))
  return readAreas(AREAS, replies)
}

/** What is wrong, where it shows, and by which lines, area by area. */
const PLANTED: readonly (readonly [
  name: string,
  fault: Record<string, unknown>,
  device: string,
  lines: readonly string[],
])[] = [
  [
    'link-down',
    { device: 'leaf1', kind: 'link-down', port: 'Ethernet7' },
    'leaf1',
    linesOf(`
      interfaces: interface Ethernet7: connected -> notconnect
      interfaces: interface Port-Channel7: connected -> notconnect
      interfaces: interface Port-Channel7 bandwidth: 25G -> none
      mlag: MLAG 7 (Port-Channel7): active-full -> active-partial
      portchannel: Port-Channel7: Ethernet7 active -> inactive
      spanning-tree: spanning tree MST0 Port-Channel7 removed: was designated forwarding
      vlan: VLAN 210: Port-Channel7 removed
      vlan: VLAN 211: Port-Channel7 removed
    `),
  ],
  [
    'link-flap',
    { device: 'leaf1', kind: 'link-flap', port: 'Ethernet7', period: 20 },
    'leaf1',
    ['interfaces: interface Ethernet7 flapped: 1 -> 5 link changes'],
  ],
  [
    'bgp-peer-down',
    { device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' },
    'spine1',
    linesOf(`
      bgp: BGP 10.0.1.1 in default: Established -> Active
      bgp: BGP 10.0.1.1 in default, ipv4Unicast: negotiated -> configured
      bgp-advertised: BGP 10.0.1.1 in default, ipv4Unicast prefixes sent: 5 -> 0
      bgp-advertised: BGP 10.0.1.3 in default, ipv4Unicast prefixes sent: 6 -> 4
      bgp-prefixes: BGP 10.0.1.1 in default, ipv4Unicast prefixes: 3 -> 0
      routes: route 10.0.250.11/32 in default: eBGP [20/0] via 10.0.1.1 Ethernet1/1 -> eBGP [20/0] via 10.0.1.3 Ethernet2/1
      routes: route 10.0.251.11/32 in default lost 10.0.1.1 Ethernet1/1
    `),
  ],
  [
    'mlag-inactive',
    { device: 'leaf3', kind: 'mlag-inactive' },
    'leaf4',
    linesOf(`
      mlag: MLAG: active -> inactive
      mlag: MLAG negotiation: connected -> connecting
      mlag: MLAG config sanity: consistent -> none
      mlag: MLAG 1 (Port-Channel1): active-full -> disabled
      mlag: MLAG 2 (Port-Channel2): active-full -> disabled
      mlag: MLAG 3 (Port-Channel3): active-full -> disabled
      mlag: MLAG 4 (Port-Channel4): active-full -> disabled
      mlag: MLAG 5 (Port-Channel5): active-full -> disabled
      mlag: MLAG 6 (Port-Channel6): active-full -> disabled
      mlag: MLAG 7 (Port-Channel7): active-full -> disabled
      portchannel: Port-Channel1: PeerEthernet1 removed
      portchannel: Port-Channel2: PeerEthernet2 removed
      portchannel: Port-Channel3: PeerEthernet3 removed
      portchannel: Port-Channel4: PeerEthernet4 removed
      portchannel: Port-Channel5: PeerEthernet5 removed
      portchannel: Port-Channel6: PeerEthernet6 removed
      portchannel: Port-Channel7: PeerEthernet7 removed
      spanning-tree: spanning tree MST0 root: 16384 02:1c:73:aa:02:03 -> 16384 00:1c:73:aa:02:04
    `),
  ],
  [
    'neighbor-swapped',
    { device: 'leaf1', kind: 'neighbor-swapped', port: 'Ethernet49/1', heard: 'spine2', heardPort: 'Ethernet1/1' },
    'leaf1',
    ['lldp: LLDP Ethernet49/1: spine1.dc1.example.net Ethernet1/1 -> spine2.dc1.example.net Ethernet1/1'],
  ],
  [
    'one route',
    { device: 'leaf1', kind: 'routes-withdrawn', peer: '10.0.1.0', prefixes: ['10.0.250.13/32'] },
    'leaf1',
    [
      'bgp-advertised: BGP 10.0.1.0 in default, ipv4Unicast prefixes sent: 4 -> 5',
      'bgp-advertised: BGP 10.0.2.0 in default, ipv4Unicast prefixes sent: 7 -> 6',
      'bgp-prefixes: BGP 10.0.1.0 in default, ipv4Unicast prefixes: 4 -> 3',
      'routes: route 10.0.250.13/32 in default lost 10.0.1.0 Ethernet49/1',
    ],
  ],
  [
    'all routes',
    { device: 'leaf1', kind: 'routes-withdrawn', peer: '10.0.1.0' },
    'leaf1',
    linesOf(`
      bgp-advertised: BGP 10.0.1.0 in default, ipv4Unicast prefixes sent: 4 -> 8
      bgp-advertised: BGP 10.0.2.0 in default, ipv4Unicast prefixes sent: 7 -> 4
      bgp-advertised: BGP 10.0.4.1 in default, ipv4Unicast prefixes sent: 7 -> 6
      bgp-prefixes: BGP 10.0.1.0 in default, ipv4Unicast prefixes: 4 -> 0
      exits: routes over 10.0.1.0 Ethernet49/1 in default: 4 -> 0
      routes: route 10.0.250.1/32 in default: eBGP [20/0] via 10.0.1.0 Ethernet49/1 -> iBGP [200/0] via 10.0.4.1 Vlan4093
      routes: route 10.0.250.13/32 in default lost 10.0.1.0 Ethernet49/1
      routes: route 10.0.250.14/32 in default lost 10.0.1.0 Ethernet49/1
      routes: route 10.0.251.13/32 in default lost 10.0.1.0 Ethernet49/1
    `),
  ],
  [
    'member-inactive',
    { device: 'leaf1', kind: 'member-inactive', port: 'Ethernet55/1' },
    'leaf1',
    [
      'interfaces: interface Port-Channel1000 bandwidth: 200G -> 100G',
      'portchannel: Port-Channel1000: Ethernet55/1 active -> inactive',
    ],
  ],
  [
    'flood-entry-lost',
    { device: 'leaf1', kind: 'flood-entry-lost', vtep: '10.0.251.13', vlan: 110 },
    'leaf1',
    ['vxlan: VXLAN VLAN 110 flood list: 10.0.251.13 removed'],
  ],
  [
    'errors-rising',
    { device: 'leaf1', kind: 'errors-rising', port: 'Ethernet7', counter: 'fcsErrors', perSecond: 3 },
    'leaf1',
    ['errors: errors on Ethernet7, fcsErrors: 0 -> 105'],
  ],
  ['clock-adrift', { device: 'leaf1', kind: 'clock-adrift' }, 'leaf1', ['ntp: NTP: synchronised -> unsynchronised']],
  [
    'supply-failed',
    { device: 'leaf1', kind: 'supply-failed', supply: '2' },
    'leaf1',
    ['environment: power supply 2: ok -> powerLoss'],
  ],
  [
    'agent-crashed',
    { device: 'leaf1', kind: 'agent-crashed', agent: 'Bgp' },
    'leaf1',
    ['agents: agent Bgp crashed: /var/log/agents/Bgp-1812 Mon Jan  5 08:00:00 2026'],
  ],
  [
    'vlan gone',
    { device: 'leaf1', kind: 'hand-edit', lines: ['no vlan 121'], after: 1 },
    'leaf1',
    linesOf(`
      bgp-advertised: BGP 10.0.253.1 in DEV, ipv4Unicast prefixes sent: 2 -> 1
      evpn: EVPN imet routes: 19 -> 18
      gateways: gateway Vlan121: up -> lowerLayerDown
      interfaces: interface Vlan121: connected -> notconnect
      mlag: MLAG config sanity: consistent -> inconsistent
      route-counts: bgp routes in DEV: 0 -> 1
      route-counts: connected routes in DEV: 3 -> 2
      routes: route 10.10.121.0/24 in DEV: connected via Vlan121 -> iBGP [200/0] via 10.0.253.1 Vlan3002
      vlan: VLAN 121 removed: was DEV-APP
    `),
  ],
  [
    'vni gone',
    { device: 'leaf3', kind: 'hand-edit', lines: ['interface Vxlan1', 'no vxlan vlan 110 vni'], after: 1 },
    'leaf1',
    ['evpn: EVPN imet routes: 19 -> 18'],
  ],
  [
    'reboot',
    { device: 'leaf1', kind: 'reboot', after: 1, seconds: 5 },
    'leaf1',
    [
      'reload-cause: last reload: Reload requested by the user. (2026-01-04T04:13:20Z) -> Reload requested by the user. (2026-01-05T08:00:06Z)',
    ],
  ],
]

test.each(PLANTED)('%s', { tags: ['long', 'turn'] }, async (_, fault, device, lines) => {
  const before = await stateOf(device)
  await fabric.fault(faultSchema.parse(fault))
  await clock.advance(35_000)
  const after = await stateOf(device)
  const told = stateAreas.flatMap((area) => {
    const comparison = area.describe(before[area.name], after[area.name])
    return comparison.comparable ? comparison.changes.map(({ text }) => `${area.name}: ${text}`) : [comparison.text]
  })
  expect(told).toEqual(lines)
})
