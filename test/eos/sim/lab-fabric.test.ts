import { expect, test } from 'vitest'
import { labFabric, type RecordedSwitch } from './lab-fabric.ts'

const described = (name: string, port: string, description: string) => ({
  name,
  config: `hostname ${name}\n!\ninterface ${port}\n   description ${description}\n!\nend\n`,
  show: {},
})

/** What the ports of two switches are cabled to, written `DEVICE PORT - DEVICE PORT`. */
function cables(...switches: readonly RecordedSwitch[]) {
  const { cabling } = labFabric({ name: 'lab', switches })
  return cabling.map(({ a, b }) => `${a.device} ${a.port} - ${b.device} ${b.port}`)
}

test('the description of a port names the far port, whatever the names look like', () => {
  const left = described('dc1_leaf1', 'Ethernet3', 'MLAG_PEER_dc1_leaf2_Ethernet4')
  const right = described('dc1_leaf2', 'Ethernet4', 'MLAG_PEER_DC1_LEAF1_Ethernet3')
  expect(cables(left, right)).toEqual(['dc1_leaf1 Ethernet3 - dc1_leaf2 Ethernet4'])
  expect(
    cables(described('10a', 'Ethernet1', 'P2P_UPLINK_TO_b.2_Ethernet5'), described('b.2', 'Ethernet5', 'x')),
  ).toEqual(['10a Ethernet1 - b.2 Ethernet5'])
})

test('a name that ends like another one is not taken for it, and a switch that nobody recorded is a host', () => {
  const [short, long] = [described('leaf1', 'Ethernet9', 'spare'), described('b-leaf1', 'Ethernet2', 'spare')]
  expect(cables(described('a', 'Ethernet1', 'to_b-leaf1_Ethernet2'), short, long)).toEqual([
    'a Ethernet1 - b-leaf1 Ethernet2',
    'leaf1 Ethernet9 - host of leaf1 Ethernet9 eth0',
  ])
  expect(cables(described('a', 'Ethernet1', 'MLAG_PEER_c_Ethernet1'))).toEqual([
    'a Ethernet1 - host of a Ethernet1 eth0',
  ])
})

test('what a switch has heard over LLDP comes before what descriptions say', () => {
  const heard = { systemName: 'b.example.net', neighborInterfaceInfo: { interfaceId: '"Ethernet7"' } }
  const show = { 'show lldp neighbors detail | json': { lldpNeighbors: { Ethernet1: { lldpNeighborInfo: [heard] } } } }
  const a = { ...described('a', 'Ethernet1', 'MLAG_PEER_c_Ethernet2'), show }
  expect(cables(a, described('b', 'Ethernet7', 'x'), described('c', 'Ethernet2', 'x'))).toEqual([
    'a Ethernet1 - b Ethernet7',
    'c Ethernet2 - host of c Ethernet2 eth0',
  ])
})
