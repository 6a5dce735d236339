import { expect, test } from 'vitest'
import type { Facts } from '../../../../build/syntax/facts.ts'
import { grownModes } from '../../../../build/syntax/grown-tree.ts'
import { syntaxTable } from '../../../../build/syntax/table-text.ts'

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

const lines = (from: string, ...texts: readonly string[]) =>
  texts.map((text) => {
    const words = text.split(' / ')
    return { from, isPrinted: false, above: words.slice(0, -1), line: words.at(-1) ?? '' }
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
    ...lines('b', 'twice x', 'vlan 20', 'interface Ethernet1 / mtu 1600', 'interface Ethernet2 / description'),
  ]
  expect(syntaxTable(grownModes(FACTS, real), FACTS)).toEqual({
    modes: {
      // What one collection alone begins a line with may be misspelt.
      '': 'twice(<word>~) vlan(<list>)',
      '/interface': 'description$(<word>~) mtu(<68-9214>) speed~(forced) switchport~',
      '/vlan': '~ state(<=active|suspend>)',
    },
    words: 'unused',
  })
})

/** The text of the root for lines of two collections that have the same. */
const rootOf = (...texts: readonly string[]) => {
  const both = ['a', 'b'].flatMap((from) => lines(from, ...texts))
  return syntaxTable(grownModes(FACTS, both), FACTS).modes['']
}

test('[3T10] a type or a range comes of two sources and of enough values: else any word may be there', () => {
  const numbers = ['1', '2', '3', '4', '5', '6'].map((number) => `speed forced ${number}`)
  expect(rootOf(...numbers)).toBe('speed(forced(<int>)) vlan~(<word>)')
  expect(rootOf(...numbers.slice(1))).toBe('speed(forced(<word>~)) vlan~(<word>)')
  const alone = syntaxTable(grownModes(FACTS, lines('a', ...numbers)), FACTS)
  expect(alone.modes['']).toBe('speed~(forced(<word>)) vlan~(<word>)')
  // The range is of the patterns: that lines of another source keep to it is the second one.
  const range = (from: string) =>
    syntaxTable(grownModes(FACTS, lines(from, 'interface Ethernet1 / mtu 9000')), FACTS).modes['/interface']
  expect(range('a')).toBe('mtu(<68-9214>) switchport~')
  expect(range('aristanetworks+avd')).toBe('~ mtu(<word>) switchport')
})

test('behind a value of which too few are known any value may be', () => {
  const behind = (...names: readonly string[]) =>
    rootOf(...names.flatMap((name) => [1, 2, 3, 4, 5, 6].map((number) => `speed ${name} ${number}`)))
  expect(behind('Rt', 'Soo')).toBe('speed(<word>~(<word>)) vlan~(<word>)')
  expect(behind('A', 'B', 'C', 'D', 'E', 'F')).toBe('speed(<word>(<int>)) vlan~(<word>)')
})

test('[3T11] a line may end where lines have ended, and not where a negated one has', () => {
  expect(rootOf('speed forced 1', 'no speed', 'default speed')).toBe('speed(forced(<word>~)) vlan~(<word>)')
  expect(rootOf('speed forced 1', 'speed')).toBe('speed$(forced(<word>~)) vlan~(<word>)')
  expect(rootOf('description to leaf 2')).toBe('description(<word>~) vlan~(<word>)')
})

test('[3T10] where a line of a switch ends lines may end, though those of many others go on, and a value may stand there', () => {
  const told = (isPrinted: boolean) => {
    const others = ['a', 'b', 'c'].flatMap((from) => lines(from, 'speed forced unused', 'speed fast'))
    const real = [...others, ...lines('d', 'speed forced').map((line) => ({ ...line, isPrinted }))]
    return syntaxTable(grownModes(FACTS, real), FACTS).modes['']
  }
  expect(told(false)).toBe('speed(fast forced(unused)) vlan~(<word>)')
  expect(told(true)).toBe('speed(fast forced$(unused)) vlan~(<word>)')
})

test('what a switch has printed is spelt as it is: lines of one collection are enough for its first word', () => {
  const told = (isPrinted: boolean) => {
    const real = lines('a', 'frobnicate all').map((line) => ({ ...line, isPrinted }))
    return syntaxTable(grownModes(FACTS, real), FACTS).modes['']
  }
  expect(told(false)).toBe('~ vlan(<word>)')
  expect(told(true)).toBe('frobnicate~(<word>) vlan~(<word>)')
})

test('a family of addresses is widened to the other one, but not in lines that name it', () => {
  const peers = [1, 2, 3, 4, 5, 6].flatMap((last) => [`speed 10.0.0.${last}`, `ip 10.0.0.${last}`])
  expect(rootOf(...peers)).toBe('ip(<ip>) speed(<ip|ip6>) vlan~(<word>)')
})
