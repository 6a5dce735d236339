import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import { renderConfig } from '../../src/config/render.ts'
import type { ConfigNode, ConfigTree } from '../../src/config/tree.ts'
import { recorded, replacePairs, shared, wholeConfigs } from './replace-pairs.ts'

/** What a round trip may lose: CR, trailing blanks, the final newline. */
function comparable(text: string): string {
  return text
    .replaceAll('\r', '')
    .split('\n')
    .map((row) => row.trimEnd())
    .join('\n')
    .replace(/\n$/, '')
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

function walk(nodes: readonly ConfigNode[], visit: (node: ConfigNode, depth: number) => void, depth = 0): void {
  for (const node of nodes) {
    visit(node, depth)
    walk(node.children, visit, depth + 1)
  }
}

function expectRealTree(name: string, tree: ConfigTree): void {
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
  test.each<[string, () => RecordedText[], number]>([
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
  ])('%s render back and are real trees', (label, read, count) => {
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

test('a quick look', () => {
  expect(shapes('interface Ethernet1\n   mtu 9000\n!\nend\n')).toEqual([['interface Ethernet1', 'mtu 9000'], 'end'])
})
