import { describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import type { Json } from '../../../src/model/json.ts'
import { linesOf } from '../../table.ts'

const compared = (area: string, before: Json | undefined, after: Json | undefined) =>
  stateAreas.find(({ name }) => name === area)?.describe(before, after)

const described = (area: string, before: Json | undefined, after: Json | undefined) => {
  const outcome = compared(area, before, after)
  return outcome?.comparable === true ? outcome.changes.map(({ text }) => text) : undefined
}

const port = { link: 'connected', mode: 'bridged', vlan: 110, bandwidth: 25_000_000_000, duplex: 'duplexFull' }
const peer = { state: 'Established', asn: '65001', families: { ipv4Unicast: 'negotiated' } }
const vlan = { name: 'PROD-WEB', status: 'active', dynamic: false, interfaces: ['Ethernet1', 'Port-Channel5'] }
const mlag = {
  state: 'active',
  negotiation: 'connected',
  peerLink: 'up',
  localInterface: 'up',
  configSanity: 'consistent',
}
const bond = { interface: 'Port-Channel5', status: 'active-full' }

describe('what became of the state', () => {
  test.each([
    ['bgp', { default: { '10.0.0.1': peer } }, { default: { '10.0.0.1': peer } }, ''],
    [
      'bgp',
      { default: { '10.0.0.1': peer, '10.0.0.3': peer, '10.0.0.20': peer } },
      {
        default: {
          '10.0.0.1': { ...peer, state: 'Idle', asn: '65009', families: { l2VpnEvpn: 'negotiated' } },
          '10.0.0.20': peer,
        },
        PROD: { '10.9.0.1': peer },
      },
      `
          BGP 10.0.0.1 in default: Established -> Idle
          BGP 10.0.0.1 in default, AS: 65001 -> 65009
          BGP 10.0.0.1 in default, ipv4Unicast: negotiated -> none
          BGP 10.0.0.1 in default, l2VpnEvpn: none -> negotiated
          BGP 10.0.0.3 in default removed: was Established
          BGP 10.9.0.1 in PROD added: Established, AS 65001
        `,
    ],
    [
      'interfaces',
      { Ethernet2: port, Ethernet3: port, Ethernet10: port },
      {
        Ethernet2: {
          ...port,
          link: 'notconnect',
          mode: 'routed',
          vlan: 0,
          bandwidth: 100_000_000,
          duplex: 'duplexHalf',
        },
        Ethernet10: { ...port, bandwidth: 2_500_000_000 },
        Ethernet11: port,
      },
      `
          interface Ethernet2: connected -> notconnect
          interface Ethernet2 mode: bridged -> routed
          interface Ethernet2 VLAN: 110 -> none
          interface Ethernet2 bandwidth: 25G -> 100M
          interface Ethernet2 duplex: duplexFull -> duplexHalf
          interface Ethernet3 removed: was connected
          interface Ethernet10 bandwidth: 25G -> 2.5G
          interface Ethernet11 added: connected
        `,
    ],
    [
      'vlan',
      { 110: vlan, 111: vlan, 112: vlan },
      {
        110: {
          ...vlan,
          status: 'suspended',
          name: 'PROD-APP',
          dynamic: true,
          interfaces: ['Ethernet2', 'Port-Channel5'],
        },
        112: vlan,
        120: { ...vlan, interfaces: [] },
      },
      `
          VLAN 110: active -> suspended
          VLAN 110 name: PROD-WEB -> PROD-APP
          VLAN 110 origin: configured -> dynamic
          VLAN 110: Ethernet2 added
          VLAN 110: Ethernet1 removed
          VLAN 111 removed: was PROD-WEB
          VLAN 120 added: PROD-WEB, active, on no interface
        `,
    ],
    [
      'lldp',
      { 'Ethernet49/1': [{ device: 'spine1', port: 'Ethernet1/1' }], Ethernet2: [{ device: 'a', port: '1' }] },
      {
        Ethernet1: [{ device: 'host', port: 'eth0' }],
        Ethernet2: [
          { device: 'a', port: '1' },
          { device: 'b', port: '2' },
        ],
      },
      `
          LLDP Ethernet1: none -> host eth0
          LLDP Ethernet2: a 1 -> a 1, b 2
          LLDP Ethernet49/1: spine1 Ethernet1/1 -> lost
        `,
    ],
    [
      'mlag',
      { ...mlag, interfaces: { 5: bond, 6: bond } },
      {
        ...mlag,
        state: 'inactive',
        peerLink: 'down',
        interfaces: { 5: { ...bond, status: 'active-partial' }, 7: bond },
      },
      `
          MLAG: active -> inactive
          MLAG peer link: up -> down
          MLAG 5 (Port-Channel5): active-full -> active-partial
          MLAG 6 (Port-Channel5) removed: was active-full
          MLAG 7 (Port-Channel5) added: active-full
        `,
    ],
    [
      'portchannel',
      {
        'Port-Channel5': { active: ['Ethernet1', 'Ethernet2'], inactive: ['Ethernet3'] },
        'Port-Channel6': { active: [], inactive: [] },
      },
      {
        'Port-Channel5': { active: ['Ethernet3', 'Ethernet4'], inactive: ['Ethernet1'] },
        'Port-Channel7': { active: ['Ethernet9'], inactive: [] },
      },
      `
          Port-Channel5: Ethernet4 added
          Port-Channel5: Ethernet2 removed
          Port-Channel5: Ethernet1 active -> inactive
          Port-Channel5: Ethernet3 inactive -> active
          Port-Channel6 removed: was none active
          Port-Channel7 added: Ethernet9 active, none inactive
        `,
    ],
  ])('%s', (area, before, after, lines) => {
    expect(described(area, before, after)).toEqual(linesOf(lines))
  })

  test('a reading that is missing, failed or of another shape is an outcome of its, never "no change"', () => {
    expect(compared('bgp', undefined, undefined)).toEqual({
      comparable: false,
      fault: 'missing',
      text: 'bgp cannot be compared: before: it was not read; after: it was not read',
    })
    expect(compared('bgp', undefined, {})).toEqual({
      comparable: false,
      fault: 'missing',
      text: 'bgp cannot be compared: before: it was not read',
    })
    expect(compared('bgp', { unreadable: 'not converged' }, { default: 7 })).toEqual({
      comparable: false,
      fault: 'unreadable',
      text: 'bgp cannot be compared: before: not converged; after: it is not of a known shape',
    })
  })

  test('a change tells its subject, what of it changed, and both sides', () => {
    const idle = { ...peer, state: 'Idle' }
    expect(compared('bgp', { PROD: { '10.0.0.1': peer } }, { PROD: { '10.0.0.1': idle, '10.0.0.3': peer } })).toEqual({
      comparable: true,
      changes: [
        {
          subject: '10.0.0.1',
          vrf: 'PROD',
          kind: 'changed',
          attribute: 'state',
          was: 'Established',
          is: 'Idle',
          text: 'BGP 10.0.0.1 in PROD: Established -> Idle',
        },
        {
          subject: '10.0.0.3',
          vrf: 'PROD',
          kind: 'added',
          is: peer,
          text: 'BGP 10.0.0.3 in PROD added: Established, AS 65001',
        },
      ],
    })
    expect(compared('interfaces', { Ethernet3: port }, { Ethernet3: { ...port, vlan: 0 } })).toMatchObject({
      changes: [{ subject: 'Ethernet3', kind: 'changed', attribute: 'vlan', was: 110, is: 0 }],
    })
    expect(compared('vlan', { 110: vlan }, {})).toMatchObject({
      changes: [{ subject: '110', kind: 'removed', was: vlan }],
    })
  })
})
