import { expect, test } from 'vitest'
import { flapped, upSince } from '../../../src/check/expect/up-since.ts'
import type { Json } from '../../../src/model/json.ts'

const since = (cmd: string, json: Json): Readonly<Record<string, number>> => upSince([{ cmd }], [{ ok: true, json }])

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
