import { expect, test } from 'vitest'
import { behindQuestion } from '../../../src/change/plan/behind.ts'
import type { TouchedThings } from '../../../src/change/plan/touched.ts'
import type { BehindQuestion, BehindSwitch } from '../../../src/change/task/act/behind.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { Reply } from '../../../src/eos/device/device.ts'
import type { Json } from '../../../src/model/json.ts'
import { linesOf } from '../../table.ts'

const RUNNING = parseConfig(`interface Port-Channel7
   description servers
!
interface Ethernet1
   vrf PROD
!
interface Ethernet7
   description as configured
!
interface Vlan10
   vrf PROD
!
router bgp 65001
   neighbor 10.1.1.1 description spine one
   vrf PROD
      neighbor 10.2.2.2 description firewall
`)

const NOTHING: TouchedThings = { ports: [], vlans: [], vrfs: [], neighbors: [] }

/** What one switch answers, by hand, in the shapes that are recorded. */
const ANSWERS: Readonly<Record<string, Json>> = {
  'show interfaces': {
    interfaces: {
      Ethernet7: {
        description: 'srv-db-2',
        lineProtocolStatus: 'up',
        lastStatusChangeTimestamp: 1_000_000,
        interfaceMembership: 'Member of Port-Channel7',
        interfaceStatistics: { updateInterval: 300, inBitsRate: 1_234_567.8, outBitsRate: 12.2 },
      },
      'Port-Channel7': { description: '', lineProtocolStatus: 'lowerLayerDown', lastStatusChangeTimestamp: 9e9 },
    },
  },
  'show lldp neighbors': {
    lldpNeighbors: [
      { port: 'Ethernet7', neighborDevice: 'srv-db-2', neighborPort: 'eth0' },
      { port: 'Ethernet48', neighborDevice: 'leaf2.example.net', neighborPort: 'Ethernet48' },
    ],
  },
  'show port-channel': {
    portChannels: {
      'Port-Channel7': { activePorts: { Ethernet7: {}, PeerEthernet7: {} }, inactivePorts: { Ethernet8: {} } },
      'Port-Channel1000': { activePorts: { Ethernet48: {} }, inactivePorts: {} },
    },
  },
  'show mlag': { state: 'active', peerLink: 'Port-Channel1000' },
  'show mlag interfaces': {
    interfaces: { 7: { localInterface: 'Port-Channel7', peerInterface: 'Port-Channel17', status: 'active-full' } },
  },
  'show mac address-table': {
    unicastTable: {
      tableEntries: [
        { vlanId: 10, macAddress: '00:1c:73:00:00:01', interface: 'Port-Channel7' },
        { vlanId: 20, macAddress: '00:1c:73:00:00:01', interface: 'Port-Channel7' },
        { vlanId: 10, macAddress: '00:1c:73:00:00:02', interface: 'Port-Channel7' },
        { vlanId: 10, macAddress: '00:1c:73:00:00:03', interface: 'Ethernet1' },
      ],
    },
  },
  'show arp vrf all': {
    vrfs: {
      default: { ipV4Neighbors: [{ address: '192.0.2.9', interface: 'Ethernet1' }] },
      PROD: {
        ipV4Neighbors: [
          { address: '10.0.10.11', interface: 'Vlan10, Port-Channel7' },
          { address: '10.0.10.12', interface: 'Vlan10, Port-Channel7' },
          { address: '10.0.10.13', interface: 'Vlan10, Vxlan1' },
        ],
      },
    },
  },
  'show vlan': {
    vlans: { 10: { name: 'WEB', status: 'active', interfaces: { 'Port-Channel7': {}, Ethernet1: {}, Cpu: {} } } },
  },
  'show bgp summary vrf all': {
    vrfs: {
      default: { peers: { '10.1.1.1': { peerState: 'Established', peerAsn: 65100 } } },
      PROD: { peers: { '10.2.2.2': { peerState: 'Idle', peerAsn: '65200' } } },
    },
  },
}

const commandsOf = (question: BehindQuestion | undefined) => question?.commands.map(({ cmd }) => cmd) ?? []

function told(things: Partial<TouchedThings>, refused: Readonly<Record<string, string>> = {}): BehindSwitch {
  const question = behindQuestion({ ...NOTHING, ...things }, RUNNING)
  if (question === undefined) throw new RangeError('nothing is asked')
  const replies = question.commands.map(({ cmd }): Reply => {
    const json = ANSWERS[cmd]
    const error = refused[cmd]
    return error === undefined && json !== undefined
      ? { ok: true, json }
      : { ok: false, error: error ?? 'Invalid input' }
  })
  return question.told(replies, 1_000_090)
}

const PORT_COMMANDS = linesOf(`
  show interfaces
  show lldp neighbors
  show port-channel
  show mlag
  show mlag interfaces
  show mac address-table
  show arp vrf all
`)
const BGP_COMMANDS = ['show bgp summary vrf all', 'show ip bgp summary vrf all']

test.each([
  ['nothing', {}, []],
  ['a port', { ports: ['Ethernet7'] }, PORT_COMMANDS],
  ['a VLAN', { vlans: [10] }, ['show vlan', 'show mac address-table', 'show arp vrf all']],
  ['a VRF', { vrfs: ['PROD'] }, ['show arp vrf all']],
  ['a neighbour', { neighbors: [{ neighbor: '10.1.1.1', vrf: 'default' }] }, BGP_COMMANDS],
  [
    'all of them, each command once',
    { ports: ['Ethernet7'], vlans: [10], vrfs: ['PROD'], neighbors: [{ neighbor: '10.1.1.1', vrf: 'default' }] },
    [...PORT_COMMANDS, 'show vlan', ...BGP_COMMANDS],
  ],
])('what is asked about %s', (_what, things, commands) => {
  expect(commandsOf(behindQuestion({ ...NOTHING, ...things }, RUNNING))).toEqual(commands)
})

test('a member of a port-channel: its neighbour, its MLAG, the hosts of its port-channel', () => {
  expect(told({ ports: ['Ethernet7'] })).toEqual({
    ports: [
      {
        name: 'Ethernet7',
        description: 'srv-db-2',
        link: 'up',
        forSeconds: 90,
        heard: [{ device: 'srv-db-2', port: 'eth0' }],
        memberOf: 'Port-Channel7',
        mlag: { id: '7', partner: 'leaf2.example.net', port: 'Port-Channel17' },
        hosts: 2,
        addresses: ['10.0.10.11', '10.0.10.12'],
        traffic: { in: 1_234_568, out: 12, over: 300 },
      },
    ],
  })
})

test('a port-channel is heard on its members; a time that lies ahead of the clock of the switch is left out', () => {
  expect(told({ ports: ['Port-Channel7'] }).ports).toEqual([
    {
      name: 'Port-Channel7',
      description: 'servers',
      link: 'lowerLayerDown',
      heard: [{ device: 'srv-db-2', port: 'eth0' }],
      members: ['Ethernet7', 'Ethernet8'],
      mlag: { id: '7', partner: 'leaf2.example.net', port: 'Port-Channel17' },
      hosts: 2,
      addresses: ['10.0.10.11', '10.0.10.12'],
    },
  ])
})

test('a VLAN, a VRF and neighbours', () => {
  const neighbors = [
    { neighbor: '10.1.1.1', vrf: 'default' },
    { neighbor: '10.2.2.2', vrf: 'PROD' },
    { neighbor: '10.3.3.3', vrf: 'PROD' },
  ]
  expect(told({ vlans: [10, 30], vrfs: ['PROD'], neighbors })).toEqual({
    vlans: [
      { vlan: 10, name: 'WEB', ports: ['Cpu', 'Ethernet1', 'Port-Channel7'], portCount: 3, hosts: 3, arp: 3 },
      { vlan: 30, hosts: 0, arp: 0 },
    ],
    vrfs: [{ vrf: 'PROD', interfaces: ['Ethernet1', 'Vlan10'], interfaceCount: 2, arp: 3 }],
    neighbors: [
      { neighbor: '10.1.1.1', vrf: 'default', description: 'spine one', state: 'Established', asn: '65100' },
      { neighbor: '10.2.2.2', vrf: 'PROD', description: 'firewall', state: 'Idle', asn: '65200' },
      { neighbor: '10.3.3.3', vrf: 'PROD' },
    ],
  })
})

test('what a switch refuses is said to be not read, and the rest is told', () => {
  const found = told(
    { ports: ['Ethernet7'] },
    { 'show mac address-table': 'not authorised', 'show mlag': 'Agent down' },
  )
  expect(found.unread).toEqual([
    { what: 'show mac address-table', because: '`show mac address-table` was refused: not authorised' },
    { what: 'show mlag', because: '`show mlag` was refused: Agent down' },
  ])
  expect(found.ports?.[0]).toMatchObject({ name: 'Ethernet7', memberOf: 'Port-Channel7', description: 'srv-db-2' })
  expect(found.ports?.[0]).not.toHaveProperty('hosts')
  expect(found.ports?.[0]).not.toHaveProperty('mlag')
})

test('a switch that answers nothing is known by its running-config alone', () => {
  const question = behindQuestion({ ...NOTHING, ports: ['Ethernet7'], vlans: [10] }, RUNNING)
  expect(question?.untold('the answer was lost')).toEqual({
    ports: [{ name: 'Ethernet7', description: 'as configured' }],
    vlans: [{ vlan: 10 }],
    unread: [{ what: 'what is behind', because: 'the answer was lost' }],
  })
})

test('an answer in a strange shape is not read, and a name of JavaScript is no port', () => {
  const question = behindQuestion({ ...NOTHING, ports: ['constructor'] }, RUNNING)
  const replies = commandsOf(question).map((): Reply => ({ ok: true, json: { interfaces: [], vrfs: 7, state: {} } }))
  const found = question?.told(replies, 0)
  expect(found?.ports).toEqual([{ name: 'constructor' }])
  expect(found?.unread?.map(({ what }) => what)).toEqual(
    linesOf(`
    show mac address-table
    show arp vrf all
    show interfaces
    show lldp neighbors
    show port-channel
    show mlag
  `),
  )
})

test('of more than 40 things the rest is counted', () => {
  const vlans = Array.from({ length: 43 }, (_, index) => index + 100)
  const question = behindQuestion({ ...NOTHING, ports: ['Ethernet7'], vlans }, RUNNING)
  const found = question?.untold('off')
  expect([found?.ports?.length, found?.vlans?.length, found?.more]).toEqual([1, 39, 4])
})
