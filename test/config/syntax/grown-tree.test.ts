import { expect, test } from 'vitest'
import type { Facts, RealLine } from '../../../build/syntax/facts.ts'
import { grownModes } from '../../../build/syntax/grown-tree.ts'
import { syntaxTable } from '../../../build/syntax/table-text.ts'

const FACTS: Facts = {
  patterns: [
    { mode: [], line: 'vlan <vlan_id>' },
    { mode: ['vlan <vlan_id>'], line: 'state <state>' },
    { mode: ['interface <name>'], line: 'mtu <mtu>' },
    { mode: ['interface <name>'], line: 'no switchport' },
    // The rest of a line that begins elsewhere says nothing.
    { mode: [], line: '<group> read <view>' },
  ],
  words: [
    'vlan',
    'interface',
    'mtu',
    'switchport',
    'state',
    'active',
    'suspend',
    'speed',
    'forced',
    'unused',
    'description',
  ],
  names: { state: ['active', 'suspend'] },
  ranges: { mtu: [[68, 9214]] },
}

const lines = (from: string, ...texts: readonly string[]): readonly RealLine[] =>
  texts.map((text) => {
    const words = text.split(' / ')
    return { from, above: words.slice(0, -1), line: words.at(-1) ?? '' }
  })

test('patterns say which words there are, and real lines what stands for a value', () => {
  const real = [
    ...lines(
      'a',
      'vlan 7',
      'vlan 8-9',
      'vlan 10',
      'vlan 11',
      'vlan 12',
      'vlan 13,15',
      'interface Ethernet1 / mtu 9000',
    ),
    ...lines('a', 'interface Ethernet1 / speed forced', 'interface Ethernet1 / description to leaf 2', 'only-here x'),
    ...lines('a', 'twice x'),
    ...lines('b', 'twice y'),
  ]
  expect(syntaxTable(grownModes(FACTS, real), FACTS)).toEqual({
    modes: {
      // What one collection alone begins a line with may be misspelt.
      '': 'twice(<word>) vlan(<list>)',
      '/interface': 'description mtu(<68-9214>) speed(forced) switchport',
      '/vlan': 'state(<=active|suspend>)',
    },
    words: 'unused',
  })
})
