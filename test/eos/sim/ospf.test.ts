import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { NetworkState, SwitchState } from '../../../src/eos/sim/converge/network-state.ts'

const PORTS = ['Ethernet1', 'Ethernet2', 'Ethernet3']

function network(configs: Readonly<Record<string, string>>, cables: readonly string[]) {
  const inputs = Object.entries(configs).map(([name, text], at) => {
    const facts = {
      model: 'cEOSLab',
      eos: '4.32.2F',
      serial: '',
      systemMac: `00:1c:73:00:00:0${at}`,
      interfaces: PORTS,
    }
    return { name, config: parseConfig(text), facts, up: true }
  })
  return converge(inputs, cables.map(cable), [], 0)
}

function cable(text: string) {
  const [[a = '', aPort = ''] = [], [b = '', bPort = ''] = []] = text.split(' ').map((end) => end.split(':'))
  return { a: { device: a, port: `Ethernet${aPort}` }, b: { device: b, port: `Ethernet${bPort}` } }
}

const port = (name: string, address: string, ...lines: readonly string[]) =>
  [`interface ${name}`, ...(name.startsWith('Eth') ? ['no switchport'] : []), `ip address ${address}`, ...lines]
    .map((line, at) => (at === 0 ? line : `   ${line}`))
    .concat('!', '')
    .join('\n')

const ospf = (id: number, ...lines: readonly string[]) =>
  ['ip routing', 'router ospf 1', `router-id 0.0.0.${id}`, ...lines]
    .map((line, at) => (at < 2 ? line : `   ${line}`))
    .concat('!', '')
    .join('\n')

function state(net: NetworkState, name: string) {
  const found = net.switches.get(name)
  if (found === undefined) throw new Error(`no switch ${name}`)
  return found
}

const routes = (here: SwitchState) =>
  [...(here.routes.get('default')?.values() ?? [])]
    .filter(({ type }) => type !== 'connected')
    .map(({ prefix, type, preference, metric, vias }) => {
      const ways = vias.map((via) => `${via.nexthop} ${via.interface}`)
      return `${prefix} ${type} ${preference}/${metric} ${ways.sort().join(', ')}`
    })

const P2P = 'ip ospf network point-to-point'
/** A square: a to d by b or by c; b is in area 0 only, d hangs its loopback into area 1. */
const SQUARE = {
  a:
    port('Ethernet1', '10.0.1.0/31', P2P) +
    port('Ethernet2', '10.0.2.0/31', P2P) +
    port('Loopback0', '1.1.1.1/32') +
    ospf(1, 'network 0.0.0.0/0 area 0'),
  b:
    port('Ethernet1', '10.0.1.1/31', P2P) +
    port('Ethernet2', '10.0.3.0/31', P2P) +
    ospf(2, 'network 10.0.0.0/8 area 0'),
  c:
    port('Ethernet1', '10.0.2.1/31', P2P) +
    port('Ethernet2', '10.0.4.0/31', P2P) +
    ospf(3, 'network 10.0.0.0/8 area 0'),
  d:
    port('Ethernet1', '10.0.3.1/31', P2P) +
    port('Ethernet2', '10.0.4.1/31', P2P) +
    port('Loopback0', '4.4.4.4/32', 'ip ospf area 0.0.0.1') +
    ospf(4, 'network 10.0.0.0/8 area 0'),
}
const LINKS = ['a:1 b:1', 'a:2 c:1', 'b:2 d:1', 'c:2 d:2']

describe('OSPF', () => {
  test('shortest ways, equal ones together, areas apart', () => {
    const net = network(SQUARE, LINKS)
    expect(routes(state(net, 'a'))).toEqual([
      '10.0.3.0/31 OSPF 110/20 10.0.1.1 Ethernet1',
      '10.0.4.0/31 OSPF 110/20 10.0.2.1 Ethernet2',
      '4.4.4.4/32 ospfInterArea 110/30 10.0.1.1 Ethernet1, 10.0.2.1 Ethernet2',
    ])
    const { neighbors } = state(net, 'b').ospf[0] ?? { neighbors: [] }
    expect(neighbors.map(({ routerId, interface: name, area }) => `${routerId} ${name} ${area}`)).toEqual([
      '0.0.0.1 Ethernet1 0.0.0.0',
      '0.0.0.4 Ethernet2 0.0.0.0',
    ])
  })

  test('a cost moves the traffic, a passive interface has no neighbour, a network type that differs neither', () => {
    const dear = network({ ...SQUARE, a: SQUARE.a.replace(P2P, `${P2P}\n   ip ospf cost 100`) }, LINKS)
    expect(routes(state(dear, 'a'))).toContain('4.4.4.4/32 ospfInterArea 110/30 10.0.2.1 Ethernet2')
    const passive = network(
      { ...SQUARE, b: `${SQUARE.b.replace(/!\n$/, '')}   passive-interface Ethernet1\n!\n` },
      LINKS,
    )
    expect(state(passive, 'a').ospf[0]?.neighbors.map(({ routerId }) => routerId)).toEqual(['0.0.0.3'])
    const broadcast = network({ ...SQUARE, c: SQUARE.c.replace(`   ${P2P}\n`, '') }, LINKS)
    expect(state(broadcast, 'a').ospf[0]?.neighbors.map(({ routerId }) => routerId)).toEqual(['0.0.0.2'])
  })

  test('external routes: redistribution by a route-map, a default route while there is one', () => {
    const d = `${SQUARE.d.replace(/!\n$/, '')}   redistribute static route-map OUT\n   default-information originate\n!\nip route 203.0.113.0/24 Null0\nip route 198.51.100.0/24 Null0\nip prefix-list P seq 10 permit 203.0.113.0/24\nroute-map OUT permit 10\n   match ip address prefix-list P\n   set metric 7\n!\n`
    const net = network({ ...SQUARE, d }, LINKS)
    expect(routes(state(net, 'b')).filter((line) => line.includes('External'))).toEqual([
      '203.0.113.0/24 ospfExternalType2 110/7 10.0.3.1 Ethernet2',
    ])
    const withDefault = network({ ...SQUARE, d: `${d}ip route 0.0.0.0/0 Null0\n` }, LINKS)
    expect(routes(state(withDefault, 'a'))).toContain(
      '0.0.0.0/0 ospfExternalType2 110/1 10.0.1.1 Ethernet1, 10.0.2.1 Ethernet2',
    )
  })

  test('next hops behind OSPF: static routes, and iBGP between loopbacks', () => {
    const bgp = (id: string, peer: string, ...lines: readonly string[]) =>
      [
        'router bgp 65000',
        `router-id ${id}`,
        `neighbor ${peer} remote-as 65000`,
        `neighbor ${peer} update-source Loopback0`,
        ...lines,
      ]
        .map((line, at) => (at === 0 ? line : `   ${line}`))
        .concat('!', '')
        .join('\n')
    const net = network(
      {
        ...SQUARE,
        a: `${SQUARE.a}ip route 192.0.2.0/24 4.4.4.4\n${bgp('1.1.1.1', '4.4.4.4')}`,
        d: `${SQUARE.d}${port('Loopback9', '9.9.9.9/32')}${bgp('4.4.4.4', '1.1.1.1', 'network 9.9.9.9/32')}`,
      },
      LINKS,
    )
    const ways = '10.0.1.1 Ethernet1, 10.0.2.1 Ethernet2'
    expect(routes(state(net, 'a')).slice(-2)).toEqual([
      `192.0.2.0/24 static 1/0 ${ways}`,
      `9.9.9.9/32 iBGP 200/0 ${ways}`,
    ])
    expect(state(net, 'd').bgp.get('default')?.peers.get('1.1.1.1')?.state).toBe('Established')
    const cut = network({ ...SQUARE, a: `${SQUARE.a}ip route 192.0.2.0/24 4.4.4.9\n` }, LINKS)
    expect(routes(state(cut, 'a')).filter((line) => line.includes('static'))).toEqual([])
  })
})
