import { expect, test } from 'vitest'
import { failedTests } from '../../../src/eos/invariant/failed-tests.ts'
import { readInvariants } from '../../../src/eos/invariant/pattern/invariant.ts'
import { SHIPPED_NAMES, shippedInvariants } from '../../../src/eos/invariant/shipped/shipped.ts'

const FILE = 'invariants/a.yaml'

function faults(text: string) {
  const read = readInvariants(text, FILE)
  return read.ok
    ? []
    : read.problems.map(({ code, at, message }) => `${at.file}:${at.line}:${at.column} ${code}: ${message}`)
}

const rule = (...lines: readonly string[]) =>
  ['invariants:', '  - name: one', ...lines.map((line) => `    ${line}`), '    because: it is so', ''].join('\n')

test.each<[string, string, string[]]>([
  ['nothing', rule('each: vlan *'), [`${FILE}:2:5 idle-invariant: it demands nothing`]],
  [
    'a value that nothing gives',
    rule('each: interface {port}', 'must: description {prot}'),
    [`${FILE}:4:11 unknown-value: nothing in front of this pattern gives the value \`{prot}\``],
  ],
  [
    'a list of a value that nothing gives',
    rule('each: interface {port}', 'where:', '  - vlan {has vlan}', 'must: x'),
    [`${FILE}:5:9 unknown-value: nothing in front of this pattern gives the value \`{vlan}\``],
  ],
  [
    'another value than one that nothing gives',
    rule('each: router bgp {asn}', 'where: neighbor {peer} remote-as {as != sn}', 'must: x'),
    [`${FILE}:4:12 unknown-value: nothing in front of this pattern gives the value \`{sn}\``],
  ],
  ['a block from the root', rule('each: /vlan *', 'must: x'), [`${FILE}:3:11 bad-pattern: \`each\` has no \`/\``]],
  [
    'a pattern in a list of a list',
    rule('each: vlan *', 'must:', '  - - name *', '    - name {'),
    [`${FILE}:6:16 bad-pattern: \`{\` is no word of a pattern here`],
  ],
  [
    'a pattern in a list of a list under `unless`',
    rule('each: vlan *', 'unless:', '  - - name *', '    - state {', 'must: x'),
    [`${FILE}:6:17 bad-pattern: \`{\` is no word of a pattern here`],
  ],
  [
    'two of one name',
    `${rule('each: vlan *', 'must: x')}${rule('each: vlan *', 'must: x').replace('invariants:\n', '')}`,
    [`${FILE}:6:11 duplicate-invariant: two invariants are called \`one\``],
  ],
  [
    'a test of another name',
    `${rule('each: vlan *', 'must: x')}tests:\n  - { name: t, config: '', breaks: [two] }\n`,
    [`${FILE}:7:37 unknown-invariant: there is no invariant \`two\` in this file`],
  ],
])('%s is a problem at its place', (_, text, expected) => {
  expect(faults(text)).toEqual(expected)
})

test('a value that only some blocks have may be named, and one that differs is given where it is compared', () => {
  const text = rule(
    'each: [router bgp *, "router bgp * > vrf {vrf}"]',
    'where: rd {rd}',
    'mustNot: "/router bgp * > vrf {other != rd} > rd {rd}"',
    'keep: neighbor {peer} route-map * in',
  )
  expect(faults(text)).toEqual([])
})

test('a test of a file that does not hold is a problem at its name', () => {
  const text = `${rule('each: vlan *', 'must: name *')}tests:
  - name: bare
    config: "vlan 10"
    breaks: []
  - name: was so before
    before: "vlan 10"
    config: "vlan 10"
    breaks: []
  - name: named
    config: "vlan 10\\n   name A"
    breaks: [one]
`
  const read = readInvariants(text, FILE)
  expect(read.ok ? failedTests(read.value).map(({ at, message }) => [at.line, message]) : read.problems).toEqual([
    [7, 'the test `bare` breaks one, and is to break nothing'],
    [14, 'the test `named` breaks nothing, and is to break one'],
  ])
})

test('shipped ones are chosen by set or by name', () => {
  expect(SHIPPED_NAMES.slice(0, 3)).toEqual(['evpn', 'evpn/ebgp-neighbor-filters', 'evpn/ebgp-neighbor-limit'])
  expect(SHIPPED_NAMES).toHaveLength(18)
  expect(shippedInvariants(['evpn'])).toHaveLength(17)
  expect(shippedInvariants(['evpn/vni-unique', 'evpn/vni-unique']).map(({ name }) => name)).toEqual(['evpn/vni-unique'])
  expect(shippedInvariants([])).toEqual([])
  expect(() => shippedInvariants(['evpn/vni'])).toThrow('no invariant evpn/vni is shipped')
})
