import { describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import { routesArea } from '../../../src/eos/check/area/show-ip-route.ts'
import { isWithin, type Tolerances } from '../../../src/eos/check/finding/compare.ts'
import type { Json } from '../../../src/model/json.ts'
import { reply } from './check-table.ts'

const told = (name: string, before: Json, after: Json, tolerances?: Tolerances) => {
  const comparison = stateAreas.find((area) => area.name === name)?.describe(before, after, tolerances)
  if (comparison?.comparable !== true) throw new Error(comparison?.text ?? name)
  return comparison.changes.map(({ text }) => text)
}

describe('a tolerance', () => {
  test.each([
    [{}, 7, 7, true],
    [{}, 7, 8, false],
    [{ percent: 2 }, 100, 98, true],
    [{ percent: 2 }, 100, 97, false],
    [{ percent: 2 }, 0, 1, false],
    [{ percent: 100 }, 3, 0, true],
    [{ by: 1 }, -2.5, -3.5, true],
    [{ by: 1 }, -2.5, -3.51, false],
    [{ by: 1 }, -1.2, -2.2, true],
    [{ by: 0 }, 0, 1, false],
    [{ percent: 0 }, 7, 8, false],
    [{ percent: 20, by: 2 }, 4, 2, true],
    [{ percent: 20, by: 2 }, 100, 81, true],
    [{ percent: 10 }, -40, -36, true],
  ])('%o: %d and %d are the same: %s', (tolerance, was, is, same) => {
    expect(isWithin(tolerance, was, is)).toBe(same)
  })
})

describe('what moves by itself', () => {
  const prefixes = (count: number) => ({ default: { '10.0.0.1': { ipv4Unicast: count } } })
  const optics = (dbm: number) => ({ Ethernet1: { rx: { '1': dbm * 100 }, tx: {} } })

  test.each([
    ['bgp-prefixes', prefixes(1000), prefixes(980), []],
    ['bgp-prefixes', prefixes(1000), prefixes(979), ['BGP 10.0.0.1 in default, ipv4Unicast prefixes: 1000 -> 979']],
    ['bgp-prefixes', prefixes(14), prefixes(13), ['BGP 10.0.0.1 in default, ipv4Unicast prefixes: 14 -> 13']],
    ['evpn', { 'mac-ip': 100, imet: 4 }, { 'mac-ip': 92, imet: 4 }, []],
    ['evpn', { 'mac-ip': 100, imet: 100 }, { 'mac-ip': 92, imet: 99 }, ['EVPN imet routes: 100 -> 99']],
    ['arp', { default: 4 }, { default: 2 }, []],
    ['arp', { default: 40 }, { default: 20 }, ['ARP entries in default: 40 -> 20']],
    ['mac', { 110: 5 }, {}, ['MAC addresses in VLAN 110: 5 -> 0']],
    ['optics', optics(-2), optics(-3), []],
    ['optics', optics(-2), optics(-4), ['optics of Ethernet1, rx lane 1: -2 dBm -> -4 dBm']],
    ['route-counts', { default: { bgp: 100 } }, { default: { bgp: 50 } }, ['bgp routes in default: 100 -> 50']],
    ['route-counts', { default: { bgp: 100 } }, { default: { bgp: 99 } }, []],
  ])('%s: %j -> %j', (area, before, after, lines) => {
    expect(told(area, before, after)).toEqual(lines)
  })

  test('another tolerance may be given: for one quantity, or for all', () => {
    expect(told('bgp-prefixes', prefixes(100), prefixes(99), { ipv4Unicast: {} })).toHaveLength(1)
    expect(told('bgp-prefixes', prefixes(100), prefixes(50), { '*': { percent: 50 } })).toEqual([])
    expect(told('optics', optics(-2), optics(-4), { rx: { by: 2 } })).toEqual([])
    expect(told('arp', { default: 4 }, { default: 3 }, { '*': {} })).toHaveLength(1)
    expect(told('errors', {}, { Ethernet1: { inDiscards: 9 } }, { '*': { by: 10 } })).toEqual([])
  })

  test('states of what is down anyway, and which server keeps the time', () => {
    const peer = (state: string) => ({ default: { '10.0.0.1': { state, asn: '65001' } } })
    expect(told('bgp', peer('Idle'), peer('Connect'))).toEqual([])
    expect(told('bgp', peer('Connect'), peer('Established'))).toHaveLength(1)
    const ospf = (state: string) => ({
      default: { '10.0.0.1 on Ethernet1': { neighbor: '10.0.0.1', instance: '1', area: '0.0.0.0', state } },
    })
    expect(told('ospf', ospf('exStart'), ospf('exchange'))).toEqual([])
    expect(told('ospf', ospf('full'), ospf('exStart'))).toHaveLength(1)
  })
})

describe('a routing table of hundreds of thousands of prefixes', () => {
  const table = (size: number) => {
    const via = [{ nexthopAddr: '10.0.0.1', interface: 'Ethernet1' }]
    const prefixes = Array.from({ length: size }, (_, at) => `${1 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.0/24`)
    const routes = prefixes.map((prefix) => [prefix, { routeType: 'eBGP', preference: 20, metric: 0, vias: via }])
    return { vrfs: { default: { routes: Object.fromEntries(routes) } } }
  }

  test('is counted: what is kept of it is small, and a part that is lost is named in one line', {
    tags: ['long', 'turn'],
  }, () => {
    const [full, most, half] = [100_000, 98_500, 50_000].map((size) => routesArea.read([reply(table(size))]))
    expect(full).toEqual({ default: { routes: {}, hosts: 0, unlisted: { eBGP: 100_000 } } })
    expect(told('routes', full ?? null, most ?? null)).toEqual([])
    expect(told('routes', full ?? null, half ?? null)).toEqual(['eBGP routes in default: 100000 -> 50000'])
    const few = routesArea.read([reply(table(2))])
    expect(told('routes', full ?? null, few)).toEqual(['eBGP routes in default: 100000 -> 2'])
  })
})
