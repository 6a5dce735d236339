import { describe, expect, test } from 'vitest'
import { edited, type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'

const fabric = readFabric()

/** leaf1's routes to a prefix of the default VRF, after policy was added to its configuration and to its sessions. */
function leaf1(policy: string, neighborLine: string) {
  const mapped = edited(
    fabric,
    'leaf1',
    'route-map RM-MLAG-PEER-IN permit 10\n',
    `${policy}route-map RM-MLAG-PEER-IN permit 10\n`,
  )
  return stateOf(settle(withNeighborLine(mapped, neighborLine)), 'leaf1')
}

function withNeighborLine(changed: Fabric, line: string) {
  const anchor = '   neighbor 10.0.1.0 description spine1_Ethernet1/1\n'
  return edited(changed, 'leaf1', anchor, `${anchor}   neighbor 10.0.1.0 ${line}\n`)
}

const FAR_LOOPBACK = '10.0.250.13/32'
const hops = (state: ReturnType<typeof stateOf>, prefix: string) =>
  state.routes
    .get('default')
    ?.get(prefix)
    ?.vias.map((via) => via.nexthop)
const counts = (state: ReturnType<typeof stateOf>) => {
  const family = state.bgp.get('default')?.peers.get('10.0.1.0')?.families.get('ipv4Unicast')
  return [family?.received, family?.accepted]
}

describe('policy decides which way a route goes', () => {
  test('without any, both spines are used', () => {
    expect(hops(stateOf(settle(fabric), 'leaf1'), FAR_LOOPBACK)).toEqual(['10.0.1.0', '10.0.2.0'])
  })

  test('local-preference', () => {
    const state = leaf1('route-map RM-IN permit 10\n   set local-preference 200\n!\n', 'route-map RM-IN in')
    expect(hops(state, FAR_LOOPBACK)).toEqual(['10.0.1.0'])
  })

  test('a longer AS path loses', () => {
    const state = leaf1('route-map RM-IN permit 10\n   set as-path prepend 65000 65000\n!\n', 'route-map RM-IN in')
    expect(hops(state, FAR_LOOPBACK)).toEqual(['10.0.2.0'])
  })

  test('what a route-map denies is received and not accepted', () => {
    const deny =
      'route-map RM-IN deny 10\n   match ip address prefix-list PL-LOOPBACKS\n!\nroute-map RM-IN permit 20\n!\n'
    const state = leaf1(deny, 'route-map RM-IN in')
    expect(counts(state)).toEqual([4, 0])
    expect(hops(state, FAR_LOOPBACK)).toEqual(['10.0.2.0'])
  })

  test('a route-map without a permit that fits denies, one that is not defined permits', () => {
    const none = leaf1(
      'route-map RM-IN permit 10\n   match ip address prefix-list PL-MLAG-PEER-VRFS\n!\n',
      'route-map RM-IN in',
    )
    expect(counts(none)).toEqual([4, 0])
    expect(counts(leaf1('', 'route-map NOWHERE in'))).toEqual([4, 4])
  })

  test('allowas-in takes the paths of the own AS, too', { tags: ['long', 'turn'] }, () => {
    // To spine1 leaf1 is the best way to its own loopback, and by its router-id to the VTEP of the pair, so it tells both
    // to leaf2. The loopback of leaf2 comes over leaf1 with `set origin incomplete`, and directly with origin IGP.
    const anchor = '   neighbor 10.0.1.2 description spine1_Ethernet2/1\n'
    const accepted = (changed: Fabric) =>
      stateOf(settle(changed), 'leaf2').bgp.get('default')?.peers.get('10.0.1.2')?.families.get('ipv4Unicast')?.accepted
    expect(accepted(fabric)).toBe(4)
    expect(accepted(edited(fabric, 'leaf2', anchor, `${anchor}   neighbor 10.0.1.2 allowas-in 1\n`))).toBe(6)
  })
})

describe('what a switch announces', () => {
  test('nothing without redistribution: the VTEP is gone from the far side, and so is the overlay to it', () => {
    const line = '   redistribute connected route-map RM-CONN-2-BGP\n   !\n   vlan 110\n'
    const silent = edited(fabric, 'leaf1', line, '   !\n   vlan 110\n')
    const network = settle(silent)
    expect(stateOf(network, 'leaf3').routes.get('default')?.has('10.0.250.11/32')).toBe(false)
    expect(stateOf(network, 'spine1').bgp.get('default')?.peers.get('10.0.250.11')).toMatchObject({ state: 'Active' })
    expect(stateOf(network, 'leaf3').routes.get('default')?.has('10.0.251.11/32')).toBe(true)
  })

  test('a network line whose prefix is connected, and not one that is not', () => {
    const family = '      neighbor MLAG-IPv4-UNDERLAY-PEER activate\n'
    const announced = edited(fabric, 'leaf1', family, `${family}      network 10.0.3.0/31\n      network 10.9.9.0/24\n`)
    const routes = stateOf(settle(announced), 'leaf4').routes.get('default')
    expect(routes?.get('10.0.3.0/31')).toMatchObject({ type: 'eBGP', preference: 20 })
    expect(routes?.has('10.9.9.0/24')).toBe(false)
  })

  test('a static route of a VRF goes out over EVPN when it is redistributed', () => {
    const added = edited(
      fabric,
      'leaf3',
      'ip route vrf MGMT 0.0.0.0/0 192.0.2.1\n',
      'ip route vrf MGMT 0.0.0.0/0 192.0.2.1\nip route vrf PROD 172.16.0.0/16 10.10.130.9\n',
    )
    const anchor = '      neighbor 10.0.252.3 description leaf4_Vlan3001\n'
    const shared = edited(added, 'leaf3', anchor, `${anchor}      redistribute static\n`)
    const network = settle(shared)
    expect(stateOf(network, 'leaf3').routes.get('PROD')?.get('172.16.0.0/16')).toMatchObject({
      type: 'static',
      preference: 1,
    })
    expect(stateOf(network, 'leaf2').routes.get('PROD')?.get('172.16.0.0/16')).toMatchObject({
      type: 'eBGP',
      vias: [{ vtep: '10.0.251.13', vni: 50001, routerMac: '02:1c:73:aa:02:03' }],
    })
    expect(stateOf(network, 'leaf2').routes.get('DEV')?.has('172.16.0.0/16')).toBe(false)
  })
})
