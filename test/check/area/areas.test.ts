import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/check/area/index.ts'
import { canonicalJson } from '../../../src/model/canonical-json.ts'
import type { Json } from '../../../src/model/json.ts'
import { reply } from '../check-table.ts'

/** Numbers that move on a switch while nothing changes. */
interface Moving {
  readonly count: number
  readonly time: number
}

/** What a leaf answers to the commands of each area, its counters and times at these values, and the state in it. */
const READINGS: Readonly<
  Record<string, { readonly replies: (moving: Moving) => readonly Json[]; readonly state: Json }>
> = {
  bgp: {
    replies: ({ count, time }) => [
      {
        vrfs: {
          default: {
            vrf: 'default',
            routerId: '10.255.0.3',
            asn: '65101',
            peers: {
              '10.1.0.10': {
                peerState: 'Active',
                peerAsn: '65001',
                ipv4Unicast: { afiSafiState: 'advertised', nlrisReceived: 0 },
              },
              '10.1.0.9': {
                peerState: 'Established',
                peerAsn: '65001',
                msgReceived: count,
                msgSent: count,
                upDownTime: time,
                ipv4Unicast: { afiSafiState: 'negotiated', nlrisReceived: count, nlrisAccepted: count },
                l2VpnEvpn: { afiSafiState: 'negotiated', nlrisReceived: count, nlrisAccepted: count },
              },
            },
          },
          EMPTY: { vrf: 'EMPTY', peers: {} },
        },
      },
      { vrfs: { default: { peers: { '10.1.0.9': { peerState: 'Established', asn: '65001', upDownTime: time } } } } },
    ],
    state: {
      default: {
        '10.1.0.9': {
          state: 'Established',
          asn: '65001',
          families: { ipv4Unicast: 'negotiated', l2VpnEvpn: 'negotiated' },
        },
        '10.1.0.10': { state: 'Active', asn: '65001', families: { ipv4Unicast: 'advertised' } },
      },
    },
  },
  interfaces: {
    replies: ({ count, time }) => [
      {
        interfaceStatuses: {
          Ethernet10: {
            linkStatus: 'notconnect',
            bandwidth: 0,
            duplex: 'duplexUnknown',
            lastChangeTime: time,
            vlanInformation: { interfaceMode: 'trunk', interfaceForwardingModel: 'bridged' },
          },
          Ethernet2: {
            linkStatus: 'connected',
            bandwidth: 100_000_000_000,
            duplex: 'duplexFull',
            description: 'to spine1',
            interfaceType: '100GBASE-SR4',
            inOctets: count,
            vlanInformation: { interfaceMode: 'bridged', vlanId: 10, interfaceForwardingModel: 'bridged' },
          },
          Vxlan1: { linkStatus: 'connected' },
        },
      },
    ],
    state: {
      Ethernet2: { link: 'connected', mode: 'bridged', vlan: 10, bandwidth: 100_000_000_000, duplex: 'duplexFull' },
      Ethernet10: { link: 'notconnect', mode: 'trunk', vlan: 0, bandwidth: 0, duplex: 'duplexUnknown' },
      Vxlan1: { link: 'connected', mode: '', vlan: 0, bandwidth: 0, duplex: '' },
    },
  },
  lldp: {
    replies: ({ count, time }) => [
      {
        tablesLastChangeTime: time,
        tablesAgeOuts: count,
        tablesInserts: count,
        tablesDeletes: count,
        tablesDrops: 0,
        lldpNeighbors: [
          { port: 'Ethernet10', neighborDevice: 'spine2', neighborPort: 'Ethernet1', ttl: 120 },
          { port: 'Ethernet9', neighborDevice: 'spine1', neighborPort: 'Ethernet10', ttl: count },
          { port: 'Ethernet9', neighborDevice: 'spine1', neighborPort: 'Ethernet9', ttl: count },
        ],
      },
    ],
    state: {
      Ethernet9: [
        { device: 'spine1', port: 'Ethernet9' },
        { device: 'spine1', port: 'Ethernet10' },
      ],
      Ethernet10: [{ device: 'spine2', port: 'Ethernet1' }],
    },
  },
  mlag: {
    replies: ({ count, time }) => [
      {
        domainId: 'pair1',
        peerLink: 'Port-Channel1',
        state: 'active',
        negStatus: 'connected',
        peerLinkStatus: 'up',
        localIntfStatus: 'up',
        configSanity: 'consistent',
        mlagPorts: { 'Active-full': 1, Inactive: 1 },
        detail: { udpHeartbeatsSent: count, stateChanges: count, lastStateChangeTime: time },
      },
      {
        interfaces: {
          '40': { localInterface: 'Port-Channel40', status: 'inactive', localInterfaceStatus: 'down' },
          '5': { localInterface: 'Port-Channel5', status: 'active-full', localInterfaceStatus: 'up' },
        },
      },
    ],
    state: {
      state: 'active',
      negotiation: 'connected',
      peerLink: 'up',
      localInterface: 'up',
      configSanity: 'consistent',
      interfaces: {
        '5': { interface: 'Port-Channel5', status: 'active-full' },
        '40': { interface: 'Port-Channel40', status: 'inactive' },
      },
    },
  },
  portchannel: {
    replies: ({ count, time }) => [
      {
        portChannels: {
          'Port-Channel5': {
            activePorts: { PeerEthernet4: { timeBecameActive: time }, Ethernet4: { timeBecameActive: time } },
            inactivePorts: { Ethernet8: { reasonUnconfigured: 'waiting for LACP response', timeBecameInactive: time } },
            rxPorts: {},
            currWeight: count,
          },
        },
      },
    ],
    state: { 'Port-Channel5': { active: ['Ethernet4', 'PeerEthernet4'], inactive: ['Ethernet8'] } },
  },
  vlan: {
    replies: () => [
      {
        sourceDetail: '',
        vlans: {
          '100': {
            name: 'BLUE',
            status: 'active',
            dynamic: false,
            interfaces: { Vxlan1: {}, Ethernet10: {}, Ethernet9: {} },
          },
          '20': { name: 'VLAN0020', status: 'suspended', interfaces: {} },
          '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: { Cpu: {} } },
        },
      },
    ],
    state: {
      '20': { name: 'VLAN0020', status: 'suspended', dynamic: false, interfaces: [] },
      '100': { name: 'BLUE', status: 'active', dynamic: false, interfaces: ['Ethernet9', 'Ethernet10', 'Vxlan1'] },
      '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: ['Cpu'] },
    },
  },
}

const readingOf = (name: string) => {
  const reading = READINGS[name]
  if (reading === undefined) throw new Error(`no reading is prepared for the area ${name}`)
  return reading
}

/** The same JSON with the members of every object in another order: EOS keeps none. */
function reordered(value: Json, turn: number): Json {
  if (Array.isArray(value)) return value.map((one: Json) => reordered(one, turn))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, reordered(member, turn)])
  const at = entries.length === 0 ? 0 : turn % entries.length
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)])
}

describe.each(stateAreas.map((area) => [area.name, area] as const))('the area %s', (name, area) => {
  const { replies, state } = readingOf(name)

  test('keeps what is state', () => {
    const answers = replies({ count: 7, time: 1_700_000_000.5 })
    expect(answers).toHaveLength(area.commands.length)
    expect(area.read(answers.map(reply))).toEqual(state)
  })

  test('reads an unchanged network the same, whatever its counters, times and order', () => {
    const moving = fc.record({ count: fc.nat(), time: fc.double({ min: 0, max: 2e9, noNaN: true }) })
    fc.assert(
      fc.property(moving, fc.nat(9), (numbers, turn) => {
        const answers = replies(numbers).map((answer) => reply(reordered(answer, turn)))
        expect(canonicalJson(area.read(answers))).toBe(canonicalJson(state))
        expect(JSON.stringify(area.read(answers))).toBe(JSON.stringify(area.read(replies(numbers).map(reply))))
      }),
      { numRuns: 50 },
    )
  })

  test.each<[string, Json]>([
    ['a refusal', 'Invalid input'],
    ['an empty answer', {}],
    ['another shape', { vlans: 7, vrfs: [], interfaceStatuses: null }],
    ['an error inside a successful answer', { errors: ['Not supported'] }],
  ])('keeps why it could not be read: %s', (_, answer) => {
    const read = area.read(area.commands.map(() => reply(answer)))
    expect(Object.keys(read as object)).toEqual(['unreadable'])
    expect(canonicalJson(read)).toContain(area.commands[0]?.cmd)
  })
})

test('there are six areas, each prepared here, and in order', () => {
  expect(stateAreas.map(({ name }) => name)).toEqual(['bgp', 'interfaces', 'lldp', 'mlag', 'portchannel', 'vlan'])
  expect(Object.keys(READINGS)).toEqual(stateAreas.map(({ name }) => name))
})
