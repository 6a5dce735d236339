import type { Json } from '../../../src/model/json.ts'
import type { Row } from './row.ts'

/** What `ping` prints at its end. */
const statistics = (sent: number, received: number): Json => ({
  messages: [`\n--- 192.0.2.1 ping statistics ---\n${sent} packets transmitted, ${received} received, time 1ms\n`],
})

const heard = (systemName: string, port: string): Json => ({
  systemName,
  neighborInterfaceInfo: { interfaceId: `"${port}"`, interfaceId_v2: port },
})

const spine1 = { port: 'et1', neighbor_device: 'spine1', neighbor_port: 'Ethernet7' }

/** What the checks of `connectivity` must say. */
export const rows: readonly Row[] = [
  {
    check: 'VerifyReachability',
    name: 'every packet is answered',
    inputs: { hosts: [{ destination: '192.0.2.1' }, { destination: '2001:db8:0::1', source: 'lo0', repeat: 12 }] },
    outputs: [statistics(2, 2), statistics(12, 12)],
    result: 'success',
  },
  {
    check: 'VerifyReachability',
    name: 'some faults of four',
    inputs: {
      hosts: [
        { destination: '192.0.2.1', description: 'gateway', source: 'vlan110', vrf: 'PROD' },
        { destination: '192.0.2.2', reachable: false },
        { destination: '192.0.2.3', source: '198.51.100.9' },
        { destination: '2001:DB8::2' },
      ],
    },
    outputs: [
      statistics(2, 0),
      statistics(2, 1),
      { messages: ['ping: bind: Cannot assign requested address\n'] },
      { messages: ['ping: connect: Network is unreachable\n'] },
    ],
    result: 'failure',
    messages: [
      'Destination 192.0.2.1 (gateway) from Vlan110 in VRF PROD - Packet loss detected - Transmitted: 2 Received: 0',
      'Destination 192.0.2.2 in VRF default - Destination is expected to be unreachable but found reachable',
      "Destination 192.0.2.3 from 198.51.100.9 in VRF default - Error when executing ping: 'ping: bind: Cannot assign requested address'",
      'Destination 2001:db8::2 in VRF default - Unreachable',
    ],
  },
  {
    check: 'VerifyReachability',
    name: 'a packet is lost, and 12 are not 2',
    inputs: { hosts: [{ destination: '192.0.2.1', repeat: 12 }] },
    outputs: [statistics(12, 2)],
    result: 'failure',
    messages: ['Destination 192.0.2.1 in VRF default - Packet loss detected - Transmitted: 12 Received: 2'],
  },
  {
    check: 'VerifyReachability',
    name: 'nothing answers that should not',
    inputs: {
      hosts: [
        { destination: '192.0.2.1', reachable: false },
        { destination: '192.0.2.2', reachable: false },
      ],
    },
    outputs: [statistics(2, 0), { messages: ['ping: connect: Network is unreachable\n'] }],
    result: 'success',
  },
  {
    check: 'VerifyReachability',
    name: 'a ping that did not run says nothing of a host that should not answer',
    inputs: { hosts: [{ destination: '192.0.2.1', reachable: false }] },
    outputs: [{ messages: ['ping: unknown iface Vlan9'] }],
    result: 'failure',
    messages: ["Destination 192.0.2.1 in VRF default - Error when executing ping: 'ping: unknown iface Vlan9'"],
  },
  {
    check: 'VerifyReachability',
    name: 'no hosts are nothing to judge',
    inputs: { hosts: [] },
    outputs: [],
    result: 'error',
    messages: [
      'the check `VerifyReachability` does not accept its inputs at hosts: Too small: expected array to have >=1 items',
    ],
  },
  {
    check: 'VerifyReachability',
    name: 'empty',
    inputs: { hosts: [{ destination: '192.0.2.1' }] },
    outputs: [{ messages: [] }],
    result: 'error',
    messages: ['`ping vrf default 192.0.2.1 size 100 repeat 2` answered in an unknown shape at messages'],
  },
  {
    check: 'VerifyReachability',
    name: 'absent',
    inputs: { hosts: [{ destination: '192.0.2.1', source: 'Management1', df_bit: true, size: 1500, vrf: 'MGMT' }] },
    outputs: [],
    result: 'error',
    messages: ['`ping vrf MGMT 192.0.2.1 source Management1 size 1500 df-bit repeat 2` was not answered'],
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'one of two neighbors, with its domain',
    inputs: { require_fqdn: false, neighbors: [spine1] },
    outputs: [
      {
        lldpNeighbors: {
          Ethernet1: { lldpNeighborInfo: [heard('phone', 'eth0'), heard('spine1.example.com', 'Ethernet7')] },
        },
      },
    ],
    result: 'success',
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'an older version has the port in quotes',
    inputs: { neighbors: [spine1] },
    outputs: [
      {
        lldpNeighbors: {
          Ethernet1: {
            lldpNeighborInfo: [
              {
                systemName: 'spine1',
                neighborInterfaceInfo: { interfaceId: '"Ethernet7"', interfaceId_v2: 'Ethernet1' },
              },
            ],
          },
        },
      },
    ],
    result: 'failure',
    messages: ['Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine1/Ethernet1'],
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'no port, no neighbor, another port, a name that only begins so',
    inputs: {
      require_fqdn: false,
      neighbors: [
        spine1,
        { ...spine1, port: 'Ethernet2' },
        { ...spine1, port: 'Ethernet3' },
        { ...spine1, port: 'Ethernet4' },
        { ...spine1, port: 'Ethernet5' },
      ],
    },
    outputs: [
      {
        lldpNeighbors: {
          Ethernet2: { lldpNeighborInfo: [] },
          Ethernet3: {
            lldpNeighborInfo: [
              {
                systemName: 'spine1',
                neighborInterfaceInfo: { interfaceId: '"Ethernet8"', interfaceId_v2: 'Ethernet8' },
              },
              {
                systemName: 'spine2',
                neighborInterfaceInfo: { interfaceId: '"Ethernet7"', interfaceId_v2: 'Ethernet7' },
              },
            ],
          },
          Ethernet4: {
            lldpNeighborInfo: [
              {
                systemName: 'spine10.example.com',
                neighborInterfaceInfo: { interfaceId: '"Ethernet7"', interfaceId_v2: 'Ethernet7' },
              },
            ],
          },
          Ethernet5: {
            lldpNeighborInfo: [
              {
                systemName: 'DC1-SPINE1.local.com',
                neighborInterfaceInfo: {
                  interfaceIdType: 'interfaceName',
                  interfaceId: 'Ethernet1',
                  interfaceId_v2: 'Ethernet1',
                  interfaceDescription: 'P2P_LINK_TO_DC1-LEAF1A_Ethernet1',
                },
              },
            ],
          },
        },
      },
    ],
    result: 'failure',
    messages: [
      'Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Port not found',
      'Port: Ethernet2 Neighbor: spine1 Neighbor Port: Ethernet7 - No LLDP neighbors',
      'Port: Ethernet3 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine1/Ethernet8, spine2/Ethernet7',
      'Port: Ethernet4 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine10.example.com/Ethernet7',
      'Port: Ethernet5 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: DC1-SPINE1.local.com/Ethernet1',
    ],
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'a domain is one name too many where the whole name is required',
    inputs: { neighbors: [spine1] },
    outputs: [{ lldpNeighbors: { Ethernet1: { lldpNeighborInfo: [heard('spine1.example.com', 'Ethernet7')] } } }],
    result: 'failure',
    messages: [
      'Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine1.example.com/Ethernet7',
    ],
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'empty',
    inputs: { neighbors: [spine1] },
    outputs: [{ lldpNeighbors: {} }],
    result: 'failure',
    messages: ['Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Port not found'],
  },
  {
    check: 'VerifyLLDPNeighbors',
    name: 'absent',
    inputs: { neighbors: [spine1] },
    outputs: [],
    result: 'error',
    messages: ['`show lldp neighbors detail` was not answered'],
  },
]
