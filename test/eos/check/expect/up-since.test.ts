import { expect, test } from 'vitest'
import { flapped, upSince } from '../../../../src/eos/check/expect/expectation.ts'
import { allowedBy } from '../../../../src/eos/check/run.ts'
import type { Json } from '../../../../src/model/json.ts'

const since = (cmd: string, json: Json) => upSince([{ cmd }], [{ ok: true, json }])

test('says since when sessions and links that are up have been so', () => {
  const bgp = {
    vrfs: {
      default: {
        peers: {
          '10.0.0.1': { peerState: 'Established', upDownTime: 1721080527.05 },
          '10.0.0.3': { peerState: 'Active', upDownTime: 1721080000 },
        },
      },
    },
  }
  const interfaces = {
    interfaces: {
      Ethernet1: { interfaceStatus: 'connected', lastStatusChangeTimestamp: 1466586841.41 },
      Ethernet2: { interfaceStatus: 'notconnect', lastStatusChangeTimestamp: 1466586841.41 },
      Loopback0: { interfaceStatus: 'connected' },
    },
  }
  const bfd = {
    vrfs: { default: { ipv4Neighbors: { '10.0.0.1': { peerStats: { Ethernet1: { status: 'up', lastUp: 17.5 } } } } } },
  }
  expect(since('show ip bgp summary vrf all', bgp)).toEqual({ 'BGP 10.0.0.1 in default': 1721080527.05 })
  expect(since('show interfaces', interfaces)).toEqual({ 'interface Ethernet1': 1466586841.41 })
  expect(since('show bfd peers', bfd)).toEqual({ 'BFD 10.0.0.1 in default on Ethernet1': 17.5 })
})

test('says nothing where the answer says nothing', () => {
  expect(since('show vlan', {})).toEqual({})
  expect(since('show interfaces', [])).toEqual({})
  expect(upSince([{ cmd: 'show interfaces' }], [{ ok: false, error: 'no' }])).toEqual({})
  expect(upSince([{ cmd: 'show interfaces' }], [])).toEqual({})
})

test('finds what was up both times and not in between', () => {
  expect(flapped({ a: 100, b: 100, c: 100 }, { a: 100, b: 101.9, c: 102, d: 5 })).toEqual([
    'c went down and came up again since the round before',
  ])
})

test('leaves out what an expectation allows to come and go', () => {
  const up = { interfaceStatus: 'connected', lastStatusChangeTimestamp: 7 }
  const answer: Json = { interfaces: { Ethernet1: up, Ethernet2: up, Ethernet3: up, Ethernet40: up } }
  const allowed = {
    interfaces: ['Ethernet4*', 'Ethernet1 linkChanges', 'Ethernet2 link', 'Ethernet3 vlan'],
    bgp: ['*'],
  }
  const told = upSince([{ cmd: 'show interfaces' }], [{ ok: true, json: answer }], allowed)
  expect(told).toEqual({ 'interface Ethernet3': 7 })
})

test('reads what is allowed from every expectation', () => {
  const expected = { interfaces: { allowed: 'Ethernet4*', changed: 'Ethernet5' }, vlan: { added: [998] } }
  const specs = [
    { name: 'reachable', input: {} },
    { name: 'expected-change', input: { areas: ['interfaces', 'vlan'], expected } },
  ]
  expect(allowedBy(specs)).toEqual({ interfaces: ['Ethernet4*'], vlan: [] })
})
