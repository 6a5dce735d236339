import { describe, expect, test } from 'vitest'
import { edited, type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'
import { contextOf, projections } from './show-projections.ts'

const fabric = readFabric()
const before = settle(fabric)

/** Which show commands of which switches read otherwise after a change. */
function changedProjections(after: Fabric): Record<string, readonly string[]> {
  const network = settle(after)
  const changed: Record<string, readonly string[]> = {}
  for (const name of fabric.configs.keys()) {
    const was = projections(contextOf(fabric, before, name))
    const is = projections(contextOf(after, network, name))
    const differing = [...was.keys()].filter(
      (words) => JSON.stringify(was.get(words)) !== JSON.stringify(is.get(words)),
    )
    if (differing.length > 0) changed[name] = differing
  }
  return changed
}

const BGP = ['show bgp summary', 'show ip bgp summary']
const EVPN = ['show bgp evpn summary', 'show bgp summary']
const LLDP = ['show lldp neighbors', 'show lldp neighbors detail']
const MLAG = ['show mlag', 'show mlag config-sanity', 'show mlag detail']
const CHANNEL = ['show port-channel', 'show port-channel summary']
const LINK = [
  'show bgp summary',
  'show interfaces',
  'show interfaces description',
  'show interfaces status',
  'show ip bgp summary',
  'show ip interface brief',
  'show ip route',
  'show ip route summary',
  ...LLDP,
]

describe('one line changes exactly what mentions it', () => {
  test.each<[string, string, string, string, Record<string, readonly string[]>]>([
    [
      'a description',
      'leaf1',
      '   description HOST_hv01_eth0\n',
      '   description HOST_hv01_slot0\n',
      { leaf1: ['show interfaces', 'show interfaces description', 'show interfaces status'] },
    ],
    [
      'the MTU of an uplink: the neighbour hears the frame size',
      'leaf1',
      '   description P2P_spine1_Ethernet1/1\n   mtu 9214\n',
      '   description P2P_spine1_Ethernet1/1\n   mtu 1500\n',
      { spine1: ['show lldp neighbors detail'], leaf1: ['show interfaces', 'show ip interface brief'] },
    ],
    [
      'shutdown of an uplink: its BGP session goes down, EVPN goes round by the MLAG peer, who learns less',
      'leaf1',
      '   description P2P_spine1_Ethernet1/1\n',
      '   description P2P_spine1_Ethernet1/1\n   shutdown\n',
      { spine1: LINK, leaf1: LINK, leaf2: BGP },
    ],
    [
      'a neighbor removed',
      'leaf1',
      '   neighbor 10.0.1.0 peer group IPv4-UNDERLAY-PEERS\n   neighbor 10.0.1.0 description spine1_Ethernet1/1\n',
      '',
      {
        spine1: [...BGP, 'show ip route'],
        leaf1: [...BGP, 'show ip route', 'show ip route summary'],
        leaf2: BGP,
      },
    ],
    [
      'a wrong remote-as at the other end',
      'spine1',
      '   neighbor 10.0.1.1 remote-as 65101\n',
      '   neighbor 10.0.1.1 remote-as 65199\n',
      {
        spine1: [...BGP, 'show ip route'],
        leaf1: [...BGP, 'show ip route', 'show ip route summary'],
        leaf2: BGP,
      },
    ],
    [
      'an overlay neighbor shut down: the other pair hears less from that spine',
      'leaf1',
      '   neighbor 10.0.250.1 description spine1\n',
      '   neighbor 10.0.250.1 description spine1\n   neighbor 10.0.250.1 shutdown\n',
      { spine1: EVPN, leaf1: EVPN, leaf3: EVPN, leaf4: EVPN },
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
          'show ip interface brief',
          'show ip route',
          'show ip route summary',
          ...MLAG,
          'show vlan',
          'show vlan configured-ports',
          'show vxlan vni',
        ],
        leaf2: [...BGP, ...MLAG],
        leaf3: EVPN,
        leaf4: EVPN,
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
        leaf1: ['show interfaces', 'show interfaces vxlan', ...MLAG, 'show mlag interfaces', ...CHANNEL],
        leaf2: ['show interfaces', 'show interfaces vxlan', ...MLAG, 'show mlag interfaces', ...CHANNEL],
        leaf3: ['show ip route'],
        leaf4: ['show ip route'],
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
    ['a line that nothing operational depends on', 'leaf1', 'snmp-server contact noc@example.net\n', '', {}],
  ])('%s', (_name, device, from, to, expected) => {
    const changed = changedProjections(edited(fabric, device, from, to))
    expect(changed).toEqual(expected)
  })
})

describe('why a session or a pair is not up', () => {
  const peer = (network: ReturnType<typeof settle>, name: string, vrf: string, address: string) =>
    stateOf(network, name).bgp.get(vrf)?.peers.get(address)

  test('remote-as: each end names what it expects', () => {
    const network = settle(
      edited(fabric, 'spine1', '   neighbor 10.0.1.1 remote-as 65101\n', '   neighbor 10.0.1.1 remote-as 65199\n'),
    )
    expect(peer(network, 'spine1', 'default', '10.0.1.1')).toMatchObject({
      state: 'Active',
      why: 'leaf1 is AS 65101, remote-as says 65199',
    })
    expect(peer(network, 'leaf1', 'default', '10.0.1.0')).toMatchObject({
      state: 'Active',
      why: 'spine1 expects AS 65199, this is 65101',
    })
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
  ])('%s', (_name, from, to, state) => {
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
    expect(stateOf(network, 'leaf1').mlag).toMatchObject({
      state: 'inactive',
      why: 'the VLAN of Vlan4094 does not cross Port-Channel1000',
    })
    expect(peer(network, 'leaf1', 'default', '10.0.4.1')).toMatchObject({ state: 'Idle', idleReason: 'NoIf' })
    expect(peer(network, 'leaf2', 'default', '10.0.4.0')).toMatchObject({ state: 'Active' })
    expect(peer(network, 'leaf2', 'PROD', '10.0.252.0')).toMatchObject({ state: 'Active' })
  })
})
