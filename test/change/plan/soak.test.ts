import { describe, expect, test } from 'vitest'
import type { ComparedEvidence } from '../../../src/change/plan/seal.ts'
import { slowestTimer, stableForOf } from '../../../src/change/plan/soak.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { partOf } from '../../lab/part-of.ts'

const shows = (before: string, after = before, device = 'leaf1') =>
  partOf<ComparedEvidence>({ device, comparison: { before: parseConfig(before), after: parseConfig(after) } })

const bgp = (...lines: readonly string[]) => `router bgp 65101\n${lines.map((line) => `   ${line}\n`).join('')}`
const port = (...lines: readonly string[]) => `interface Ethernet55/1\n${lines.map((line) => `   ${line}\n`).join('')}`

const PEER = 'neighbor 10.0.1.0 remote-as 65000'
const GROUP = ['neighbor SPINES peer group', 'neighbor SPINES remote-as 65000', 'neighbor 10.0.1.0 peer group SPINES']
const LACP = 'channel-group 1000 mode active'

describe('the slowest protocol timer of a configuration', () => {
  test.each([
    ['nothing that has one', 'vlan 5\n', undefined],
    ['an interface in an OSPF area', port('ip ospf area 0.0.0.0'), [40, 'OSPF dead interval']],
    ['its own dead interval', port('ip ospf dead-interval 8', 'ip ospf area 0.0.0.0'), [8, 'OSPF dead interval']],
    ['OSPF by networks', 'router ospf 1\n   network 10.0.0.0/8 area 0.0.0.0\n', [40, 'OSPF dead interval']],
    ['OSPF without networks', 'router ospf 1\n   router-id 10.0.0.1\n', undefined],
    ['an interface that speaks IS-IS', port('isis enable CORE'), [30, 'IS-IS hold time']],
    [
      'its own hellos',
      port('isis enable CORE', 'isis hello-interval 5', 'isis hello-multiplier 4'),
      [20, 'IS-IS hold time'],
    ],
    ['an MLAG pair', 'mlag configuration\n   domain-id A\n', [60, 'MLAG heartbeat timeout']],
    ['its own heartbeats', 'mlag configuration\n   heartbeat-interval 2500\n', [38, 'MLAG heartbeat timeout']],
    ['BGP without neighbours', bgp('router-id 10.0.0.1'), undefined],
    ['a neighbour, by default', bgp(PEER), [180, 'BGP hold time']],
    ['timers of all', bgp('timers bgp 3 9', PEER), [9, 'BGP hold time']],
    ['timers of the neighbour', bgp('timers bgp 60 180', PEER, 'neighbor 10.0.1.0 timers 4 12'), [12, 'BGP hold time']],
    ['timers of its peer group', bgp(...GROUP, 'neighbor SPINES timers 5 15'), [15, 'BGP hold time']],
    ['peer group in the older words', bgp('neighbor 10.0.1.0 peer-group SPINES'), [180, 'BGP hold time']],
    [
      'the slowest neighbour counts',
      bgp(PEER, 'neighbor 10.0.1.0 timers 1 3', 'neighbor 10.0.2.0 remote-as 65000', 'timers bgp 10 30'),
      [30, 'BGP hold time'],
    ],
    [
      'a range that is listened on',
      bgp('bgp listen range 10.0.0.0/8 peer-group HOSTS remote-as 65000'),
      [180, 'BGP hold time'],
    ],
    ['an interface as neighbour', bgp('neighbor interface Et1 peer-group SPINES'), [180, 'BGP hold time']],
    ['a neighbour over IPv6', bgp('neighbor fd00::1 remote-as 65000', 'timers bgp 2 6'), [6, 'BGP hold time']],
    [
      'a VRF of its own timers',
      bgp('timers bgp 3 9', 'vrf PROD', '   timers bgp 20 60', `   ${PEER}`),
      [60, 'BGP hold time'],
    ],
    ['a VRF without', bgp('timers bgp 3 9', 'vrf PROD', `   ${PEER}`), [9, 'BGP hold time']],
    [
      'a group of the whole in a VRF',
      bgp('neighbor G timers 7 21', 'vrf PROD', '   neighbor 10.1.1.1 peer group G'),
      [21, 'BGP hold time'],
    ],
    ['no hold time kept: nothing is known', bgp('timers bgp 0 0', PEER), undefined],
    ['LACP, by default', port(LACP), [90, 'LACP timeout']],
    ['LACP in fast', port(LACP, 'lacp timer fast'), [3, 'LACP timeout']],
    ['LACP with another multiplier', port(LACP, 'lacp timer multiplier 30'), [900, 'LACP timeout']],
    ['a port-channel without LACP', port('channel-group 1000 mode on'), undefined],
    ['BFD of a neighbour, by default', bgp('neighbor SPINES bfd'), [1, 'BFD detection time']],
    ['BFD with timing', port('bfd interval 500 min-rx 700 multiplier 5'), [4, 'BFD detection time']],
    ['multihop BFD', 'router bfd\n   multihop interval 1200 min_rx 1200 multiplier 3\n', [4, 'BFD detection time']],
    ['the slowest of several protocols', `${port(LACP)}${bgp('timers bgp 3 9', PEER)}`, [90, 'LACP timeout']],
  ])('%s', (_, config, expected) => {
    const found = slowestTimer([shows(config)])
    expect(found && [found.seconds, found.protocol]).toEqual(expected)
  })

  test('is that of the slowest switch, before or after the change', () => {
    const fast = bgp('timers bgp 3 9', PEER)
    expect(slowestTimer([shows(fast), shows(fast, bgp('timers bgp 20 60', PEER), 'leaf2')])).toEqual({
      seconds: 60,
      protocol: 'BGP hold time',
      device: 'leaf2',
    })
    expect(slowestTimer([shows(bgp(PEER), fast, 'leaf3')])?.device).toBe('leaf3')
  })
})

test.each([
  ['the usual, where nothing is known', undefined, 30],
  ['the usual, where everything is faster', 9, 30],
  ['a round more than the timer', 180, 185],
  ['the usual, up to where timer and round are longer', 25, 30],
  ['a second more', 26, 31],
])('for how long the network must stay good: %s', (_, seconds, expected) => {
  const slowest = seconds === undefined ? undefined : { seconds, device: 'leaf1', protocol: 'BGP hold time' as const }
  expect(stableForOf(slowest, 5)).toBe(expected)
})
