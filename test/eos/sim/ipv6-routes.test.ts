import { expect, test } from 'vitest'
import { ipv6RoutesArea } from '../../../src/eos/check/area/show-ip-route.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { reply } from '../check/check-table.ts'
import { edited, readFabric, settle } from './converge-fabric.ts'
import { contextOf } from './recorded.ts'

test('connected and static IPv6 routes, by VRF and of one VRF', () => {
  const uplink = 'interface Ethernet49/1\n'
  const fabric = edited(readFabric(), 'leaf1', uplink, `${uplink}   ipv6 address 2001:db8:1::1/64\n`)
  const lines = [
    'ipv6 route 2001:db8:9::/48 2001:db8:1::2',
    'ipv6 route 2001:db8:a::/48 Null0',
    'ipv6 route 2001:db8:b::/48 2001:db8:2::2',
    'ipv6 route vrf PROD 2001:db8:c::/48 Null0',
  ]
  const routed = edited(fabric, 'leaf1', 'ip routing vrf PROD\n', `ip routing vrf PROD\n!\n${lines.join('\n')}\n`)
  const show = SHOW_COMMANDS.find(({ words }) => words === 'show ipv6 route [vrf <vrf>]')
  const context = contextOf(routed, settle(routed), 'leaf1')
  const all = show?.json?.(context, { vrf: 'all' }) ?? null
  const inDefault = {
    '2001:db8:1::/64': 'connected [0/0] via Ethernet49/1',
    '2001:db8:9::/48': 'static [1/0] via 2001:db8:1::2 Ethernet49/1',
    '2001:db8:a::/48': 'static [1/0] drop',
  }
  expect(ipv6RoutesArea.read([reply(all)])).toMatchObject({
    default: { routes: inDefault, hosts: 0 },
    PROD: { routes: { '2001:db8:c::/48': 'static [1/0] drop' }, hosts: 0 },
  })
  expect(ipv6RoutesArea.read([reply(show?.json?.(context, {}) ?? null)])).toEqual({
    default: { routes: inDefault, hosts: 0 },
  })
})
