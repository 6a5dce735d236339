import { describe, expect, test } from 'vitest'
import { isMeant, readLineGlob } from '../../../src/text/source/line-glob.ts'

const meant = (text: string, ...place: readonly string[]) => {
  const glob = readLineGlob(text)
  return Array.isArray(glob) && isMeant(glob, place)
}

describe('a glob of a line with its blocks', () => {
  test.each([
    ['vlan 999', ['vlan 999'], true],
    ['vlan 99', ['vlan 999'], false],
    ['vlan 9*', ['vlan 999'], true],
    ['*999', ['vlan 999'], true],
    ['v*n*9', ['vlan 999'], true],
    ['v*n*n*9', ['vlan 999'], false],
    ['ab*ba', ['aba'], false],
    ['vlan 999', ['router bgp 1', 'vlan 999'], false],
    ['router bgp * > neighbor *', ['router bgp 1', 'neighbor 10.0.0.1 remote-as 1'], true],
    ['router bgp * > neighbor *', ['router bgp 1', 'vrf A', 'neighbor 10.0.0.1 remote-as 1'], false],
    ['interface Ethernet1. > shutdown', ['interface Ethernet11', 'shutdown'], false],
    ['route-map A permit 10 > description a*b', ['route-map A permit 10', 'description a > b'], true],
  ])('%s means %j: %s', (text, place, expected) => {
    expect(meant(text, ...place)).toBe(expected)
  })

  test.each([
    ['', 0, 'a block or a line is empty'],
    ['interface Ethernet1 > ', 22, 'a block or a line is empty'],
    ['*', 0, '`*` means whatever there is'],
    ['* > **', 0, '`* > **` means whatever there is'],
    [' vlan 1', 0, '` vlan 1` begins or ends with a blank, and no line does'],
    ['vlan 1 >  name A', 9, '` name A` begins or ends with a blank, and no line does'],
    ['interface Ethernet1>shutdown', 0, '`interface Ethernet1>shutdown` has a `>` without a blank on each side'],
  ])('%j is wrong at %i', (text, at, message) => {
    expect(readLineGlob(text)).toMatchObject({ at, message })
  })
})
