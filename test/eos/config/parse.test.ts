import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode, ConfigTree } from '../../../src/eos/config/text/tree.ts'
import { recorded, replacePairs, shared, wholeConfigs } from './replace-pairs.ts'
import { eosText } from './texts.ts'

/** What a round trip may lose: CR, trailing blanks, the final newline. */
function comparable(text: string) {
  return text
    .replaceAll('\r', '')
    .replace(/\n$/, '')
    .split('\n')
    .map((row) => row.trimEnd())
    .join('\n')
}

/** The nodes as plain data, so that the text is rendered from them and not from what the parser remembers. */
function rebuilt(tree: ConfigTree): ConfigTree {
  return { children: tree.children, tail: tree.tail }
}

/** A tree as nested lists: a leaf is its line, a block is its line and what stands under it. */
type Shape = string | [string, ...Shape[]]
function shape(node: ConfigNode): Shape {
  return node.children.length === 0 ? node.line : [node.line, ...node.children.map(shape)]
}
function shapes(text: string): Shape[] {
  return parseConfig(text).children.map(shape)
}

function walk(nodes: readonly ConfigNode[], visit: (node: ConfigNode, depth: number) => void, depth = 0) {
  for (const node of nodes) {
    visit(node, depth)
    walk(node.children, visit, depth + 1)
  }
}

function expectRealTree(name: string, tree: ConfigTree) {
  walk(tree.children, (node, depth) => {
    expect(node.line, name).toMatch(/^\S(.*\S)?$/)
    expect(node.line.startsWith('!') && !node.line.startsWith('!!'), name).toBe(false)
    const indent = node.indent ?? 3 * depth
    for (const child of node.children)
      expect(child.indent ?? 3 * (depth + 1), `${name}: ${child.line}`).toBeGreaterThan(indent)
    for (const raw of [...node.lead, ...node.tail]) expect(raw, name).toMatch(/^\s*(!.*)?$/)
    for (const body of node.body ?? []) expect(body.at(-1)?.trim(), name).toBe('EOF')
  })
}

interface RecordedText {
  readonly name: string
  readonly text: string
}

function otherKinds(): RecordedText[] {
  return recorded('eos-corpus/manifest.jsonl')
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as { file: string; kind: string })
    .filter(({ kind }) => kind === 'grammar-test' || kind === 'fixture')
    .map(({ file }) => ({ name: file, text: recorded(`eos-corpus/${file}`) }))
}

function snapshotTexts(): RecordedText[] {
  const folder = 'eos-corpus/device-snapshots/'
  return readdirSync(new URL(folder, shared)).map((name) => {
    const snapshot = JSON.parse(recorded(`${folder}${name}`)) as { running_config: string }
    return { name, text: snapshot.running_config }
  })
}

describe.skipIf(shared === undefined)('configurations of the corpus (absent: ../shared/eos-corpus)', () => {
  test.each([
    ['whole configurations', wholeConfigs, 397],
    ['other kinds', otherKinds, 117],
    ['device snapshots', snapshotTexts, 35],
    [
      'replace pairs',
      () =>
        replacePairs().flatMap(({ name, running, candidate }) => [
          { name, text: running },
          { name, text: candidate },
        ]),
      158,
    ],
  ])('%s render back and are real trees', { tags: ['long', 'turn'] }, (label, read, count) => {
    const texts = read()
    const failed = texts.filter(({ name, text }) => {
      const tree = parseConfig(text)
      expectRealTree(name, tree)
      return comparable(renderConfig(tree)) !== comparable(text) || renderConfig(rebuilt(tree)) !== renderConfig(tree)
    })
    process.stdout.write(`${label}: ${texts.length - failed.length} of ${texts.length} render back\n`)
    expect(failed.map(({ name }) => name)).toEqual([])
    expect(texts).toHaveLength(count)
  })
})

describe('what is under what', () => {
  test.each([
    [
      'blocks and leaves',
      'hostname a\ninterface Ethernet1\n   mtu 9000\n   no shutdown\nend\n',
      ['hostname a', ['interface Ethernet1', 'mtu 9000', 'no shutdown'], 'end'],
    ],
    ['any step of indentation', 'platform x\n    a\n          b\n     c\n d\n', [['platform x', ['a', 'b', 'c'], 'd']]],
    ['a step back between two levels', 'a\n      b\n   c\n', [['a', 'b', 'c']]],
    [
      '`!` neither opens nor closes a block',
      'router bgp 1\n   vrf A\n!\n            !\n      rd 1:1\n',
      [['router bgp 1', ['vrf A', 'rd 1:1']]],
    ],
    [
      'a mode comment is content',
      'interface Ethernet1\n   !! uplink\n   mtu 9000\n',
      [['interface Ethernet1', '!! uplink', 'mtu 9000']],
    ],
    [
      'a mode comment opens nothing',
      'interface Ethernet1\n   !! uplink\n      mtu 9000\n',
      [['interface Ethernet1', '!! uplink', 'mtu 9000']],
    ],
    ['`!!` at the margin is a remark', '!! a file of mine\nhostname a\n', ['hostname a']],
    [
      'repeated siblings',
      'vrf A\n   address-family ipv6\n      x\n   address-family ipv6\n      y\n',
      [['vrf A', ['address-family ipv6', 'x'], ['address-family ipv6', 'y']]],
    ],
    [
      '`exit` is a command',
      'vrf A\n   rd 1:1\n   exit\n   exit-group x\n',
      [['vrf A', 'rd 1:1', 'exit', 'exit-group x']],
    ],
    [
      'CR, byte order mark and no final newline',
      '\uFEFFhostname a\r\ninterface Ethernet1\r\n   mtu 9000',
      ['hostname a', ['interface Ethernet1', 'mtu 9000']],
    ],
    [
      'tabs reach to the next column of eight',
      'interface Ethernet1\n      mtu 9000\n\tno shutdown\n',
      [['interface Ethernet1', ['mtu 9000', 'no shutdown']]],
    ],
    [
      'trailing blanks are no part of a command',
      'router bgp 1\n   neighbor 10.0.0.1 maximum-routes 12000 \n',
      [['router bgp 1', 'neighbor 10.0.0.1 maximum-routes 12000']],
    ],
    ['the empty text', '', []],
    ['nothing but trivia', '!\n\n! x\n', []],
  ])('%s', (_, text, expected) => {
    expect(shapes(text)).toEqual(expected)
  })
})

describe('heredocs', () => {
  test.each([
    [
      'a banner that looks like configuration',
      'banner login\n!\n!! keep out\n\ninterface Ethernet1\nEOF\nhostname a\n',
      ['banner login', 'hostname a'],
      [['!', '!! keep out', '', 'interface Ethernet1', 'EOF']],
    ],
    ['an empty banner', 'banner motd\nEOF\nhostname a\n', ['banner motd', 'hostname a'], [['EOF']]],
    [
      'EOF inside a word closes nothing',
      'banner motd\n   !! TEST.....EOF\nEOF\n',
      ['banner motd'],
      [['   !! TEST.....EOF', 'EOF']],
    ],
    [
      'a comment with an indented EOF',
      'interface Ethernet1\n   comment\n   some text\n      EOF\n   mtu 9000\n',
      [['interface Ethernet1', 'comment', 'mtu 9000']],
      [['   some text', '      EOF']],
    ],
    [
      'a script',
      'event-handler x\n   action bash\n      if [ 1 ]; then\n      fi\n      EOF\n   delay 0\n',
      [['event-handler x', 'action bash', 'delay 0']],
      [['      if [ 1 ]; then', '      fi', '      EOF']],
    ],
    [
      'a one-line script is none',
      'event-handler x\n   action bash echo EOF\n   delay 0\n',
      [['event-handler x', 'action bash echo EOF', 'delay 0']],
      [],
    ],
    [
      'a control function',
      'router general\n   control-functions\n      code unit A\n         function F() {\n           }\n         EOF\n      exit\n',
      [['router general', ['control-functions', 'code unit A', 'exit']]],
      [['         function F() {', '           }', '         EOF']],
    ],
    [
      'a certificate and its key at the margin',
      'management api http-commands\n   protocol https certificate\nAAAA\nEOF\nBBBB\nEOF\n   no shutdown\n',
      [['management api http-commands', 'protocol https certificate', 'no shutdown']],
      [
        ['AAAA', 'EOF'],
        ['BBBB', 'EOF'],
      ],
    ],
    ['one that is never closed is a command', 'banner login\nhostname a\n', ['banner login', 'hostname a'], []],
  ])('%s', (_, text, expected, bodies) => {
    expect(shapes(text)).toEqual(expected)
    const found: (readonly string[])[] = []
    walk(parseConfig(text).children, ({ body }) => found.push(...(body ?? [])))
    expect(found).toEqual(bodies)
  })
})

test('trivia hangs before the command it precedes, deeper `!` at the end of the block it closes', () => {
  const tree = parseConfig(
    '! Command: show running-config\n!\nrouter bgp 1\n   !\n   vrf A\n      rd 1:1\n      !\n   !\n!\nend\n\n',
  )
  expect(tree).toEqual({
    children: [
      {
        line: 'router bgp 1',
        children: [
          {
            line: 'vrf A',
            children: [{ line: 'rd 1:1', children: [], lead: [], tail: [] }],
            lead: ['   !'],
            tail: ['      !'],
          },
        ],
        lead: ['! Command: show running-config', '!'],
        tail: ['   !'],
      },
      { line: 'end', children: [], lead: ['!'], tail: [] },
    ],
    tail: [''],
  })
})

test('indentation, tabs and trailing blanks are kept where they are not the usual ones', () => {
  expect(parseConfig('a\n  b \n\tc\n').children).toEqual([
    {
      line: 'a',
      children: [
        {
          line: 'b',
          indent: 2,
          trailing: ' ',
          children: [{ line: 'c', indent: 8, margin: '\t', children: [], lead: [], tail: [] }],
          lead: [],
          tail: [],
        },
      ],
      lead: [],
      tail: [],
    },
  ])
})

test('any text renders back, from what was read and from the nodes alone', () => {
  fc.assert(
    fc.property(
      fc.oneof(eosText, fc.string({ unit: fc.constantFrom('a', ' ', '\t', '!', '\n', 'EOF\n', 'comment\n', 'é') })),
      (text) => {
        const tree = parseConfig(text)
        expectRealTree('generated', tree)
        expect(comparable(renderConfig(tree))).toBe(comparable(text))
        expect(renderConfig(rebuilt(tree))).toBe(renderConfig(tree))
      },
    ),
  )
})

test('a long text of unclosed heredocs is read in one pass', () => {
  const text = 'banner login\n'.repeat(100_000)
  expect(parseConfig(text).children).toHaveLength(100_000)
})

test('a text nested without end is a tree of bounded depth that renders back', () => {
  const text = Array.from({ length: 3000 }, (_, level) => `${' '.repeat(level)}level ${level}\n`).join('')
  const tree = parseConfig(text)
  let deepest = 0
  walk(tree.children, (_, depth) => {
    deepest = Math.max(deepest, depth)
  })
  expect(deepest).toBe(64)
  expect(renderConfig(rebuilt(tree))).toBe(text)
})
