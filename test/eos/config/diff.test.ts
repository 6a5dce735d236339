import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyDiff } from '../../../src/eos/config/apply.ts'
import { type ConfigDiff, diffConfig, diffSize, isEmptyChange } from '../../../src/eos/config/diff/diff.ts'
import { invertDiff } from '../../../src/eos/config/invert.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import { linesOf } from '../../table.ts'
import { replacePairs, shared } from './replace-pairs.ts'
import { eosTextPair } from './texts.ts'

function diffOf(before: string, after: string) {
  return diffConfig(parseConfig(before), parseConfig(after))
}

/** The changes as `sign path > line`. */
function changesOf(before: string, after: string) {
  return diffOf(before, after).changes.map(({ sign, path, line }) => `${sign} ${[...path, line].join(' > ')}`)
}

/** What a diff went through on its way to a file and back. */
function stored(diff: ConfigDiff) {
  return JSON.parse(JSON.stringify(diff)) as ConfigDiff
}

const LEAF = `hostname leaf1
!
interface Ethernet1
   description to spine1
   mtu 9000
!
interface Ethernet2
   no shutdown
!
ip routing
!
end
`

describe('changes', () => {
  test.each<[string, string, string, string]>([
    ['equal texts', LEAF, LEAF, ''],
    [
      'a command that changes its value',
      LEAF,
      LEAF.replace('to spine1', 'to spine2'),
      `
          - interface Ethernet1 > description to spine1
          + interface Ethernet1 > description to spine2
        `,
    ],
    [
      'a block that comes, with what stands under it',
      LEAF,
      LEAF.replace('ip routing', 'vlan 10\n   name A\n!\nip routing'),
      `
          + vlan 10
          + vlan 10 > name A
        `,
    ],
    [
      'a block that goes',
      LEAF,
      LEAF.replace('interface Ethernet2\n   no shutdown\n!\n', ''),
      `
          - interface Ethernet2
          - interface Ethernet2 > no shutdown
        `,
    ],
    [
      'a repeated sibling that goes',
      'vrf A\n   x\nvrf A\n   x\n',
      'vrf A\n   x\n',
      `
          - vrf A
          - vrf A > x
        `,
    ],
    [
      'a line of a banner',
      'banner login\nold\nEOF\n',
      'banner login\nnew\nEOF\n',
      `
          - banner login > old
          + banner login > new
        `,
    ],
    ['`end` is no command of a configuration', 'hostname a\nend\n', 'hostname a\n', ''],
    [
      'a block that moves and changes inside',
      'a\n   one\n   two\nb\nc\nd\n',
      'b\nc\nd\na\n   one\n   three\n',
      `
          - a > two
          + a > three
        `,
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changesOf(before, after)).toEqual(linesOf(expected))
  })

  test.each<[string, string, string]>([
    ['order of siblings', 'a\nb\n   c\n   d\n', 'b\n   d\n   c\na\n'],
    ['separators, blank lines, remarks, header', '! Command: show run\n!\na\n!\nb\n', '! device: x\na\n\n! y\nb\n!\n'],
    ['indentation and trailing blanks', 'a\n   b\n', 'a\n  b \n'],
    [
      'indentation of EOF',
      'interface Ethernet1\n   comment\n   x\n   EOF\n',
      'interface Ethernet1\n   comment\n   x\n      EOF\n',
    ],
    [
      'order of numbered entries',
      'ip access-list X\n   10 permit a\n   20 deny b\n',
      'ip access-list X\n   20 deny b\n   10 permit a\n',
    ],
    [
      'order of the lines of two lists',
      'ip community-list A permit 1:1\nip community-list B permit 1:1\n',
      'ip community-list B permit 1:1\nip community-list A permit 1:1\n',
    ],
    [
      'separators inside an access list',
      'ip access-list X\n   !\n   !\n   permit a\n',
      'ip access-list X\n   permit a\n   !\n   !\n',
    ],
  ])('layout: %s', (_, before, after) => {
    const diff = diffOf(before, after)
    expect(diff.changes).toEqual([])
    expect(isEmptyChange(diff)).toBe(true)
    expect(diff.layout.length).toBeGreaterThan(0)
    expect(renderConfig(applyDiff(parseConfig(before), diff))).toBe(after)
  })

  test.each<[string, string, string, string[]]>([
    [
      'an access list',
      'ip access-list X\n   permit a\n   deny b\n',
      'ip access-list X\n   deny b\n   permit a\n',
      ['- ip access-list X > permit a', '+ ip access-list X > permit a'],
    ],
    [
      'a policy',
      'policy-map type pbr P\n   class A\n      drop\n   class B\n',
      'policy-map type pbr P\n   class B\n   class A\n      drop\n',
      ['- policy-map type pbr P > class B', '+ policy-map type pbr P > class B'],
    ],
    [
      'lines of one community list',
      'ip community-list C deny 1:1\nip community-list C permit 1:1\n',
      'ip community-list C permit 1:1\nip community-list C deny 1:1\n',
      ['- ip community-list C deny 1:1', '+ ip community-list C deny 1:1'],
    ],
    ['a banner', 'banner motd\na\nb\nEOF\n', 'banner motd\nb\na\nEOF\n', ['- banner motd > a', '+ banner motd > a']],
  ])('a move is a change where order has a meaning: %s', (_, before, after, expected) => {
    expect(changesOf(before, after).toSorted()).toEqual(expected.toSorted())
  })

  /** Every command and heredoc line with its path, sorted: what a configuration holds, order aside. */
  function commandsOf(text: string) {
    const found: string[] = []
    const visit = (nodes: readonly ConfigNode[], path: string) => {
      for (const { line, children, body } of nodes) {
        found.push(`${path} > ${line}`)
        for (const raw of body?.flat() ?? []) found.push(`${path} > ${line} > ${raw.trim() === 'EOF' ? 'EOF' : raw}`)
        visit(children, `${path} > ${line}`)
      }
    }
    visit(parseConfig(text).children, '')
    return found.toSorted()
  }

  test('taken from the old commands and added to them, they give the new commands', { tags: ['long', 'turn'] }, () => {
    fc.assert(
      fc.property(eosTextPair, ([before, after]) => {
        const result = commandsOf(before)
        for (const { sign, path, line, verbatim } of diffOf(before, after).changes) {
          const name = ['', ...path, verbatim && line.trim() === 'EOF' ? 'EOF' : line].join(' > ')
          if (sign === '+') result.push(name)
          else expect(result.splice(result.indexOf(name), 1)).toEqual([name])
        }
        expect(result.toSorted()).toEqual(commandsOf(after))
      }),
      { numRuns: 1000 },
    )
  })
})

test('any order of siblings is layout, at every depth', () => {
  const lines = fc.uniqueArray(fc.constantFrom('mtu 9000', 'no shutdown', 'rd 1:1', 'description x'))
  const blocks = fc.uniqueArray(
    fc.tuple(fc.constantFrom('vlan 1', 'vlan 2', 'vrf A', 'vrf B', 'interface Vlan1'), lines),
    {
      selector: ([header]) => header,
    },
  )
  const shuffled = <T>(values: readonly T[]) =>
    fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length })
  const pair = blocks.chain((before) =>
    shuffled(before)
      .chain((after) => fc.tuple(...after.map(([header, under]) => fc.tuple(fc.constant(header), shuffled(under)))))
      .map((after) => [before, after] as const),
  )
  const textOf = (all: readonly (readonly [string, readonly string[]])[]) =>
    all.map(([header, under]) => `${[header, ...under.map((line) => `   ${line}`)].join('\n')}\n!\n`).join('')
  fc.assert(
    fc.property(pair, ([before, after]) => {
      expect(changesOf(textOf(before), textOf(after))).toEqual([])
    }),
  )
})

describe('the stored form', () => {
  test('holds each line once: changes by count, layout as it is written', () => {
    const before = 'interface Ethernet1\n   mtu 9000\n!\nip routing\nhostname a\n'
    const after = 'interface Ethernet1\n  mtu 9214\n!\nhostname a\nip routing\nvlan 10\n   name A\n'
    expect(diffOf(before, after)).toEqual({
      version: 1,
      from: 'sha256:a822db08594f12579596d03a5c3004ed068aec48ab338cb8d1f0ba80c6dafa01',
      to: 'sha256:a4f0d3b379b74c4c119b5f84d9657111cc7937b746a6e22e63f3f2d68ba9c508',
      changes: [
        { sign: '-', path: ['interface Ethernet1'], line: 'mtu 9000' },
        { sign: '+', path: ['interface Ethernet1'], line: 'mtu 9214' },
        { sign: '+', path: [], line: 'vlan 10' },
        { sign: '+', path: ['vlan 10'], line: 'name A' },
      ],
      layout: [
        { at: 1, to: 1, after: 'interface Ethernet1', remove: [1], add: [{ margin: '  ', trailing: '' }] },
        { at: 3, to: 3, after: '!', remove: ['ip routing'], add: [] },
        { at: 5, to: 4, after: 'hostname a', remove: [], add: ['ip routing', 2] },
      ],
    })
    expect(diffSize(diffOf(before, after))).toBe(6)
  })
})

describe('apply and invert', () => {
  test('lead from any text to any other and back, through JSON', { tags: ['long', 'turn'] }, () => {
    fc.assert(
      fc.property(eosTextPair, ([before, after]) => {
        const [a, b] = [parseConfig(before), parseConfig(after)]
        const diff = stored(diffConfig(a, b))
        expect(renderConfig(applyDiff(a, diff))).toBe(renderConfig(b))
        expect(renderConfig(applyDiff(b, stored(invertDiff(diff))))).toBe(renderConfig(a))
        expect(invertDiff(invertDiff(diff))).toEqual(diff)
        expect(isEmptyChange(diffConfig(a, a))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('a tree made elsewhere is compared by its text', () => {
    const { children, tail } = parseConfig(LEAF)
    const fewer = { children: children.filter(({ line }) => line !== 'ip routing'), tail }
    const diff = diffConfig({ children, tail }, fewer)
    expect(diff.changes).toEqual([{ sign: '-', path: [], line: 'ip routing' }])
    expect(renderConfig(applyDiff(parseConfig(LEAF), diff))).toBe(LEAF.replace('!\nip routing\n', ''))
  })

  const diff = diffOf(LEAF, LEAF.replace('to spine1', 'to spine2').replace('ip routing\n', ''))

  test.each<[string, string, string]>([
    ['the line to take away differs', LEAF.replace('to spine1', 'to spine9'), 'at line 4'],
    ['a later line to take away differs', LEAF.replace('ip routing', 'ipv6 unicast-routing'), 'at line 10'],
    ['the line before a change differs', LEAF.replace('interface Ethernet1\n', 'interface Ethernet7\n'), 'at line 3'],
    ['only a line that does not change differs', LEAF.replace('mtu 9000', 'mtu 1500'), 'outside the lines that change'],
    ['a line more at the top', `!\n${LEAF}`, 'at line 3'],
    ['the empty configuration', '', 'at line 3'],
    ['the result itself', renderConfig(applyDiff(parseConfig(LEAF), diff)), 'at line 4'],
  ])('is refused on another tree: %s', (_, text, place) => {
    expect(() => applyDiff(parseConfig(text), diff)).toThrow(
      expect.objectContaining({
        kind: 'stale',
        message: `the configuration is not the one this diff was made from: it differs ${place}`,
      }),
    )
  })

  test.each<[string, (diff: ConfigDiff) => ConfigDiff]>([
    [
      'a line added by hand',
      (it) => ({ ...it, layout: it.layout.map((hunk) => ({ ...hunk, add: [...hunk.add, 'x'] })) }),
    ],
    ['a change taken out', (it) => ({ ...it, changes: it.changes.slice(1) })],
    [
      'a change edited',
      (it) => ({
        ...it,
        changes: it.changes.map((change) => (change.sign === '+' ? { ...change, line: 'description evil' } : change)),
      }),
    ],
  ])('an altered diff is refused: %s', (_, alter) => {
    expect(() => applyDiff(parseConfig(LEAF), alter(stored(diff)))).toThrow(expect.objectContaining({ kind: 'stale' }))
  })
})

describe.skipIf(shared === undefined)('replace pairs of the corpus (absent: ../shared)', () => {
  test('apply and invert exactly, as small as git says', { tags: ['long', 'turn'] }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'eosflow-diff-'))
    const sizes = replacePairs().map(({ name, running, candidate }) => {
      const [a, b] = [parseConfig(running), parseConfig(candidate)]
      const diff = stored(diffConfig(a, b))
      expect(renderConfig(applyDiff(a, diff)), name).toBe(renderConfig(b))
      expect(renderConfig(applyDiff(b, stored(invertDiff(diff)))), name).toBe(renderConfig(a))
      return {
        name,
        ours: diffSize(diff),
        git: gitSize(folder, renderConfig(a), renderConfig(b)),
        empty: isEmptyChange(diff),
      }
    })
    rmSync(folder, { recursive: true })
    expect(sizes).toHaveLength(79)
    const ours = sizes.reduce((sum, size) => sum + size.ours, 0)
    const git = sizes.reduce((sum, size) => sum + size.git, 0)
    const worst = Math.max(...sizes.map((size) => size.ours / size.git))
    process.stdout.write(
      `replace pairs: 79 of 79 both ways, ${ours} changed lines against ${git} of git (${(ours / git).toFixed(3)}), worst ${worst.toFixed(2)}\n`,
    )
    expect(ours / git).toBeLessThanOrEqual(1.1)
    expect(worst).toBeLessThanOrEqual(1.5)
    expect(sizes.filter(({ empty }) => empty)).toHaveLength(26)
  })
})

function gitSize(folder: string, before: string, after: string) {
  const files = [join(folder, 'before'), join(folder, 'after')] as const
  writeFileSync(files[0], before)
  writeFileSync(files[1], after)
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--minimal', '--numstat', '--', ...files], {
    encoding: 'utf8',
  })
  const [added, removed] = stdout.split('\t')
  return Number(added) + Number(removed)
}
