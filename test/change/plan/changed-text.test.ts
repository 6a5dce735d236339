import { expect, test } from 'vitest'
import { changedText, compare, diffText } from '../../../src/change/plan/seal.ts'
import { comparableText } from '../../../src/eos/config/vlan-sets.ts'

const HEADER = '! Command: show running-config\n! device: leaf1 (vEOS-lab, EOS-4.32.1F)\n!\n'
const TEXTS = [
  '',
  'vlan 10\n',
  `${HEADER}vlan 10\n`,
  'vlan 10\n   name A\n',
  'vlan 10\n   name B\n',
  'vlan 10\n   name A\nvlan 20\n',
  'vlan 10 \r\n\n',
  'hostname a\nvlan 10\n',
]

test('what of two texts is another does not depend on what was asked before', () => {
  const pairs = TEXTS.flatMap((before) => TEXTS.map((now) => [before, now] as const))
  const asked = [...pairs, ...pairs.toReversed(), ...pairs]
  for (const [before, now] of asked) expect(changedText(before, now)).toBe(diffText(compare(before, now).lines))
  expect([
    asked.length,
    changedText(TEXTS[1] ?? '', TEXTS[3] ?? ''),
    changedText(TEXTS[3] ?? '', TEXTS[4] ?? ''),
  ]).toEqual([192, ' vlan 10\n+   name A', ' vlan 10\n-   name A\n+   name B'])
})

test('a text is made comparable as at the first time', () => {
  const made = ['', 'vlan 10\n', '!\nvlan 10\n', 'vlan 10\n   name A\n']
  for (const _ of [1, 2, 3]) expect(TEXTS.slice(0, 4).map(comparableText)).toEqual(made)
  expect(comparableText(TEXTS[6] ?? '')).toBe('vlan 10\n')
})
