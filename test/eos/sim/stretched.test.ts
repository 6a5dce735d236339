import { expect, test } from 'vitest'
import { edited, type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'

/** leaf1 and leaf3, in two MLAG pairs, each with an address of its own in VLAN 110, and with the other as a neighbour. */
function peering() {
  const svi = '   description PROD-WEB\n   vrf PROD\n   ip address virtual 10.10.110.1/24\n'
  const own = (last: number) => svi.replace('virtual 10.10.110.1', `10.10.110.${last}`)
  const speak = (asn: string, last: number) =>
    `      neighbor 10.10.110.${last} remote-as ${asn}\n      address-family ipv4\n         neighbor 10.10.110.${last} activate\n      !\n`
  const anchor = (peer: string) =>
    `      neighbor ${peer} peer group MLAG-IPv4-UNDERLAY-PEER\n      neighbor ${peer} description`
  const a = edited(edited(readFabric(), 'leaf1', svi, own(11)), 'leaf3', svi, own(13))
  const b = edited(a, 'leaf1', anchor('10.0.252.1'), speak('65102', 13) + anchor('10.0.252.1'))
  return edited(b, 'leaf3', anchor('10.0.252.3'), speak('65101', 11) + anchor('10.0.252.3'))
}

const session = (fabric: Fabric, faults: Parameters<typeof settle>[1] = []) => {
  const network = settle(fabric, faults)
  return [
    stateOf(network, 'leaf1').bgp.get('PROD')?.peers.get('10.10.110.13')?.state,
    stateOf(network, 'leaf3').bgp.get('PROD')?.peers.get('10.10.110.11')?.state,
  ]
}

test('BGP runs over a VLAN that VXLAN stretches, as long as the VNI is one and the tunnels are there', () => {
  const fabric = peering()
  expect(session(fabric)).toEqual(['Established', 'Established'])
  const other = edited(fabric, 'leaf3', '   vxlan vlan 110 vni 10110\n', '   vxlan vlan 110 vni 19999\n')
  expect(session(other)).toEqual(['Active', 'Active'])
  const cut = ['Ethernet49/1', 'Ethernet50/1'].flatMap((port) =>
    ['leaf3', 'leaf4'].map((device) => ({ kind: 'link-down' as const, device, port })),
  )
  expect(session(fabric, cut)).toEqual(['Active', 'Active'])
  expect(stateOf(settle(fabric), 'leaf1').arp.map(({ address }) => address)).toContain('10.10.110.13')
})
