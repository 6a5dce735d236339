import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { edited, type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'
import { block, contextOf, plainName, routed, row, valueAt } from './recorded.ts'

/** Rules that recorded switches show (lab-validation), on material of our own. */

const MULTI_AGENT = 'service routing protocols model multi-agent'

describe('EVPN', () => {
  test('the ethernet tag of an inclusive multicast route is the VNI in a bundle, and there is none without', () => {
    const show = row(
      '4.23.0.1F',
      `
      service routing protocols model multi-agent
      !
      vlan 20,30,40
      !
      interface Loopback1
         ip address 10.0.0.1/32
      !
      interface Vxlan1
         vxlan source-interface Loopback1
         vxlan vlan 20 vni 10020
         vxlan vlan 30 vni 10030
         vxlan vlan 40 vni 10040
      !
      ip routing
      !
      router bgp 65001
         router-id 10.0.0.1
         vlan 40
            rd 10.0.0.1:40
            route-target both 40:40
            redistribute learned
         !
         vlan-aware-bundle one
            rd 10.0.0.1:1
            route-target both 1:1
            vlan 20
         !
         vlan-aware-bundle two
            rd 10.0.0.1:2
            route-target both 2:2
            vlan 30
    `,
    )
    const routes = valueAt(show('r1', 'show bgp evpn').json, 'evpnRoutes')
    expect(Object.keys(routes ?? {})).toEqual([
      'RD: 10.0.0.1:1 imet 10020 10.0.0.1',
      'RD: 10.0.0.1:2 imet 10030 10.0.0.1',
      'RD: 10.0.0.1:40 imet 10.0.0.1',
    ])
  })
})

test('a prefix that a VRF imports and hears from its own neighbor is there again under its own RD, and in use', () => {
  const fabric = readFabric()
  const command = SHOW_COMMANDS.find(({ words }) => plainName(words) === 'show bgp evpn')
  const json = command?.json?.(contextOf(fabric, settle(fabric), 'leaf1'), { filter: 'route-type ip-prefix' }) ?? null
  const routes = Object.entries(valueAt(json, 'evpnRoutes') ?? {}).filter(([key]) => key.endsWith(' 10.10.130.0/24'))
  const active = routes.map(([key, route]) => [key, valueAt(route, 'evpnRoutePaths', '0', 'routeType', 'active')])
  expect(active).toEqual([
    ['RD: 10.0.250.11:50001 ip-prefix 10.10.130.0/24', true],
    ['RD: 10.0.250.13:50001 ip-prefix 10.10.130.0/24', true],
    ['RD: 10.0.250.14:50001 ip-prefix 10.10.130.0/24', true],
  ])
})

test('two routers behind one VTEP are two ways where each has its own MAC address, unless the VRF has a maximum of one', {
  tags: ['long', 'turn'],
}, () => {
  const shared = '   vxlan virtual-router encapsulation mac-address mlag-system-id\n'
  const alone = edited(edited(readFabric(), 'leaf3', shared, ''), 'leaf4', shared, '')
  const rd = '      rd 10.0.250.11:50001\n'
  const ways = (fabric: Fabric) => {
    const vias = stateOf(settle(fabric), 'leaf1').routes.get('PROD')?.get('10.10.130.0/24')?.vias ?? []
    return vias.map(({ vtep, routerMac }) => `${vtep} ${routerMac}`)
  }
  const [leaf3, leaf4] = ['10.0.251.13 00:1c:73:aa:02:03', '10.0.251.13 00:1c:73:aa:02:04']
  expect(ways(alone)).toEqual([leaf3, leaf4])
  expect(ways(edited(alone, 'leaf1', rd, `${rd}      maximum-paths 1\n`))).toEqual([leaf3])
  expect(ways(readFabric())).toEqual(['10.0.251.13 02:1c:73:aa:02:03'])
})

test('4.21 writes a VRF as `vrf definition`, and its interfaces as `vrf forwarding`', () => {
  const show = row(
    '4.21.1.1F',
    `
    service routing protocols model multi-agent
    vrf definition cust10
    !
    interface Loopback10
       vrf forwarding cust10
       ip address 1.1.4.10/32
    !
    ip routing vrf cust10
  `,
  )
  const routes = valueAt(show('r1', 'show ip route', { vrf: 'all' }).json, 'vrfs', 'cust10', 'routes') ?? {}
  expect(Object.keys(routes)).toEqual(['1.1.4.10/32'])
})

test('a static route over a port is directly connected, without preference and metric', () => {
  const show = row(
    '4.21.1.1F',
    `
      interface Ethernet2
         no switchport
         ip address 10.10.30.2/24
      !
      ip routing
      ip route 172.17.252.0/24 Ethernet2
    `,
    routed('Ethernet1'),
  )
  const routes = valueAt(show('r1', 'show ip route').json, 'vrfs', 'default', 'routes') ?? {}
  const route = valueAt(routes, '172.17.252.0/24')
  expect(route).toMatchObject({ routeType: 'static', directlyConnected: true, vias: [{ interface: 'Ethernet2' }] })
  expect(route).not.toHaveProperty('preference')
})

test.each([
  ['4.23.0.1F', 200],
  ['4.26.2F', 20],
])('%s: a route that came over EVPN from another AS has distance %i', (eos, distance) => {
  const fabric = readFabric()
  const devices = Object.fromEntries(Object.entries(fabric.devices).map(([name, one]) => [name, { ...one, eos }]))
  const route = stateOf(settle({ ...fabric, devices }), 'leaf1')
    .routes.get('PROD')
    ?.get('10.10.130.0/24')
  expect(route?.preference).toBe(distance)
})

describe('a switch of 4.23 in a recorded fabric', () => {
  const leaf = (name: string, command: string, lines: readonly string[] = []) => {
    const context = contextOf(readFabric(), settle(readFabric()), name)
    const running = lines.length === 0 ? context.running : parseConfig(`${lines.join('\n')}\n`)
    const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === command)
    const here = { ...context, running, facts: { ...context.facts, eos: '4.23.5M' } }
    return { json: show?.json?.(here, {}) ?? null, text: show?.text?.(here, {}) ?? '' }
  }

  test('counts the ports of its MLAG peer among the members of an MLAG', { tags: ['long', 'turn'] }, () => {
    const members = valueAt(leaf('leaf1', 'show interfaces').json, 'interfaces', 'Port-Channel1', 'memberInterfaces')
    expect(members).toMatchObject({ PeerEthernet1: { duplex: 'duplexFull', bandwidth: 0 } })
  })

  test('shows nothing of a port in the JSON of a subinterface', () => {
    const show = row(
      '4.23.5M',
      `
      interface Ethernet2
         no switchport
      !
      interface Ethernet2.3
         encapsulation dot1q vlan 3
         ip address 10.0.0.1/30
      !
    `,
    )
    const interfaces = valueAt(show('r1', 'show interfaces').json, 'interfaces') ?? null
    const keys = ['autoNegotiate', 'duplex', 'lanes', 'loopbackMode']
    const held = (name: string) => Object.keys(valueAt(interfaces, name) ?? {}).filter((key) => keys.includes(key))
    expect(held('Ethernet2').sort()).toEqual(keys)
    expect(held('Ethernet2.3')).toEqual([])
  })

  test('has an empty next hop over VXLAN in a VRF with BGP neighbors alone', () => {
    const ways = (fabric: Fabric) => {
      const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === 'show ip route')
      const json = show?.json?.(contextOf(fabric, settle(fabric), 'leaf1'), { vrf: 'PROD' }) ?? null
      return valueAt(json, 'vrfs', 'PROD', 'routes', '10.10.130.0/24', 'vias', '0')
    }
    const way = { vtepAddr: '10.0.251.13', routerMac: '02:1c:73:aa:02:03', vni: 50001 }
    const fabric = readFabric()
    expect(ways(fabric)).toEqual({ ...way, nexthopAddr: '' })
    const rd = '      rd 10.0.250.11:50001\n'
    const head = `${rd}      route-target import evpn 50001:50001\n      route-target export evpn 50001:50001\n      router-id 10.0.250.11\n`
    const neighbor = `${head}      neighbor 10.0.252.1 peer group MLAG-IPv4-UNDERLAY-PEER\n      neighbor 10.0.252.1 description leaf2_Vlan3001\n`
    expect(ways(edited(fabric, 'leaf1', neighbor, head))).toEqual(way)
  })

  test('has one virtual MAC address, and in the default VRF no router', () => {
    expect(leaf('leaf1', 'show ip virtual-router', ['ip virtual-router mac-address 00:00:00:11:12:10']).json).toEqual({
      virtualMac: '00:00:00:11:12:10',
      virtualRouters: [],
      advertiseInterval: 30,
    })
  })

  test('without MLAG says what it would wait for', () => {
    expect(leaf('spine1', 'show mlag detail').json).toMatchObject({
      state: 'disabled',
      localInterface: '',
      peerLink: '',
      reloadDelay: 300,
      reloadDelayNonMlag: 300,
      dualPrimaryDetectionState: 'disabled',
      detail: { mlagState: 'disabled', heartbeatInterval: 4000, effectiveHeartbeatInterval: 0, mountChanges: 0 },
    })
  })

  test('counts EVPN among the prefixes of a neighbor, and names its maximum', () => {
    const { text } = leaf('leaf1', 'show ip bgp neighbors')
    expect(text).toMatch(/^ {4}EVPN: {10,} +\d+ +\d+$/m)
    expect(text).toContain('  Configured maximum total number of routes is 12000\n')
  })
})

test('a BFD session of OSPF is up where both ends ask for it', () => {
  const lines = (address: string, ...more: readonly string[]) => [
    `ip address ${address}`,
    'ip ospf network point-to-point',
    'ip ospf area 0.0.0.0',
    ...more,
  ]
  const end = (port: string, address: string, ...more: readonly string[]) => [
    ...routed(port, ...lines(address, ...more)),
    ...['ip routing', '!', 'router ospf 1'],
  ]
  const asked = 'ip ospf neighbor bfd'
  const states = (left: readonly string[], right: readonly string[]) => {
    const show = row('4.23.5M', end('Ethernet2', '10.0.0.0/31', ...left), end('Ethernet1', '10.0.0.1/31', ...right))
    return ['r1', 'r2'].map((name) => {
      const entry = valueAt(
        show(name, 'show ip ospf neighbor').json,
        'vrfs',
        'default',
        'instList',
        '1',
        'ospfNeighborEntries',
        '0',
      )
      return `${valueAt(entry ?? null, 'details', 'bfdState')} ${valueAt(entry ?? null, 'details', 'bfdRequestSent')}`
    })
  }
  expect(states([], [])).toEqual(['adminDown false', 'adminDown false'])
  expect(states([asked], [])).toEqual(['down true', 'adminDown false'])
  expect(states([asked], [asked])).toEqual(['up true', 'up true'])
})

describe('a switch of 4.26 and 4.27 in a recorded fabric', () => {
  const text = (name: string, command: string, args: Readonly<Record<string, string>> = {}, eos = '4.27.0F') => {
    const context = contextOf(readFabric(), settle(readFabric()), name)
    const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === command)
    return (show?.text?.({ ...context, facts: { ...context.facts, eos } }, args) ?? '').split('\n')
  }

  test('says of MLAG whose ports it has switched off by who is primary, and names no heartbeat address', {
    tags: ['long', 'turn'],
  }, () => {
    const of = (name: string) =>
      text(name, 'show mlag detail').filter((line) => /^State {2}|errdisabled {2}/.test(line))
    expect([of('leaf1'), of('leaf2')]).toEqual([
      [
        'State                           :             primary',
        'Peer ports errdisabled          :               False',
      ],
      [
        'State                           :           secondary',
        'Ports errdisabled               :               False',
      ],
    ])
    const alone = row('4.27.0F', ['hostname r1'])
    expect(alone('r1', 'show mlag').text).not.toContain('hb-peer-address')
    expect(row('4.28.0F', ['hostname r1'])('r1', 'show mlag').text).toContain(
      'hb-peer-address                    :             0.0.0.0',
    )
  })

  test('says that BGP is off, and that a VRF does not route', () => {
    const show = row(
      '4.27.0F',
      `
      vrf instance MGMT
      !
      ip routing
      no ip routing vrf MGMT
    `,
    )
    expect(show('r1', 'show ip bgp summary').text).toBe('BGP is disabled for VRF default\n')
    expect(show('r1', 'show bgp evpn summary').text).toBe('BGP is disabled for VRF default\n')
    const routes = (vrf: string) => show('r1', 'show ip route', { vrf }).text.includes('\n! IP routing not enabled\n')
    expect([routes('MGMT'), routes('default')]).toEqual([true, false])
    const old = row('4.23.5M', ['ip routing'])
    expect(old('r1', 'show bgp evpn summary').text).toBe('')
  })

  test('names the VTEPs by what goes to them', { tags: ['long', 'turn'] }, () => {
    expect(text('leaf1', 'show vxlan vtep').slice(4, 6)).toEqual(['10.0.251.13          flood, unicast', ''])
    const fabric = readFabric()
    const without = (lines: RegExp) => {
      const left = (fabric.configs.get('leaf1') ?? '').replaceAll(lines, '')
      const changed = { ...fabric, configs: new Map(fabric.configs).set('leaf1', left) }
      const context = contextOf(changed, settle(changed), 'leaf1')
      const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === 'show vxlan vtep')
      return ['4.23.5M', '4.27.0F'].map(
        (eos) => show?.text?.({ ...context, facts: { ...context.facts, eos } }, {}).split('\n')[4],
      )
    }
    expect(without(/^ {3}vxlan vlan .*\n/gm)).toEqual(['10.0.251.13          unicast', '10.0.251.13          unicast'])
    // A switch of 4.27 that imports nothing into a VRF still knows of the prefixes in EVPN.
    expect(without(/^ +route-target import evpn .*\n/gm)).toEqual([
      '10.0.251.13          flood',
      '10.0.251.13          flood, unicast',
    ])
  })

  test('shows the ports of its MLAG peer that are in no MLAG', () => {
    const shown = text('leaf2', 'show vlan', { vlans: '120' })
    expect(shown[2]).toMatch(/^120 .* Cpu, Et9, PEt9, Po1/)
  })
})

describe('BGP', () => {
  test('a neighbor of a VRF has nothing of a neighbor of router bgp with the same address but its group', () => {
    const show = row(
      '4.27.0F',
      `
      vrf instance A
      !
      interface Ethernet2
         no switchport
         vrf A
         ip address 10.0.0.1/31
      !
      ip routing
      ip routing vrf A
      !
      router bgp 65001
         neighbor PEERS peer group
         neighbor PEERS remote-as 65001
         neighbor 10.0.0.0 peer group PEERS
         neighbor 10.0.0.0 description r2
         neighbor 10.0.0.0 shutdown
         vrf A
            neighbor 10.0.0.0 peer group PEERS
    `,
    )
    const peer = (vrf: string) =>
      valueAt(show('r1', 'show ip bgp summary', { vrf: 'all' }).json, 'vrfs', vrf, 'peers', '10.0.0.0')
    expect(peer('default')).toMatchObject({
      description: 'r2',
      peerState: 'Idle',
      peerStateIdleReason: 'AdminShutDown',
    })
    expect(peer('A')).toMatchObject({ asn: '65001' })
    expect(peer('A')).not.toHaveProperty('description')
    expect(peer('A')).not.toMatchObject({ peerStateIdleReason: 'AdminShutDown' })
  })

  const asked = (show: ReturnType<typeof row>, vrf: string) =>
    valueAt(show('r1', 'show ip bgp', { filter: 'vrf all' }).json, 'vrfs', vrf, 'routerId')

  test('a VRF without a router-id takes the highest loopback of its own, then the one of the default VRF', () => {
    const show = row(
      '4.23.0.1F',
      `
      service routing protocols model multi-agent
      !
      vrf instance A
      !
      vrf instance B
      !
      vrf instance C
      !
      interface Loopback1
         vrf A
         ip address 10.1.0.9/32
      !
      interface Loopback2
         vrf A
         ip address 10.1.0.10/32
      !
      interface Loopback3
         vrf C
         ip address 10.3.0.1/32
      !
      interface Ethernet1
         no switchport
         vrf B
         ip address 10.2.0.1/24
      !
      router bgp 65001
         router-id 10.0.0.1
         vrf A
            rd 1:A
         !
         vrf B
            rd 1:B
         !
         vrf C
            router-id 10.3.0.99
    `,
    )
    const found = ['default', 'A', 'B', 'C'].map((vrf) => asked(show, vrf))
    expect(found).toEqual(['10.0.0.1', '10.1.0.10', '10.0.0.1', '10.3.0.99'])
  })

  test('a VRF with neither takes the highest address that it has up, as internet-vrf of a recorded exit', () => {
    const exit = `
      service routing protocols model multi-agent
      vrf instance internet-vrf
      !
      interface Loopback0
         ip address 10.0.0.31/32
      !
      interface Ethernet2
         no switchport
      !
      interface Ethernet2.4
         encapsulation dot1q vlan 4
         vrf internet-vrf
         ip address 169.254.254.9/30
      !
      interface Ethernet2.5
         encapsulation dot1q vlan 5
         vrf internet-vrf
         ip address 169.254.127.1/31
      !
      router bgp 64520
         router-id 10.0.0.31
         vrf internet-vrf
            rd 1:1
    `
    const show = row('4.23.5M', exit, routed('Ethernet1'))
    expect(asked(show, 'internet-vrf')).toBe('169.254.254.9')
  })

  test('what the neighbor drops because it finds its own AS is sent, and not received', () => {
    const speaker = (asn: number, own: string, port: string, address: string, peer: string) => [
      MULTI_AGENT,
      ...block('interface Loopback0', `ip address ${own}/32`),
      ...routed(port, `ip address ${address}`),
      ...['ip routing', `router bgp ${asn}`, `   router-id ${own}`, `   neighbor ${peer} remote-as 65001`],
      `   network ${own}/32`,
    ]
    const show = row(
      '4.23.0.1F',
      speaker(65_102, '1.1.1.1', 'Ethernet2', '10.0.0.0/31', '10.0.0.1'),
      `
        service routing protocols model multi-agent
        interface Ethernet1
           no switchport
           ip address 10.0.0.1/31
        !
        interface Ethernet2
           no switchport
           ip address 10.0.0.2/31
        !
        ip routing
        router bgp 65001
           router-id 2.2.2.2
           neighbor 10.0.0.0 remote-as 65102
           neighbor 10.0.0.3 remote-as 65102
      `,
      speaker(65_102, '3.3.3.3', 'Ethernet1', '10.0.0.3/31', '10.0.0.2'),
    )
    const peers = (name: string) => valueAt(show(name, 'show ip bgp neighbors').json, 'vrfs', 'default', 'peerList')
    expect(peers('r2')).toMatchObject([
      { peerAddress: '10.0.0.0', prefixesSent: 1, prefixesReceived: 1 },
      { peerAddress: '10.0.0.3', prefixesSent: 1, prefixesReceived: 1 },
    ])
    expect(peers('r3')).toMatchObject([{ prefixesSent: 1, prefixesReceived: 0 }])
  })

  const pair = (eos: string, model: readonly string[]) =>
    row(
      eos,
      [
        ...model,
        ...routed('Ethernet2', 'ip address 10.0.0.0/31'),
        'ip routing',
        '!',
        'router bgp 65001',
        '   router-id 10.0.0.1',
        '   neighbor 10.0.0.1 remote-as 65002',
        '   neighbor 10.0.0.1 route-map IN in',
        '   address-family ipv4',
        '      neighbor 10.0.0.1 route-map OUT out',
      ],
      [
        ...model,
        ...routed('Ethernet1', 'ip address 10.0.0.1/31'),
        'ip routing',
        '!',
        ...block('router bgp 65002', 'router-id 10.0.0.2', 'neighbor 10.0.0.0 remote-as 65001'),
      ],
    )
  const keys = (eos: string, model: readonly string[], names: readonly string[]) => {
    const peer = valueAt(
      pair(eos, model)('r1', 'show ip bgp neighbors', { vrf: 'all' }).json,
      'vrfs',
      'default',
      'peerList',
      '0',
    )
    return names.map((name) => valueAt(peer ?? null, name))
  }

  test.each([
    ['4.21.1.1F', 'multi-agent', [undefined, undefined, undefined]],
    ['4.21.1.1F', 'ribd', [1, null, 4]],
    ['4.22.0F', 'multi-agent', [1, 255, 4]],
    ['4.23.0.1F', 'ribd', [1, null, 4]],
  ])('%s with %s: TTL and version of a neighbor', (eos, model, values) => {
    expect(keys(eos, model === 'ribd' ? [] : [MULTI_AGENT, '!'], ['ttl', 'maxTtlHops', 'negotiatedVersion'])).toEqual(
      values,
    )
  })

  test.each([
    ['4.21.1.1F', 'multi-agent', ['IN', 'OUT']],
    ['4.21.1.1F', 'ribd', ['IN', undefined]],
    ['4.23.0.1F', 'ribd', ['IN', 'OUT']],
  ])('%s with %s: a route-map of the address family is shown, but not by ribd of 4.21', (eos, model, values) => {
    expect(keys(eos, model === 'ribd' ? [] : [MULTI_AGENT, '!'], ['routeMapInbound', 'routeMapOutbound'])).toEqual(
      values,
    )
  })
})

describe('interfaces', () => {
  test('without an address an SVI has an element of zeros, and a port has none unless it speaks IPv6 on 4.36', () => {
    const zeros = [{ address: '0.0.0.0', maskLen: 0 }]
    const config = [
      ...['vlan 10', '!', ...block('interface Vlan10')],
      ...routed('Ethernet1'),
      ...routed('Ethernet2', 'ipv6 enable'),
    ]
    const shown = (eos: string) =>
      ['Management1', 'Ethernet1', 'Ethernet2', 'Vlan10'].map((port) => {
        const all = valueAt(row(eos, config)('r1', 'show interfaces').json, 'interfaces', port, 'interfaceAddress')
        return Array.isArray(all) ? all.map((one) => valueAt(one, 'primaryIp')) : all
      })
    expect(shown('4.21.1.1F')).toEqual([[], [], [], []])
    expect(shown('4.23.0.1F')).toEqual([[], [], [], zeros])
    expect(shown('4.36.0.1F')).toEqual([[], [], zeros, zeros])
  })

  test('a subinterface is of its own hardware, and an MTU is configured on a switched port, too', () => {
    const config = [
      ...routed('Ethernet1'),
      ...block('interface Ethernet1.2', 'encapsulation dot1q vlan 2', 'ip address 10.0.0.1/30'),
      ...block('interface Port-Channel3', 'mtu 9000', 'switchport access vlan 10'),
    ]
    const interfaces = valueAt(row('4.23.5M', config)('r1', 'show interfaces').json, 'interfaces') ?? null
    expect(valueAt(interfaces, 'Ethernet1.2', 'hardware')).toBe('subinterface')
    expect(valueAt(interfaces, 'Ethernet1', 'hardware')).toBe('ethernet')
    const configured = ['Port-Channel3', 'Ethernet1'].map((port) => valueAt(interfaces, port, 'l3MtuConfigured'))
    expect(configured).toEqual([true, false])
  })
})

test('the columns of show vrf are as wide as what is in them, also with multicast', () => {
  const show = row(
    '4.23.0.1F',
    `
    vrf instance a-longer-name
    !
    interface Ethernet1
       no switchport
       ip address 10.0.0.1/24
    !
    interface Loopback0
       vrf a-longer-name
       ip address 10.0.1.1/32
    !
    ip routing
    ip routing vrf a-longer-name
    !
    router bgp 65001
       vrf a-longer-name
          rd 10.0.1.1:65535
    !
    router multicast
       ipv4
          routing
  `,
  )
  expect(show('r1', 'show vrf').text.split('\n')).toEqual([
    'Maximum number of vrfs allowed: 1024',
    '   VRF                 RD                   Protocols       State                     Interfaces',
    '------------------- -------------------- --------------- ---------------------------- ----------',
    '   default             <not set>            ipv4,ipv6       v4:routing; multicast,    Ethernet1',
    '                                                            v6:no routing',
    '   a-longer-name       10.0.1.1:65535       ipv4,ipv6       v4:routing,               Loopback0',
    '                                                            v6:no routing',
    '',
  ])
})

describe('without numbers', () => {
  const ends = (own: string, port: string) => [
    ...block('interface Loopback0', `ip address ${own}/32`, 'ip ospf area 0.0.0.0'),
    ...routed(port, 'ip address unnumbered Loopback0', 'ip ospf network point-to-point', 'ip ospf area 0.0.0.0'),
    ...['ip routing', '!'],
    ...block('router ospf 1', `router-id ${own}`),
  ]

  test('an unnumbered port shows the address of its loopback, and OSPF comes up over it', () => {
    const show = row('4.23.0.1F', ends('10.0.0.1', 'Ethernet2'), ends('10.0.0.2', 'Ethernet1'))
    const primary = valueAt(
      show('r1', 'show interfaces').json,
      'interfaces',
      'Ethernet2',
      'interfaceAddress',
      '0',
      'primaryIp',
    )
    expect(primary).toEqual({ address: '10.0.0.1', maskLen: 32 })
    const routes = valueAt(show('r1', 'show ip route').json, 'vrfs', 'default', 'routes') ?? null
    expect(valueAt(routes, '10.0.0.1/32', 'vias')).toEqual([{ interface: 'Loopback0' }])
    expect(valueAt(routes, '10.0.0.2/32')).toEqual({
      hardwareProgrammed: true,
      routeType: 'OSPF',
      routeLeaked: false,
      kernelProgrammed: true,
      routeAction: 'forward',
      directlyConnected: true,
      vias: [{ interface: 'Ethernet2' }],
    })
    expect(show('r1', 'show ip route').text).toContain(' O        10.0.0.2/32 is directly connected, Ethernet2\n')
  })

  test('a port with IPv6 alone is of its VRF, and `ip routing ipv6 interfaces` routes', () => {
    const show = row(
      '4.36.0.1F',
      `
      interface Ethernet1
         no switchport
         ipv6 enable
      !
      interface Ethernet2
         no switchport
         ip address 10.0.0.1/24
         ipv6 address 2001:db8::1/64
      !
      ip routing ipv6 interfaces
    `,
    )
    expect(valueAt(show('r1', 'show vrf').json, 'vrfs', 'default')).toMatchObject({
      protocols: { ipv4: { routingState: 'up' } },
      interfaces: ['Ethernet1', 'Ethernet2'],
      interfacesV4: ['Ethernet2'],
      interfacesV6: ['Ethernet1', 'Ethernet2'],
    })
  })

  const port = (asn: number, own: string, name: string, more: string) => [
    MULTI_AGENT,
    '!',
    ...block('interface Loopback0', `ip address ${own}/32`),
    ...routed(name, 'ipv6 enable'),
    ...['ip routing ipv6 interfaces', 'ipv6 unicast-routing', '!'],
    `router bgp ${asn}`,
    `   router-id ${own}`,
    '   neighbor G peer group',
    `   neighbor interface ${name.replace('ernet', '')} peer-group G${more}`,
    ...['   address-family ipv4', '      neighbor G activate', `      network ${own}/32`],
  ]

  test('`neighbor interface` brings a session up, with link-local next hops', () => {
    const show = row('4.36.0.1F', port(65_001, '1.1.1.1', 'Ethernet2', ' remote-as 65002'), [
      'peer-filter ALL',
      '   10 match as-range 65000-65100 result accept',
      '!',
      ...port(65_002, '2.2.2.2', 'Ethernet1', ' peer-filter ALL'),
    ])
    const peers = (name: string) =>
      valueAt(show(name, 'show bgp neighbors').json, 'vrfs', 'default', 'peerList') ?? null
    expect(valueAt(peers('r1'), '0')).toMatchObject({
      peerAddress: 'fe80::21c:73ff:fe00:2%Et2',
      asn: '65002',
      state: 'Established',
      updateSource: 'fe80::21c:73ff:fe00:1',
      ifName: 'Ethernet2',
      prefixesReceived: 1,
    })
    expect(valueAt(peers('r2'), '0')).toMatchObject({ peerAddress: 'fe80::21c:73ff:fe00:1%Et1', asn: '65001' })
    expect(valueAt(show('r1', 'show ip bgp neighbors').json, 'vrfs', 'default', 'peerList')).toEqual([])
    const routes = valueAt(show('r1', 'show ip route').json, 'vrfs', 'default', 'routes') ?? null
    expect(valueAt(routes, '1.1.1.1/32')).toMatchObject({ directlyConnected: true, preference: 0, metric: 0 })
    expect(valueAt(routes, '2.2.2.2/32')).toMatchObject({
      routeType: 'eBGP',
      vias: [{ nexthopAddr: 'fe80::21c:73ff:fe00:2', interface: 'Ethernet2' }],
    })
  })

  test('a wrong AS, or nobody at the other end, brings no session', () => {
    const states = (more: string, far: readonly string[]) => {
      const show = row('4.36.0.1F', port(65_001, '1.1.1.1', 'Ethernet2', more), far)
      const peers = valueAt(show('r1', 'show bgp neighbors').json, 'vrfs', 'default', 'peerList')
      return Array.isArray(peers) ? peers.map((peer) => valueAt(peer, 'state')) : []
    }
    const far = port(65_002, '2.2.2.2', 'Ethernet1', ' remote-as 65001')
    expect(states(' remote-as 65002', far)).toEqual(['Established'])
    expect(states(' remote-as 65003', far)).toEqual(['Active'])
    expect(states('', far)).toEqual(['Idle'])
    expect(states(' remote-as 65002', routed('Ethernet1', 'ipv6 enable'))).toEqual([])
  })
})

test.each([
  ['4.23.0.1F', {}, {}],
  ['4.36.0.1F', { leastpref: false }, { globalAddressesAreVirtual: false }],
])('%s: IPv6 of an interface, as recorded', (eos, each, all) => {
  const show = row(
    eos,
    `
    interface Ethernet1
       no switchport
       ipv6 enable
    !
    interface Loopback0
       ipv6 address 2001:DB8:0::1/128
    !
    interface Management1
       ipv6 address 3fff:172:20:20::3/64
    !
  `,
  )
  const ipv6 = (port: string) => valueAt(show('r1', 'show interfaces').json, 'interfaces', port, 'interfaceAddressIp6')
  const flags = { ...each, dadfailed: false }
  expect(ipv6('Ethernet1')).toEqual({
    linkLocalIp6: { address: 'fe80::21c:73ff:fe00:1', subnet: 'fe80::/64', active: false, ...flags },
    globalUnicastIp6s: [],
    ...all,
    addrSource: 'manual',
  })
  expect(ipv6('Management1')).toEqual({
    linkLocalIp6: { address: 'fe80::21c:73ff:fe00:0', subnet: 'fe80::/64', active: true, ...flags },
    globalUnicastIp6s: [{ address: '3fff:172:20:20::3', subnet: '3fff:172:20:20::/64', active: true, ...flags }],
    ...all,
    addrSource: 'manual',
  })
  expect(ipv6('Loopback0')).toEqual({
    globalUnicastIp6s: [{ address: '2001:db8::1', subnet: '2001:db8::1/128', active: true, ...flags }],
    ...all,
  })
  expect(ipv6('Ethernet2')).toBeUndefined()
  const listed = valueAt(show('r1', 'show ipv6 interface').json, 'interfaces') ?? null
  expect(Object.keys(listed ?? {})).toEqual(['Ethernet1', 'Loopback0', 'Management1'])
  expect(valueAt(listed, 'Ethernet1', 'linkLocal', 'address')).toBe('fe80::21c:73ff:fe00:1')
  expect(valueAt(listed, 'Loopback0', 'linkLocal')).toBeUndefined()
})
