// @module-tag long
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf } from '../../table.ts'
import { edited, type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'
import { contextOf, projections } from './recorded.ts'

const fabric = readFabric()
const before = settle(fabric)

/** Which show commands of which switches read otherwise after a change. */
function changedProjections(after: Fabric) {
  const network = settle(after)
  const changed: Record<string, readonly string[]> = {}
  for (const name of fabric.configs.keys()) {
    const was = projections(contextOf(fabric, before, name))
    const is = projections(contextOf(after, network, name))
    const differing = [...was.keys()].filter(
      (words) => JSON.stringify(was.get(words)) !== JSON.stringify(is.get(words)),
    )
    if (differing.length > 0) changed[name] = differing.sort()
  }
  return changed
}

/** What a session and its counters show in. */
const SESSION = ['show bgp neighbors', 'show bgp summary', 'show ip bgp neighbors']
const BGP = [...SESSION, 'show ip bgp summary']
/** The same with the paths that came or went. */
const PATHS = [...BGP, 'show ip bgp']
const EVPN = [...SESSION, 'show bgp evpn', 'show bgp evpn summary']
const BFD = ['show bfd peers', 'show bfd peers detail']
const LLDP = ['show lldp neighbors', 'show lldp neighbors detail']
const MLAG = ['show mlag', 'show mlag config-sanity', 'show mlag detail']
const CHANNEL = ['show port-channel', 'show port-channel summary']
const ADDRESS = ['show ip interface', 'show ip interface brief']
const ROUTES = ['show ip route', 'show ip route summary']
const LINK = [
  ...linesOf(`
    show arp
    show ip arp
    show interfaces
    show interfaces counters
    show interfaces description
    show interfaces status
  `),
  ...PATHS,
  ...ADDRESS,
  ...ROUTES,
  ...LLDP,
]
/** What goes over the first link of leaf1 also stands in what spine1 and leaf1 tell each other. */
const WAYS = ['show bgp neighbors', 'show ip bgp neighbors', 'show ip bgp', 'show ip route']
const FAR = [...EVPN, 'show ip bgp']
const APART = [
  ...[
    'show interfaces',
    'show interfaces vxlan',
    'show mac address-table',
    ...MLAG,
    'show mlag interfaces',
    ...CHANNEL,
  ],
  ...['show spanning-tree', 'show spanning-tree mst detail', 'show spanning-tree root', 'show vxlan config-sanity'],
]
const WAYS_IN_VRF = ['show ip bgp', 'show ip route']
const TOLD = ['show bgp neighbors advertised-routes', 'show bgp neighbors routes']

describe('one line changes exactly what mentions it', () => {
  test.each(
    everyNthOfLong(12, 'changes that a network follows', [
      [
        'a description',
        'leaf1',
        '   description HOST_hv01_eth0\n',
        '   description HOST_hv01_slot0\n',
        {
          leaf1: [
            'show interfaces',
            'show interfaces counters rates',
            'show interfaces description',
            'show interfaces status',
          ],
        },
      ],
      [
        'the MTU of an uplink: the neighbour hears the frame size',
        'leaf1',
        '   description P2P_spine1_Ethernet1/1\n   mtu 9214\n',
        '   description P2P_spine1_Ethernet1/1\n   mtu 1500\n',
        { spine1: ['show lldp neighbors detail'], leaf1: ['show interfaces', ...ADDRESS] },
      ],
      [
        'shutdown of an uplink: its session goes down, the MLAG peer learns less, the far pair has one way less to it and sends back less',
        'leaf1',
        '   description P2P_spine1_Ethernet1/1\n',
        '   description P2P_spine1_Ethernet1/1\n   shutdown\n',
        { spine1: LINK, leaf1: [...LINK, ...TOLD], leaf2: PATHS, leaf3: WAYS, leaf4: WAYS },
      ],
      [
        'a neighbor removed',
        'leaf1',
        '   neighbor 10.0.1.0 peer group IPv4-UNDERLAY-PEERS\n   neighbor 10.0.1.0 description spine1_Ethernet1/1\n',
        '',
        {
          spine1: [...PATHS, 'show ip route'],
          leaf1: [...PATHS, ...ROUTES, ...TOLD, 'show bgp instance'],
          leaf2: PATHS,
          leaf3: WAYS,
          leaf4: WAYS,
        },
      ],
      [
        'a wrong remote-as at the other end',
        'spine1',
        '   neighbor 10.0.1.1 remote-as 65101\n',
        '   neighbor 10.0.1.1 remote-as 65199\n',
        {
          spine1: [...PATHS, 'show ip route'],
          leaf1: [...PATHS, ...ROUTES, ...TOLD],
          leaf2: PATHS,
          leaf3: WAYS,
          leaf4: WAYS,
        },
      ],
      [
        'an overlay neighbor shut down: the other pair hears less from that spine',
        'leaf1',
        '   neighbor 10.0.250.1 description spine1\n',
        '   neighbor 10.0.250.1 description spine1\n   neighbor 10.0.250.1 shutdown\n',
        { spine1: [...EVPN, ...BFD], leaf1: [...EVPN, ...BFD, 'show ip bgp'], leaf3: FAR, leaf4: FAR },
      ],
      [
        'a VLAN removed: its SVI, its route, its EVPN routes, and the agreement of the pair go with it',
        'leaf1',
        'vlan 112\n   name PROD-DB\n!\n',
        '',
        {
          spine1: EVPN,
          spine2: EVPN,
          leaf1: [
            'show interfaces',
            'show interfaces description',
            'show bgp evpn',
            'show bgp neighbors',
            'show ip bgp',
            'show ip bgp neighbors',
            ...ADDRESS,
            ...ROUTES,
            'show ip virtual-router',
            'show mac address-table',
            ...MLAG,
            ...['show ip igmp snooping', 'show spanning-tree counters', 'show spanning-tree vlan'],
            ...['show spanning-tree topology status', 'show spanning-tree topology status detail'],
            'show vlan',
            'show vlan configured-ports',
            'show vxlan config-sanity',
            'show vxlan vni',
          ],
          leaf2: [...PATHS, ...MLAG, 'show bgp evpn'],
          leaf3: FAR,
          leaf4: FAR,
        },
      ],
      [
        'the name of a VLAN',
        'leaf1',
        '   name STORAGE\n',
        '   name STORE\n',
        { leaf1: ['show vlan', 'show vlan configured-ports'] },
      ],
      [
        'an MLAG domain that differs: the pair falls apart, and the far pair sees another router MAC',
        'leaf1',
        '   domain-id DC1_LEAFPAIR1\n',
        '   domain-id DC1_PAIR1\n',
        {
          leaf1: [...APART, 'show vlan'],
          leaf2: [...APART, 'show vlan'],
          leaf3: WAYS_IN_VRF,
          leaf4: WAYS_IN_VRF,
        },
      ],
      [
        'the VLANs of an MLAG port on one side only',
        'leaf1',
        '   description HOST_nas01\n   switchport trunk allowed vlan 210-211\n',
        '   description HOST_nas01\n   switchport trunk allowed vlan 210\n',
        { leaf1: [...MLAG, 'show vlan', 'show vlan configured-ports', 'show vxlan vni'], leaf2: MLAG },
      ],
      [
        'the host name: the neighbours hear it',
        'leaf1',
        'hostname leaf1\n',
        'hostname leaf01\n',
        { spine1: LLDP, spine2: LLDP, leaf1: ['show hostname'], leaf2: LLDP },
      ],
      ['a time server', 'leaf1', 'ntp server vrf MGMT 198.51.100.12\n', '', { leaf1: ['show ntp associations'] }],
      [
        'BFD taken off the overlay: the sessions stay',
        'leaf1',
        '   neighbor EVPN-OVERLAY-PEERS bfd\n',
        '',
        { leaf1: [...BFD, 'show bgp neighbors', 'show ip bgp neighbors'] },
      ],
      [
        'whom to ask about the switch',
        'leaf1',
        'snmp-server contact noc@example.net\n',
        '',
        { leaf1: ['show snmp', 'show snmp contact', 'show snmp v2-mib contact'] },
      ],
      ['a name server', 'leaf1', 'ip name-server vrf MGMT 198.51.100.54\n', '', { leaf1: ['show ip name-server'] }],
      [
        'who says what a user may do',
        'leaf1',
        'aaa authorization exec default local group TACACS\n',
        'aaa authorization exec default local\n',
        { leaf1: ['show aaa methods authorization'] },
      ],
      [
        'the shared MAC address of the gateways',
        'leaf1',
        'ip virtual-router mac-address 00:1c:73:00:00:99\n',
        '',
        { leaf1: ['show ip virtual-router', 'show vxlan config-sanity'] },
      ],
      ['a line that nothing operational depends on', 'leaf1', 'logging buffered 10000\n', '', {}],
    ]),
  )('%s', { tags: 'turn' }, (_name, device, from, to, expected) => {
    const changed = changedProjections(edited(fabric, device, from, to))
    const sorted = Object.entries(expected).map(([name, words]) => [name, [...words].sort()] as const)
    expect(changed).toEqual(Object.fromEntries(sorted))
  })
})

describe('what keeps a session or a pair down', () => {
  const peer = (network: ReturnType<typeof settle>, name: string, vrf: string, address: string) =>
    stateOf(network, name).bgp.get(vrf)?.peers.get(address)

  test('remote-as: neither end is up', () => {
    const network = settle(
      edited(fabric, 'spine1', '   neighbor 10.0.1.1 remote-as 65101\n', '   neighbor 10.0.1.1 remote-as 65199\n'),
    )
    expect(peer(network, 'spine1', 'default', '10.0.1.1')).toMatchObject({ state: 'Active' })
    expect(peer(network, 'leaf1', 'default', '10.0.1.0')).toMatchObject({ state: 'Active' })
  })

  test.each([
    ['no update-source', '   neighbor EVPN-OVERLAY-PEERS update-source Loopback0\n', '', 'Active'],
    [
      'no multihop: the loopback of the spine is on no connected subnet',
      '   neighbor EVPN-OVERLAY-PEERS ebgp-multihop 3\n',
      '',
      'Idle',
    ],
    [
      'a password of its own',
      '   neighbor EVPN-OVERLAY-PEERS password 7 mMHsVWXU96RXcxdg8pz9XA==\n',
      '   neighbor EVPN-OVERLAY-PEERS password 7 AAAAVWXU96RXcxdg8pz9XA==\n',
      'Active',
    ],
    [
      'EVPN not activated',
      '      neighbor EVPN-OVERLAY-PEERS activate\n   !\n   address-family ipv4\n',
      '   !\n   address-family ipv4\n',
      'Active',
    ],
    ['the loopback shut down', '   description ROUTER_ID\n', '   description ROUTER_ID\n   shutdown\n', 'Idle'],
  ])('%s', { tags: 'long' }, (_name, from, to, state) => {
    const network = settle(edited(fabric, 'leaf1', from, to))
    expect(peer(network, 'leaf1', 'default', '10.0.250.1')?.state).toBe(state)
    expect(peer(network, 'leaf1', 'default', '10.0.1.0')?.state).toBe('Established')
  })

  test('the peering VLAN taken off the peer-link: MLAG and the sessions over it fall', () => {
    const network = settle(
      edited(
        fabric,
        'leaf1',
        '   switchport mode trunk\n   switchport trunk group MLAG\n',
        '   switchport mode trunk\n',
      ),
    )
    expect(stateOf(network, 'leaf1').mlag).toMatchObject({ state: 'inactive' })
    expect(peer(network, 'leaf1', 'default', '10.0.4.1')).toMatchObject({ state: 'Idle', idleReason: 'NoIf' })
    expect(peer(network, 'leaf2', 'default', '10.0.4.0')).toMatchObject({ state: 'Active' })
    expect(peer(network, 'leaf2', 'PROD', '10.0.252.0')).toMatchObject({ state: 'Active' })
  })
})
