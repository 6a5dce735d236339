import { expect, test } from 'vitest'
import type { OperationalFault } from '../../../src/eos/sim/fault/operational.ts'
import { NOW, readFabric, settle, stateOf } from './converge-fabric.ts'

const fabric = readFabric()

function peerOf(network: ReturnType<typeof settle>, name: string, address: string) {
  return stateOf(network, name).bgp.get('default')?.peers.get(address)
}

test('a link is down from its start and up again at its end, at both ends', () => {
  const faults: readonly OperationalFault[] = [
    { kind: 'link-down', device: 'spine1', port: 'Ethernet1/1', from: NOW, until: NOW + 60_000 },
  ]
  const at = (offset: number) => {
    const network = settle(fabric, faults, NOW + offset)
    const port = stateOf(network, 'leaf1').interfaces.get('Ethernet49/1')
    return [port?.status, port?.lineProtocol, peerOf(network, 'leaf1', '10.0.1.0')?.state]
  }
  expect(at(-1)).toEqual(['connected', 'up', 'Established'])
  expect(at(0)).toEqual(['notconnect', 'down', 'Idle'])
  expect(at(59_999)).toEqual(['notconnect', 'down', 'Idle'])
  expect(at(60_000)).toEqual(['connected', 'up', 'Established'])
})

test('the end of the port that the fault names knows since when', () => {
  const fault: OperationalFault = {
    kind: 'link-down',
    device: 'leaf1',
    port: 'Ethernet50/1',
    from: NOW - 5000,
    until: NOW + 5000,
  }
  const since = (at: number) => stateOf(settle(fabric, [fault], at), 'leaf1').interfaces.get('Ethernet50/1')?.since
  expect([since(NOW - 6000), since(NOW), since(NOW + 6000)]).toEqual([undefined, NOW - 5000, NOW + 5000])
})

test('a flapping link is down in the first half of each period', { tags: ['long', 'turn'] }, () => {
  const flap: OperationalFault = {
    kind: 'link-flap',
    device: 'leaf3',
    port: 'Ethernet49/1',
    periodMs: 10_000,
    from: NOW,
    until: NOW + 25_000,
  }
  const up = [-1, 0, 4999, 5000, 9999, 10_000, 15_000, 20_000, 24_999, 25_000].map(
    (offset) =>
      stateOf(settle(fabric, [flap], NOW + offset), 'leaf3').interfaces.get('Ethernet49/1')?.lineProtocol === 'up',
  )
  expect(up).toEqual([true, false, false, true, true, false, true, false, false, true])
})

test('a host that is unplugged leaves its MLAG half, two unplugged ports leave it inactive', {
  tags: ['long', 'turn'],
}, () => {
  const cut = (device: string): OperationalFault => ({ kind: 'link-down', device, port: 'Ethernet7' })
  const status = (faults: readonly OperationalFault[], device: string) =>
    stateOf(settle(fabric, faults), device).mlag.interfaces.find(({ id }) => id === 7)
  expect(status([cut('leaf1')], 'leaf1')).toMatchObject({ status: 'active-partial', localUp: false, peerUp: true })
  expect(status([cut('leaf1')], 'leaf2')).toMatchObject({ status: 'active-partial', localUp: true, peerUp: false })
  expect(status([cut('leaf1'), cut('leaf2')], 'leaf2')).toMatchObject({ status: 'inactive' })
})

test('a session held down is Active at both ends, and nothing else falls', () => {
  const network = settle(fabric, [{ kind: 'bgp-peer-down', device: 'leaf2', peer: '10.0.250.2' }])
  expect(peerOf(network, 'leaf2', '10.0.250.2')).toMatchObject({ state: 'Active' })
  expect(peerOf(network, 'spine2', '10.0.250.12')).toMatchObject({ state: 'Active' })
  const down = [...network.switches.values()].flatMap((state) =>
    [...state.bgp.values()].flatMap((vrf) => [...vrf.peers.values()].filter((peer) => peer.state !== 'Established')),
  )
  expect(down).toHaveLength(2)
})

test('a session of a VRF is held down by the name of the VRF', () => {
  const network = settle(fabric, [{ kind: 'bgp-peer-down', device: 'leaf1', peer: '10.0.252.1', vrf: 'PROD' }])
  expect(stateOf(network, 'leaf1').bgp.get('PROD')?.peers.get('10.0.252.1')?.state).toBe('Active')
  expect(stateOf(network, 'leaf1').bgp.get('DEV')?.peers.get('10.0.253.1')?.state).toBe('Established')
})

test('MLAG held down is inactive on both switches of the pair only', () => {
  const network = settle(fabric, [{ kind: 'mlag-inactive', device: 'leaf4' }])
  const states = ['leaf1', 'leaf2', 'leaf3', 'leaf4'].map((name) => stateOf(network, name).mlag.state)
  expect(states).toEqual(['active', 'active', 'inactive', 'inactive'])
})

test('a swapped neighbour is heard on that port and on no other', () => {
  const heard = { device: 'leaf4', port: 'Ethernet50/1' }
  const network = settle(fabric, [{ kind: 'lldp-neighbor-swapped', device: 'spine2', port: 'Ethernet3/1', heard }])
  const names = stateOf(network, 'spine2').lldp.map(({ port, neighborDevice }) => `${port} ${neighborDevice}`)
  expect(names).toEqual([
    'Ethernet1/1 leaf1.dc1.example.net',
    'Ethernet2/1 leaf2.dc1.example.net',
    'Ethernet3/1 leaf4.dc1.example.net',
    'Ethernet4/1 leaf4.dc1.example.net',
  ])
})
