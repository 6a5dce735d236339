import { expect, test } from 'vitest'
import { filledPattern, matchLine, readPattern } from '../../../src/eos/invariant/pattern/invariant.ts'

const AT = { file: 'invariants/a.yaml', line: 4, column: 11 }

function read(text: string) {
  const found = readPattern(text, AT)
  if (!found.ok) throw new Error(found.problems.map(({ message }) => message).join('; '))
  return found.value
}

const MATCHES: readonly [
  pattern: string,
  line: string,
  known: Record<string, string>,
  found: Record<string, string>[],
][] = [
  ['switchport mode trunk', 'switchport mode trunk', {}, [{}]],
  ['switchport mode trunk', 'switchport mode access', {}, []],
  ['switchport mode', 'switchport mode trunk', {}, []],
  ['switchport **', 'switchport', {}, [{}]],
  ['switchport **', 'switchport mode trunk', {}, [{}]],
  ['interface {port}', 'interface Ethernet1', {}, [{ port: 'Ethernet1' }]],
  ['interface Vlan{vlan}', 'interface Vlan10', {}, [{ vlan: '10' }]],
  ['interface Vlan{vlan}', 'interface Vlan', {}, []],
  ['interface Eth*', 'interface Ethernet1/1', {}, [{}]],
  ['neighbor {peer} remote-as *', 'neighbor 10.0.0.1 remote-as 65001', { peer: '10.0.0.1' }, [{ peer: '10.0.0.1' }]],
  ['neighbor {peer} remote-as *', 'neighbor 10.0.0.2 remote-as 65001', { peer: '10.0.0.1' }, []],
  ['remote-as {as != asn}', 'remote-as 2', { asn: '1' }, [{ asn: '1', as: '2' }]],
  ['remote-as {as != asn}', 'remote-as 1', { asn: '1' }, []],
  ['{a} to {a}', 'x to x', {}, [{ a: 'x' }]],
  ['{a} to {a}', 'x to y', {}, []],
  ['vlan {each vlan}', 'vlan 10,20-21', {}, [{ vlan: '10' }, { vlan: '20' }, { vlan: '21' }]],
  ['vlan {each vlan}', 'vlan 10,20-21', { vlan: '20' }, [{ vlan: '20' }]],
  ['vlan {each vlan}', 'vlan internal', {}, []],
  ['vlan {has vlan}', 'vlan 10,20-21', { vlan: '21' }, [{ vlan: '21' }]],
  ['vlan {has vlan}', 'vlan 10,20-21', { vlan: '2' }, []],
  ['vlan {has vlan}', 'vlan none', { vlan: '2' }, []],
]

test.each(MATCHES)('%s is compared with %s', (pattern, line, known, found) => {
  const [own] = read(pattern).lines
  if (own === undefined) throw new Error('no line')
  const values = matchLine(own, line.split(' '), new Map(Object.entries(known)))
  expect(values.map((one) => Object.fromEntries(one))).toEqual(found)
})

const FAULTS: readonly [pattern: string, column: number, message: string][] = [
  ['', 11, 'a line of the pattern has no words'],
  ['/', 11, 'a line of the pattern has no words'],
  ['a >', 11, 'a line of the pattern has no words'],
  ['> a', 11, 'a line of the pattern has no words'],
  ['**', 11, 'a line of the pattern has no words'],
  ['a ** b', 13, '`**` is no word of a pattern here'],
  ['interface {Port}', 21, '`{Port}` is no word of a pattern here'],
  ['/vlan x{has vlan}', 17, '`x{has vlan}` is no word of a pattern here'],
  ['vlan {each}{x}', 16, '`{each}{x}` is no word of a pattern here'],
  ['vlan {x', 16, '`{` is no word of a pattern here'],
  ['vlan a*{x}', 16, '`a*{x}` is no word of a pattern here'],
]

test.each(FAULTS)('%s is refused at its word', (pattern, column, message) => {
  const found = readPattern(pattern, AT)
  expect(found.ok ? [] : found.problems.slice(0, 1)).toMatchObject([
    { code: 'bad-pattern', message, at: { file: 'invariants/a.yaml', line: 4, column } },
  ])
})

test('a pattern shows its values in their places', () => {
  const pattern = read('/router bgp {asn} > vlan {has vlan} > rd {rd} x{rd}y **')
  expect(pattern).toMatchObject({ isFromRoot: true })
  const values = new Map([
    ['asn', '65001'],
    ['vlan', '10'],
  ])
  expect(filledPattern(pattern, values)).toEqual(['router bgp 65001', 'vlan {has 10}', 'rd * x*y **'])
})
