import { describe, expect, test } from 'vitest'
import { linesOf } from '../../table.ts'
import { NOW, readFabric, settle, stateOf } from './converge-fabric.ts'

const fabric = readFabric()
const network = settle(fabric)
const LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const

function peersOf(name: string) {
  return [...stateOf(network, name).bgp.values()].flatMap((vrf) =>
    [...vrf.peers.values()].map((peer) => {
      const families = [...peer.families].map(([family, { accepted }]) => `${family} ${accepted}`)
      return `${vrf.vrf} ${peer.address} ${peer.device} ${peer.state} ${families.join(' ')}`
    }),
  )
}

test('the state is of the instant that was asked for', () => {
  expect(network.at).toBe(NOW)
  expect([...network.switches.keys()]).toEqual(['spine1', 'spine2', ...LEAVES])
})

describe('BGP of the bundled fabric', () => {
  // 3 loopbacks of each leaf pair member reach a spine: its own two and the peer's; EVPN: one IMET per VLAN, one
  // ip-prefix per tenant subnet (leaf1: 7 + 5, leaf3: 6 + 5).
  test('a spine has an underlay and an EVPN session with every leaf', () => {
    expect(peersOf('spine1')).toEqual(
      linesOf(`
      default 10.0.1.1 leaf1 Established ipv4Unicast 3
      default 10.0.1.3 leaf2 Established ipv4Unicast 3
      default 10.0.1.5 leaf3 Established ipv4Unicast 3
      default 10.0.1.7 leaf4 Established ipv4Unicast 3
      default 10.0.250.11 leaf1 Established l2VpnEvpn 12
      default 10.0.250.12 leaf2 Established l2VpnEvpn 12
      default 10.0.250.13 leaf3 Established l2VpnEvpn 11
      default 10.0.250.14 leaf4 Established l2VpnEvpn 11
    `),
    )
  })

  // From a spine a leaf accepts: the spine's loopback, and the two of each leaf of the other pair, whose VTEP they
  // share (1 + 3); not those of its own AS. EVPN: what leaf3 and leaf4 announce (11 + 11).
  test('a leaf has the spines, its MLAG peer, and that peer in both tenant VRFs', () => {
    expect(peersOf('leaf1')).toEqual(
      linesOf(`
      default 10.0.1.0 spine1 Established ipv4Unicast 4
      default 10.0.2.0 spine2 Established ipv4Unicast 4
      default 10.0.4.1 leaf2 Established ipv4Unicast 7
      default 10.0.250.1 spine1 Established l2VpnEvpn 22
      default 10.0.250.2 spine2 Established l2VpnEvpn 22
      DEV 10.0.253.1 leaf2 Established ipv4Unicast 2
      PROD 10.0.252.1 leaf2 Established ipv4Unicast 4
    `),
    )
    expect(peersOf('leaf4')).toEqual(
      linesOf(`
      default 10.0.1.6 spine1 Established ipv4Unicast 4
      default 10.0.2.6 spine2 Established ipv4Unicast 4
      default 10.0.4.2 leaf3 Established ipv4Unicast 7
      default 10.0.250.1 spine1 Established l2VpnEvpn 24
      default 10.0.250.2 spine2 Established l2VpnEvpn 24
      DEV 10.0.253.2 leaf3 Established ipv4Unicast 2
      PROD 10.0.252.2 leaf3 Established ipv4Unicast 4
    `),
    )
  })

  test('44 sessions, all Established', () => {
    const ends = [...network.switches.values()].flatMap((state) =>
      [...state.bgp.values()].flatMap((vrf) => [...vrf.peers.values()]),
    )
    expect(ends).toHaveLength(44)
    expect(ends.filter((end) => end.state !== 'Established')).toEqual([])
  })

  test('the tenant subnet that only the other pair has comes over VXLAN', () => {
    expect(stateOf(network, 'leaf1').routes.get('PROD')?.get('10.10.130.0/24')).toEqual({
      prefix: '10.10.130.0/24',
      type: 'eBGP',
      preference: 20,
      metric: 0,
      vias: [{ vtep: '10.0.251.13', vni: 50001, routerMac: '02:1c:73:aa:02:03' }],
      drop: false,
    })
    expect(stateOf(network, 'leaf1').routes.get('DEV')?.has('10.10.130.0/24')).toBe(false)
  })

  test('the far loopbacks are reached over both spines, the MLAG peer over the peer-link', () => {
    const routes = stateOf(network, 'leaf1').routes.get('default')
    expect(routes?.get('10.0.251.13/32')?.vias).toEqual([
      { nexthop: '10.0.1.0', interface: 'Ethernet49/1' },
      { nexthop: '10.0.2.0', interface: 'Ethernet50/1' },
    ])
    expect(routes?.get('10.0.250.12/32')).toMatchObject({ type: 'iBGP', preference: 200 })
    expect(routes?.get('10.0.250.12/32')?.vias).toEqual([{ nexthop: '10.0.4.1', interface: 'Vlan4093' }])
  })
})

describe('layer 2 of the bundled fabric', () => {
  test('LLDP hears the cabling, and hosts say nothing', () => {
    const heard = (name: string) =>
      stateOf(network, name).lldp.map(
        ({ port, neighborDevice, neighborPort }) => `${port} ${neighborDevice} ${neighborPort}`,
      )
    expect(heard('spine2')).toEqual([
      'Ethernet1/1 leaf1.dc1.example.net Ethernet50/1',
      'Ethernet2/1 leaf2.dc1.example.net Ethernet50/1',
      'Ethernet3/1 leaf3.dc1.example.net Ethernet50/1',
      'Ethernet4/1 leaf4.dc1.example.net Ethernet50/1',
    ])
    expect(heard('leaf3')).toEqual([
      'Ethernet49/1 spine1.dc1.example.net Ethernet3/1',
      'Ethernet50/1 spine2.dc1.example.net Ethernet3/1',
      'Ethernet55/1 leaf4.dc1.example.net Ethernet55/1',
      'Ethernet56/1 leaf4.dc1.example.net Ethernet56/1',
    ])
    const all = [...network.switches.values()].map((state) => state.lldp.length)
    expect(all).toEqual([4, 4, 4, 4, 4, 4])
  })

  test('both MLAG pairs are active with every port full, the lower MAC is primary', () => {
    const mlag = LEAVES.map((name) => stateOf(network, name).mlag)
    expect(
      mlag.map(({ state, negotiation, role, systemId, peerName }) => [state, negotiation, role, systemId, peerName]),
    ).toEqual([
      ['active', 'connected', 'primary', '02:1c:73:aa:02:01', 'leaf2'],
      ['active', 'connected', 'secondary', '02:1c:73:aa:02:01', 'leaf1'],
      ['active', 'connected', 'primary', '02:1c:73:aa:02:03', 'leaf4'],
      ['active', 'connected', 'secondary', '02:1c:73:aa:02:03', 'leaf3'],
    ])
    expect(mlag.map(({ interfaces }) => interfaces.length)).toEqual([8, 8, 7, 7])
    expect(mlag.flatMap(({ interfaces }) => interfaces).filter(({ status }) => status !== 'active-full')).toEqual([])
    expect(mlag.flatMap(({ inconsistencies }) => inconsistencies)).toEqual([])
    expect(stateOf(network, 'spine1').mlag.state).toBe('disabled')
  })

  test('port-channels have their members, those of hosts also the ones of the peer', () => {
    const channels = stateOf(network, 'leaf2').portChannels
    expect([...channels.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1000].map((id) => `Port-Channel${id}`))
    expect(channels.get('Port-Channel1000')?.active).toEqual(['Ethernet55/1', 'Ethernet56/1'])
    expect(channels.get('Port-Channel3')).toMatchObject({ active: ['Ethernet3'], peerActive: ['Ethernet3'], mlagId: 3 })
  })

  test('VLANs are on the ports that carry them; VLANs with a trunk group only on the peer-link', () => {
    const ports = (id: number) => stateOf(network, 'leaf1').vlans.get(id)?.ports
    expect(ports(110)).toEqual([
      ...['Cpu', 'Port-Channel1', 'Port-Channel2', 'Port-Channel3', 'Port-Channel4', 'Port-Channel8'],
      ...['Port-Channel1000', 'Vxlan1'],
    ])
    expect(ports(120)).toContain('Ethernet9')
    expect(ports(210)).toEqual(['Port-Channel7', 'Port-Channel1000', 'Vxlan1'])
    expect(ports(4094)).toEqual(['Cpu', 'Port-Channel1000'])
    expect(ports(1)).toEqual(['Port-Channel1000'])
  })

  test('the VTEPs are the other pair; a VLAN that only one pair has is flooded nowhere', () => {
    const vxlan = stateOf(network, 'leaf1').vxlan
    expect(vxlan?.vteps).toEqual(['10.0.251.13'])
    expect([...(vxlan?.floodList.keys() ?? [])]).toEqual([110, 111, 120, 121, 210])
    expect([...(stateOf(network, 'leaf3').vxlan?.floodList.keys() ?? [])]).toEqual([110, 111, 120, 121, 210])
    expect(stateOf(network, 'spine1').vxlan).toBeUndefined()
  })

  test('interfaces: what is cabled is up, empty cages have no transceiver, unused ports are shut down', () => {
    const leaf = stateOf(network, 'leaf1').interfaces
    const picked = [
      'Ethernet1',
      'Ethernet9',
      'Ethernet10',
      'Ethernet25',
      'Ethernet49/1',
      'Port-Channel1',
      'Management1',
      'Vlan110',
      'Loopback1',
      'Vxlan1',
    ]
    expect(
      picked.map((name) => {
        const { status, lineProtocol, mode, mtu, bandwidth } = leaf.get(name) ?? {}
        return [name, status, lineProtocol, mode, mtu, bandwidth]
      }),
    ).toEqual([
      ['Ethernet1', 'connected', 'up', 'dataLink', 9214, 25e9],
      ['Ethernet9', 'connected', 'up', 'access', 9214, 25e9],
      ['Ethernet10', 'notconnect', 'notPresent', 'access', 9214, 25e9],
      ['Ethernet25', 'disabled', 'notPresent', 'access', 9214, 25e9],
      ['Ethernet49/1', 'connected', 'up', 'routed', 9214, 100e9],
      ['Port-Channel1', 'connected', 'up', 'trunk', 9214, 25e9],
      ['Management1', 'connected', 'up', 'routed', 1500, 1e9],
      ['Vlan110', 'connected', 'up', 'routed', 1500, 0],
      ['Loopback1', 'connected', 'up', 'routed', 65535, 0],
      ['Vxlan1', 'connected', 'up', 'routed', 0, 0],
    ])
    expect(leaf.size).toBe(78)
  })
})

describe('a switch that does not run', () => {
  const lonely = settle(fabric, [], NOW, ['leaf2'])

  test('is silent: its links, its sessions and its MLAG peer notice', () => {
    const leaf1 = stateOf(lonely, 'leaf1')
    expect(leaf1.lldp.map(({ port }) => port)).toEqual(['Ethernet49/1', 'Ethernet50/1'])
    expect(leaf1.mlag).toMatchObject({ state: 'inactive', negotiation: 'connecting', peerLinkStatus: 'lowerLayerDown' })
    expect(leaf1.interfaces.get('Port-Channel1000')).toMatchObject({
      status: 'notconnect',
      lineProtocol: 'lowerLayerDown',
      mtu: 0,
    })
    expect(stateOf(lonely, 'spine1').bgp.get('default')?.peers.get('10.0.1.3')).toMatchObject({
      state: 'Idle',
      idleReason: 'NoIf',
    })
    expect(stateOf(lonely, 'spine1').bgp.get('default')?.peers.get('10.0.250.12')?.state).toBe('Active')
    expect(stateOf(lonely, 'spine1').bgp.get('default')?.peers.get('10.0.1.1')?.state).toBe('Established')
  })

  test('does not reach the pair on the other side', () => {
    const states = [...stateOf(lonely, 'leaf3').bgp.values()].flatMap((vrf) =>
      [...vrf.peers.values()].map((peer) => peer.state),
    )
    expect(states).toEqual(Array.from({ length: 7 }, () => 'Established'))
  })
})
