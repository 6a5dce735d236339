import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffConfig } from '../../../src/eos/config/diff/diff.ts'
import { invertDiff } from '../../../src/eos/config/invert.ts'
import { linesOfChanges } from '../../../src/eos/config/lines-of-changes.ts'
import { mergeConfig } from '../../../src/eos/config/merge.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'

const linesBetween = (from: string, to: string) =>
  linesOfChanges(diffConfig(parseConfig(from), parseConfig(to)).changes)

describe('the lines that make a change', () => {
  test.each([
    ['nothing', 'hostname a\n', 'hostname a\n', []],
    ['a block that goes, without what stands in it', 'vlan 998\n   name TESTED\n', '', ['no vlan 998']],
    ['a block that comes', '', 'vlan 998\n   name TESTED\n', ['vlan 998', '   name TESTED']],
    [
      'a value in the place of another, which is not negated first',
      'interface Ethernet1\n   description a\n   mtu 9000\n',
      'interface Ethernet1\n   description b\n   mtu 9000\n',
      ['interface Ethernet1', '   description b'],
    ],
    [
      'a setting with a stored `no` that goes back to its default',
      'interface Ethernet1\n   no switchport\n',
      'interface Ethernet1\n',
      ['interface Ethernet1', '   default switchport'],
    ],
    [
      'an entry of a list: its number is free before it is taken again',
      'ip access-list A\n   10 permit ip any any\n',
      'ip access-list A\n   10 deny ip any any\n',
      ['ip access-list A', '   no 10 permit ip any any', '   10 deny ip any any'],
    ],
    [
      'several in one block, which is named once',
      'router bgp 65001\n   neighbor 10.0.0.1 remote-as 65000\n   neighbor 10.0.0.2 remote-as 65000\n',
      'router bgp 65001\n   neighbor 10.0.0.3 remote-as 65000\n',
      [
        'router bgp 65001',
        '   no neighbor 10.0.0.1 remote-as 65000',
        '   no neighbor 10.0.0.2 remote-as 65000',
        '   neighbor 10.0.0.3 remote-as 65000',
      ],
    ],
    [
      'a text that comes, as it is written',
      '',
      'banner login\n  two blanks\nEOF\n',
      ['banner login', '  two blanks', 'EOF'],
    ],
    ['a text that goes', 'banner login\nhello\nEOF\n', '', ['no banner login']],
  ])('%s', (_name, from, to, lines) => {
    expect(linesBetween(from, to)).toEqual(lines)
  })
})

const LEAF = readFileSync(fileURLToPath(new URL('../../../fixtures/dc1/leaf1/running-config', import.meta.url)), 'utf8')

/**
 * The positions of the commands of a text, but for ports, which no command makes come or go, the banner, whose lines are no commands, and servers: one that comes
 * back is asked last.
 */
function commandsIn(text: string) {
  const rows = text.split('\n')
  const [banner, ended] = [rows.findIndex((line) => line.startsWith('banner ')), rows.indexOf('EOF')]
  return rows.flatMap((line, index) => {
    const isCommand = /^ *[a-z]/.test(line) && !/^(end|interface (Ethernet|Management)| +server )/.test(line)
    return isCommand && !(index >= banner && index <= ended) ? [index] : []
  })
}

/** A text without one of its commands and what stands under it. */
function without(text: string, at: number) {
  const rows = text.split('\n')
  const indent = (row: string) => row.length - row.trimStart().length
  const depth = indent(rows[at] ?? '')
  let end = at + 1
  while (end < rows.length && rows[end]?.trim() !== '' && indent(rows[end] ?? '') > depth) end += 1
  return [...rows.slice(0, at), ...rows.slice(end)].join('\n')
}

test('entered where a change was made, the lines of its inverse lead back, whichever commands came and went', {
  tags: ['long', 'turn'],
}, () => {
  const commands = commandsIn(LEAF)
  expect(commands.length).toBeGreaterThan(100)
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...commands), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (cut, comes) => {
        const less = cut.toSorted((a, b) => b - a).reduce(without, LEAF)
        const [before, after] = (comes ? [less, LEAF] : [LEAF, less]).map((text) => parseConfig(text))
        if (before === undefined || after === undefined) throw new Error('two trees')
        const inverse = linesOfChanges(invertDiff(diffConfig(before, after)).changes)
        expect(diffConfig(before, mergeConfig(after, inverse)).changes).toEqual([])
      },
    ),
    { seed: 5, numRuns: 300 },
  )
})
