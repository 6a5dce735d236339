import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { ShowArguments, ShowContext } from '../../../src/eos/sim/show/format/define.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import type { Json } from '../../../src/model/json.ts'
import { linesOf } from '../../table.ts'
import { readFabric, settle } from './converge-fabric.ts'
import { contextOf, valueAt } from './recorded.ts'

const fabric = readFabric()
const leaf1 = contextOf(fabric, settle(fabric), 'leaf1')

/** leaf1 with another running-config; what the network came to stays. */
const configured = (...lines: readonly string[]) => ({
  ...leaf1,
  running: parseConfig(`${lines.join('\n')}\n`),
})

const commandOf = (words: string) => {
  const found = SHOW_COMMANDS.find((command) => command.words === words)
  if (found === undefined) throw new Error(`no ${words}`)
  return found
}
const json = (words: string, context: ShowContext, args: ShowArguments = {}) => commandOf(words).json?.(context, args)

const EAPI = 'show management api http-commands ip access-list summary'
const IGMP_VLAN = {
  reportFlooding: 'disabled',
  proxyActive: false,
  groupsOverrun: false,
  multicastRouterLearningMode: 'pim-dvmrp',
  pruningActive: false,
  maxGroups: 65_534,
  immediateLeave: 'default',
  floodingTraffic: true,
}

/** The answers are those that ANTA's cases recorded, with the names of these configurations. */
describe('what the catalogue asks', () => {
  test.each([
    [
      'show ip access-lists [<name>]',
      ['ip access-list LabTest', '   10 permit icmp any any', '   20 permit tcp any any range 5900 5910'],
      {
        aclList: [
          {
            name: 'LabTest',
            standard: false,
            sequence: [
              { text: 'permit icmp any any', sequenceNumber: 10 },
              { text: 'permit tcp any any range 5900 5910', sequenceNumber: 20 },
            ],
          },
        ],
      },
    ],
    ['show ip access-lists [<name>]', [], { aclList: [] }],
    [
      EAPI,
      linesOf(`
        management api http-commands
           no shutdown
           ip access-group ACL-HERE in
           !
           vrf MGMT
              no shutdown
              ip access-group ACL_IPV4_API
              ipv6 access-group ACL_IPV6_API
           !
           vrf OLD
              ip access-group ACL_IPV4_API
      `),
      {
        ipAclList: {
          aclList: [
            { type: 'Ip4Acl', name: 'ACL-HERE', configuredVrfs: ['default'], activeVrfs: ['default'] },
            { type: 'Ip4Acl', name: 'ACL_IPV4_API', configuredVrfs: ['MGMT', 'OLD'], activeVrfs: ['MGMT'] },
          ],
        },
      },
    ],
    [EAPI, ['management api http-commands', '   no shutdown'], { ipAclList: { aclList: [] } }],
    [
      'show management api http-commands ipv6 access-list summary',
      ['management api http-commands', '   ipv6 access-group ACL_IPV6_API'],
      {
        ipv6AclList: {
          aclList: [{ type: 'Ip6Acl', name: 'ACL_IPV6_API', configuredVrfs: ['default'], activeVrfs: [] }],
        },
      },
    ],
    [
      'show management ssh ip access-list summary',
      linesOf(`
        management ssh
           ip access-group ACL_IPV4_SSH vrf MGMT in
           !
           vrf MGMT
              no shutdown
      `),
      {
        ipAclList: {
          aclList: [{ type: 'Ip4Acl', name: 'ACL_IPV4_SSH', configuredVrfs: ['MGMT'], activeVrfs: ['MGMT'] }],
        },
      },
    ],
    [
      'show management ssh ipv6 access-list summary',
      ['management ssh', '   ipv6 access-group ACL_IPV6_SSH in', '   shutdown'],
      {
        ipv6AclList: {
          aclList: [{ type: 'Ip6Acl', name: 'ACL_IPV6_SSH', configuredVrfs: ['default'], activeVrfs: [] }],
        },
      },
    ],
    [
      'show snmp ipv4 access-list summary',
      ['snmp-server ipv4 access-list ACL_IPV4_SNMP vrf MGMT', 'snmp-server ipv6 access-list ACL_IPV6_SNMP vrf MGMT'],
      {
        ipAclList: {
          aclList: [{ type: 'Ip4Acl', name: 'ACL_IPV4_SNMP', configuredVrfs: ['MGMT'], activeVrfs: ['MGMT'] }],
        },
      },
    ],
    [
      'show snmp ipv6 access-list summary',
      ['snmp-server ipv6 access-list ACL_IPV6_SNMP', 'no snmp-server vrf default'],
      {
        ipv6AclList: {
          aclList: [{ type: 'Ip6Acl', name: 'ACL_IPV6_SNMP', configuredVrfs: ['default'], activeVrfs: [] }],
        },
      },
    ],
    [
      'show ip',
      ['ip routing', 'router multicast', '   ipv4', '      routing'],
      {
        v4RoutingEnabled: true,
        v6RoutingEnabled: false,
        v6IntfForwarding: false,
        vrrpIntfs: 0,
        v4uRpfState: 'disabled',
        v6uRpfState: 'disabled',
        multicastRouting: { ipMulticastEnabled: true, ip6MulticastEnabled: false },
        v6EcmpInfo: { v6EcmpRouteSupport: true },
      },
    ],
    [
      'show storm-control',
      ['interface Ethernet1', '   storm-control broadcast level pps 100', '!', 'interface Ethernet2'],
      {
        aggregateTrafficClasses: {},
        interfaces: {
          Ethernet1: {
            trafficTypes: {
              broadcast: { level: 100, thresholdType: 'packetsPerSecond', rate: 0, drop: 0, dormant: false },
            },
            active: true,
            reason: '',
            errdisabled: false,
          },
        },
      },
    ],
    ['show queue-monitor length status', ['queue-monitor length'], { lanzEnabled: true }],
    ['show queue-monitor length status', [], { lanzEnabled: false }],
    [
      'show management security',
      ['management security', '   entropy source hardware'],
      { hardwareEntropyEnabled: true, blockedNetworkProtocols: [] },
    ],
    ['show management security', [], { hardwareEntropyEnabled: false, blockedNetworkProtocols: [] }],
    ['show management security ssl certificate', [], { certificates: {} }],
    ['show isis graceful-restart [vrf <vrf>]', [], { vrfs: {} }],
    ['show isis interface brief [vrf <vrf>]', [], { vrfs: {} }],
    ['show isis segment-routing [adjacency-segments] [vrf <vrf>]', [], { vrfs: {} }],
    ['show isis segment-routing tunnel', [], { entries: {} }],
  ])('%s %#', (words, lines, answer) => {
    expect(json(words, configured(...lines))).toEqual(answer)
  })

  test('show ip igmp snooping is on for every VLAN that is not taken out', () => {
    const off = json('show ip igmp snooping', configured('no ip igmp snooping vlan 110'))
    expect(off).toMatchObject({
      igmpSnoopingState: 'enabled',
      robustness: 2,
      vlans: {
        110: { ...IGMP_VLAN, igmpSnoopingState: 'disabled' },
        120: { ...IGMP_VLAN, igmpSnoopingState: 'enabled' },
      },
    })
    expect(json('show ip igmp snooping', configured('no ip igmp snooping'))).toMatchObject({
      igmpSnoopingState: 'disabled',
    })
  })

  test('show ip access-lists prints as it is recorded (ntc)', () => {
    const rows = ['10 permit ip 1.1.1.0/30 any fragments log', '20 permit udp any any eq bfd ttl eq 255']
    const context = configured(
      'ip access-list TEST_1',
      '   10 permit ip host 10.0.0.1 10.0.0.0/24',
      '!',
      'ip access-list test2',
      ...rows.map((row) => `   ${row}`),
    )
    expect(commandOf('show ip access-lists [<name>]').text?.(context, {})).toBe(
      `IP Access List TEST_1\n        10 permit ip host 10.0.0.1 10.0.0.0/24\n\nIP Access List test2\n${rows
        .map((row) => `        ${row}\n`)
        .join('')}`,
    )
  })

  test('show errdisable recovery is off where no cause is named', () => {
    const context = configured('errdisable recovery cause bpduguard', 'errdisable recovery interval 30')
    const rows = commandOf('show errdisable recovery').text?.(context, {}).split('\n') ?? []
    expect(rows.slice(0, 2)).toEqual([
      'Errdisable Reason              Timer Status   Timer Interval',
      '------------------------------ ----------------- --------------',
    ])
    expect(rows.filter((row) => /^(acl|bpduguard) /.test(row)).map((row) => row.split(/\s+/))).toEqual([
      ['acl', 'Disabled', '30'],
      ['bpduguard', 'Enabled', '30'],
    ])
  })

  test('of IS-IS that is configured, what is not simulated is refused', () => {
    const refusal = commandOf('show isis segment-routing tunnel').refuse?.(configured('router isis CORE'), {})
    expect(refusal).toBe('The simulator does not run this part of IS-IS')
    expect(commandOf('show isis segment-routing tunnel').refuse?.(leaf1, {})).toBeUndefined()
  })
})

describe('spanning tree', () => {
  const STATUS = 'show spanning-tree topology [vlan <vlan>] status'
  const FORWARDING = { state: 'forwarding' }

  test('forwards on the ports that are up and carry the VLAN', () => {
    expect(json(STATUS, leaf1, { vlan: '210' })).toMatchObject({
      unmappedVlans: [],
      topologies: { Cist: { interfaces: { 'Port-Channel7': FORWARDING, 'Port-Channel1000': FORWARDING } } },
    })
    expect(json(STATUS, leaf1, { vlan: '999' })).toEqual({ unmappedVlans: [], topologies: {} })
  })

  test('has a topology for each MST instance, for each VLAN of rapid PVST, and one for VLANs without it', () => {
    const names = (...lines: readonly string[]) => {
      const shown = json(STATUS, configured(...lines)) as { readonly topologies: Readonly<Record<string, Json>> }
      return Object.keys(shown.topologies)
    }
    expect(names('spanning-tree mst configuration', '   instance 10 vlan 110-111')).toEqual(['Cist', 'Mst10'])
    expect(names('no spanning-tree vlan-id 4093-4094')).toEqual(['Cist', 'NoStp'])
    expect(names('spanning-tree mode rapid-pvst', 'no spanning-tree vlan-id 111-4094')).toEqual([
      'Vl1',
      'Vl110',
      'NoStp',
    ])
    expect(names('spanning-tree mode none')).toEqual([])
  })

  test('tells of every port when it changed', () => {
    expect(json('show spanning-tree topology [vlan <vlan>] status detail', leaf1)).toMatchObject({
      topologies: {
        Cist: {
          interfaces: {
            Cpu: { state: 'forwarding', numChanges: 1, lastChange: leaf1.bootedAt / 1000 },
            Ethernet9: { state: 'forwarding', numChanges: 1, lastChange: leaf1.bootedAt / 1000 },
          },
        },
      },
    })
  })

  test('counts a BPDU every two seconds', () => {
    const context = { ...leaf1, now: leaf1.bootedAt + 10_000 }
    expect(json('show spanning-tree counters', context)).toMatchObject({
      interfaces: {
        Ethernet9: { bpduSent: 5, bpduReceived: 0, bpduTaggedError: 0, bpduOtherError: 0, bpduRateLimitCount: 0 },
      },
    })
  })

  test('lists a VLAN without it with nothing', () => {
    expect(json('show spanning-tree vlan [<vlan>] [detail]', leaf1, { vlan: '4094' })).toEqual({
      spanningTreeVlanInstances: { 4094: {} },
    })
  })
})

describe('transceivers of copper', () => {
  const text = (words: string) => commandOf(words).text?.(leaf1, {}).split('\n') ?? []

  test('send no light: text as ntc has it, JSON as ANTA has it', () => {
    const lines = text('show interfaces transceiver')
    expect(lines[5]).toBe('Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update')
    expect(lines[7]).toBe('Et1        N/A        N/A       N/A       N/A       N/A      N/A')
    const ports = valueAt(json('show interfaces transceiver dom thresholds', leaf1) ?? null, 'interfaces') ?? null
    expect(valueAt(ports, 'Ethernet1')).toEqual({ displayName: 'Ethernet1' })
  })

  test('are in the cages that have a cable', () => {
    const lines = text('show interfaces transceiver hardware')
    expect(lines.slice(0, 4)).toEqual(['Name: Et1', 'Media type: 25GBASE-CR', 'Maximum slot power (W): N/A', ''])
  })
})

describe('answers that had no recording before', () => {
  test('show snmp names contact, place, sources and hosts as ANTA reads them', () => {
    expect(json('show snmp', leaf1)).toMatchObject({
      contact: { contact: 'noc@example.net' },
      location: { location: 'dc1 row A rack A03' },
      srcIntf: { sourceInterfaces: { MGMT: 'Management1' } },
      logging: { loggingEnabled: true, hosts: { '198.51.100.33': { port: 162, vrf: 'MGMT' } } },
    })
    expect(json('show snmp', configured())).toMatchObject({
      logging: { loggingEnabled: false },
      srcIntf: { sourceInterfaces: {} },
    })
  })

  test('show bgp neighbors tells of signatures, communities and queues', () => {
    expect(json('show bgp neighbors [<address>] [vrf <vrf>]', leaf1, { address: '10.0.250.1' })).toMatchObject({
      vrfs: {
        default: {
          peerList: [
            {
              md5AuthEnabled: true,
              advertisedCommunities: { standard: true, extended: true, large: true },
              peerTcpInfo: { state: 'ESTABLISHED', outputQueueLength: 0, inputQueueLength: 0 },
              dropStats: { inDropAsloop: 0, prefixEvpnDroppedUnsupportedRouteType: 0 },
            },
          ],
        },
      },
    })
  })

  test('one EVPN prefix is shown with its domain and its communities', () => {
    const shown = json('show bgp evpn [<filter...>]', leaf1, {
      filter: 'route-type ip-prefix 10.10.130.0/24 vni 50001',
    })
    expect(shown).toMatchObject({
      evpnRoutes: {
        'RD: 10.0.250.13:50001 ip-prefix 10.10.130.0/24': {
          routeKeyDetail: { rd: '10.0.250.13:50001', nlriType: 'ip-prefix', domain: 'local' },
          evpnRoutePaths: [
            {
              nextHop: '10.0.251.13',
              routeDetail: {
                extCommunities: [
                  'Route-Target-AS:50001:50001',
                  'TunnelEncap:tunnelTypeVxlan',
                  'EvpnRouterMac:02:1c:73:aa:02:03',
                ],
              },
            },
            {},
          ],
        },
      },
    })
  })
})
