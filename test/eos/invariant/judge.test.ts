import { expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { type Breach, breachesOf, judgeInvariants } from '../../../src/eos/invariant/judge.ts'
import { readInvariants } from '../../../src/eos/invariant/pattern/invariant.ts'

function invariants(text: string) {
  const read = readInvariants(`invariants:\n${text}`, 'invariants/a.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('; '))
  return read.value.invariants
}

const words = (breaches: readonly Breach[]) =>
  breaches.map(
    ({ block, verb, lines }) => `${block.join(' > ')} ${verb} ${lines.map((one) => one.join(' > ')).join(' or ')}`,
  )

function judged(rules: string, before: string, after: string) {
  const { broken, already } = judgeInvariants(invariants(rules), parseConfig(before), parseConfig(after))
  return { broken: words(broken), already: words(already) }
}

const TRUNK = `
  - name: list
    each: interface {port}
    where: switchport mode trunk
    must: switchport trunk allowed vlan **
    because: it is so
`
const port = (name: string, ...lines: string[]) =>
  [`interface ${name}`, ...lines.map((line) => `   ${line}`), ''].join('\n')
const OPEN = 'switchport mode trunk'

test('what is broken before and stays so is told, and what a change breaks is broken', () => {
  const before = port('Ethernet1', OPEN) + port('Ethernet2', OPEN, 'switchport trunk allowed vlan 10')
  const after = port('Ethernet1', OPEN, 'mtu 9214') + port('Ethernet2', OPEN)
  expect(judged(TRUNK, before, after)).toEqual({
    broken: ['interface Ethernet2 lacks switchport trunk allowed vlan **'],
    already: ['interface Ethernet1 lacks switchport trunk allowed vlan **'],
  })
})

test('of a list inside the list under `unless` a block that lacks one is judged', () => {
  const rule = `
  - name: list
    each: interface {port}
    unless: [no switchport, ['mlag *', 'description {port}']]
    must: switchport trunk allowed vlan **
    because: it is so
`
  const ports = [
    port('Ethernet1', 'no switchport'),
    port('Ethernet2', 'mlag 2'),
    port('Ethernet3', 'description Ethernet3'),
    port('Ethernet4', 'mlag 4', 'description Ethernet4'),
    port('Ethernet5', 'mlag 5', 'description Ethernet4'),
  ]
  expect(judged(rule, '', ports.join('')).broken).toEqual(
    [2, 3, 5].map((number) => `interface Ethernet${number} lacks switchport trunk allowed vlan **`),
  )
})

test('a block of another name is another one, and one that is gone breaks nothing', () => {
  expect(judged(TRUNK, port('Ethernet1', OPEN), port('Ethernet2', OPEN))).toEqual({
    broken: ['interface Ethernet2 lacks switchport trunk allowed vlan **'],
    already: [],
  })
  expect(judged(TRUNK, port('Ethernet1', OPEN), '')).toEqual({ broken: [], already: [] })
})

test('a second line that must not be there is broken beside the first, which was there', () => {
  const rule = `
  - name: plain
    each: interface {port}
    mustNot: [shutdown **, mtu *]
    because: it is so
`
  const [before, after] = [port('Ethernet1', 'mtu 1500'), port('Ethernet1', 'mtu 1500', 'shutdown')]
  expect(judged(rule, before, after)).toEqual({
    broken: ['interface Ethernet1 has shutdown'],
    already: ['interface Ethernet1 has mtu 1500'],
  })
  expect(judged(rule, before, port('Ethernet1', 'mtu 9214')).broken).toEqual(['interface Ethernet1 has mtu 9214'])
})

test('one of several lines is enough, and each demand is broken for itself', () => {
  const rule = `
  - name: both
    each: vlan {vlan}
    must: [['name *', '/name-of {vlan} *'], state active]
    because: it is so
`
  expect(judged(rule, '', 'vlan 10\nname-of 10 A\nvlan 20\n   state active\n').broken).toEqual([
    'vlan 10 lacks state active',
    'vlan 20 lacks name * or name-of 20 *',
  ])
})

test('lines are kept as long as their block is there', () => {
  const rule = `
  - name: kept
    each: interface {port}
    where: ip address *
    keep: ip access-group * {direction}
    because: it is so
`
  const before = port('Ethernet1', 'ip address 10.0.0.1/31', 'ip access-group A in', 'ip access-group B out')
  const without = port('Ethernet1', 'ip address 10.0.0.1/31', 'ip access-group C in')
  expect(judged(rule, before, without)).toEqual({
    broken: ['interface Ethernet1 loses ip access-group B out'],
    already: [],
  })
  expect(judged(rule, before, port('Ethernet1', 'no switchport')).broken).toEqual([])
  expect(judged(rule, '', without).broken).toEqual([])
})

test('what runs is judged without a before', () => {
  const found = breachesOf(invariants(TRUNK), parseConfig(port('Ethernet1', OPEN)))
  expect(found).toEqual([
    {
      invariant: 'list',
      block: ['interface Ethernet1'],
      verb: 'lacks',
      lines: [['switchport trunk allowed vlan **']],
      because: 'it is so',
    },
  ])
})

test('patterns that multiply are refused before they are slow', () => {
  const rule = `
  - name: heavy
    each: '*'
    where: ['/{a}', '/{b}', '/{c}']
    mustNot: x
    because: it is so
`
  const config = parseConfig(Array.from({ length: 2000 }, (_, index) => `a${index}\n`).join(''))
  expect(() => breachesOf(invariants(rule), config)).toThrow(
    'the invariant `heavy` finds too much on one switch: its patterns multiply',
  )
})

test('patterns that compare too much are refused', { tags: ['long', 'turn'] }, () => {
  const slow = `
  - name: slow
    each: a{one}
    mustNot: ['/* x', '/* y']
    because: it is so
`
  const many = parseConfig(Array.from({ length: 6000 }, (_, index) => `a${index}\n`).join(''))
  expect(() => breachesOf(invariants(slow), many)).toThrow('the invariant `slow` finds too much on one switch')
})

test('a comment fills no demand and breaks no ban, whatever it says', () => {
  const rules = `
  - name: filtered
    each: interface {port}
    must: '* allowed vlan **'
    mustNot: '* mode trunk'
    because: it is so
`
  expect(judged(rules, '', port('Ethernet1', '!! allowed vlan 10', '!! mode trunk', 'mtu 9214'))).toEqual({
    broken: ['interface Ethernet1 lacks * allowed vlan **'],
    already: [],
  })
})
