import { describe, expect, test } from 'vitest'
import { redundantPairs, redundantSides } from '../../../src/change/plan/redundancy.ts'
import type { ComparedEvidence } from '../../../src/change/plan/seal.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { Json } from '../../../src/model/json.ts'
import { partOf } from '../../lab/part-of.ts'

/** What a switch shows: its configuration, and whom it hears on which port. */
function shows(device: string, config: string, heard?: Readonly<Record<string, string>>, mlag?: Json) {
  const lldp = Object.entries(heard ?? {}).map(([port, name]) => [port, [{ device: name, port: 'Ethernet1' }]])
  const state = {
    ...(heard === undefined ? {} : { lldp: Object.fromEntries(lldp) }),
    ...(mlag === undefined ? {} : { mlag }),
  }
  return partOf<ComparedEvidence>({ device, state, comparison: { before: parseConfig(config) } })
}

const plain = (name: string) => `hostname ${name}\n`

/** MLAG with its peer link on Ethernet55/1. */
const mlag = (name: string, own: string, peer: string, domain = 'PAIR1') => `hostname ${name}
interface Ethernet55/1
   channel-group 1000 mode active
interface Vlan4094
   ip address ${own}/31
mlag configuration
   domain-id ${domain}
   local-interface Vlan4094
   peer-address ${peer}
   peer-address heartbeat 192.0.2.22 vrf MGMT
   peer-link Port-Channel1000
`

const A = ['10.0.3.0', '10.0.3.1'] as const
const B = ['10.0.3.1', '10.0.3.0'] as const
const pairs = (evidence: readonly ComparedEvidence[], groups: Readonly<Record<string, string>> = {}) =>
  redundantPairs(evidence, groups).map(({ pair, because }) => [...pair, because])

const PEERS = 'they are MLAG peers'

describe('[G101] switches that back each other up', () => {
  test.each([
    ['nobody, when nothing says so', [shows('a', plain('a')), shows('b', plain('b'))], []],
    [
      'MLAG peers by their configuration',
      [shows('a', mlag('a', ...A)), shows('b', mlag('b', ...B))],
      [['a', 'b', PEERS]],
    ],
    ['not of another domain', [shows('a', mlag('a', ...A)), shows('b', mlag('b', ...B, 'PAIR2'))], []],
    ['not of other addresses', [shows('a', mlag('a', ...A)), shows('b', mlag('b', '10.0.9.1', '10.0.9.0'))], []],
    [
      'not where MLAG says that it is disabled',
      [shows('a', mlag('a', ...A), undefined, { state: 'disabled' }), shows('b', mlag('b', ...B))],
      [],
    ],
    [
      'whom LLDP names on the peer link, whatever the domain, with a domain name behind it',
      [
        shows('a', mlag('sw-a', ...A), { 'Ethernet55/1': 'SW-B.dc1.example.net' }),
        shows('b', mlag('sw-b', ...B, 'PAIR2'), { 'Ethernet55/1': 'sw-a.dc1.example.net' }),
      ],
      [['a', 'b', PEERS]],
    ],
    [
      'one of several that are configured alike, as LLDP says',
      [
        shows('a', mlag('a', ...A), { 'Ethernet55/1': 'd' }),
        shows('b', mlag('b', ...B), { 'Ethernet55/1': 'c' }),
        shows('c', mlag('c', ...A), { 'Ethernet55/1': 'b' }),
        shows('d', mlag('d', ...B), { 'Ethernet55/1': 'a' }),
      ],
      [
        ['a', 'd', PEERS],
        ['b', 'c', PEERS],
      ],
    ],
    [
      'nobody where LLDP names a peer that is not selected',
      [shows('a', mlag('a', ...A), { 'Ethernet55/1': 'z' }), shows('b', mlag('b', ...B), { 'Ethernet55/1': 'y' })],
      [],
    ],
    [
      'all of several that are configured alike, where LLDP was not read',
      [shows('a', mlag('a', ...A)), shows('b', mlag('b', ...B)), shows('c', mlag('c', ...B))],
      [
        ['a', 'b', PEERS],
        ['a', 'c', PEERS],
      ],
    ],
    [
      'the only two that hear a neighbour',
      [
        shows('spine1', plain('spine1'), { 'Ethernet1/1': 'leaf1', 'Ethernet2/1': 'leaf2' }),
        shows('spine2', plain('spine2'), { 'Ethernet1/1': 'leaf1' }),
      ],
      [['spine1', 'spine2', 'of the selected switches they alone hear leaf1']],
    ],
    [
      'not two of three that hear it',
      ['spine1', 'spine2', 'spine3'].map((name) => shows(name, plain(name), { 'Ethernet1/1': 'leaf1' })),
      [],
    ],
    [
      'not those that hear a management switch alike',
      ['a', 'b'].map((name) => shows(name, plain(name), { Management1: 'oob1' })),
      [],
    ],
    [
      'not leaves of two pairs that hear the same spine',
      [
        shows('leaf1', mlag('leaf1', ...A), { 'Ethernet49/1': 'spine1' }),
        shows('leaf3', mlag('leaf3', ...A, 'PAIR2'), { 'Ethernet49/1': 'spine1' }),
      ],
      [],
    ],
    [
      'nobody by an area that could not be read',
      ['a', 'b'].map((name) => ({ ...shows(name, plain(name)), state: { lldp: { unreadable: 'refused' } } })),
      [],
    ],
  ])('%s', (_, evidence, expected) => {
    expect(pairs(evidence)).toEqual(expected)
  })

  test('equal tags; what MLAG shows besides is named once', () => {
    const evidence = [shows('a', mlag('a', ...A)), shows('b', mlag('b', ...B)), shows('c', plain('c'))]
    expect(pairs(evidence, { a: 'pair1', b: 'pair1', c: 'pair1' })).toEqual([
      ['a', 'b', 'both are tagged pair1'],
      ['a', 'c', 'both are tagged pair1'],
      ['b', 'c', 'both are tagged pair1'],
    ])
  })
})

describe('switches whose MLAG is configured alike', () => {
  /** So many MLAG pairs that have the same addresses: a1 and b1, a2 and b2. */
  const alike = (count: number, heard: (n: number) => Readonly<Record<string, string>> | undefined = () => undefined) =>
    Array.from({ length: count }, (_, n) => n + 1).flatMap((n) => [
      shows(`a${n}`, mlag(`a${n}`, ...A), heard(n)),
      shows(`b${n}`, mlag(`b${n}`, ...B)),
    ])

  test('are pairs of each other up to a hundred pairs, and two sides beyond', () => {
    expect(redundantPairs(alike(10), {})).toHaveLength(100)
    expect(redundantSides(alike(10))).toEqual([])
    expect(redundantPairs(alike(11), {})).toEqual([])
    const [as, bs] = ['a', 'b'].map((side) => Array.from({ length: 11 }, (_, n) => `${side}${n + 1}`))
    const because = 'all have the MLAG domain PAIR1, 10.0.3.0 and 10.0.3.1'
    expect(redundantSides(alike(11))).toEqual([{ sides: [as, bs], because }])
  })

  test('are the pairs that LLDP names, where it names the peer of each', () => {
    const heard = alike(11, (n) => ({ 'Ethernet55/1': `b${n}` }))
    const all = heard.map((one, index) =>
      index % 2 === 0 ? one : shows(one.device, mlag(one.device, ...B), { 'Ethernet55/1': `a${(index + 1) / 2}` }),
    )
    expect(redundantSides(all)).toEqual([])
    expect(pairs(all)).toEqual(Array.from({ length: 11 }, (_, n) => [`a${n + 1}`, `b${n + 1}`, PEERS]))
    // Of one side it is known; the other side may be anybody's peer.
    expect(redundantSides(heard)).toHaveLength(1)
  })

  test('are one side that is the other, where no address is configured', () => {
    const bare = Array.from({ length: 15 }, (_, n) =>
      shows(`c${n}`, `hostname c${n}\nmlag configuration\n   domain-id X\n`),
    )
    expect(redundantSides(bare).map(({ sides: [own, others] }) => [own.length, own === others])).toEqual([[15, true]])
  })
})
