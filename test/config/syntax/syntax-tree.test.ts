import { expect, test } from 'vitest'
import { LineJudge, type LineJudgement } from '../../../src/config/syntax/judge-line.ts'
import { readSyntaxTree } from '../../../src/config/syntax/syntax-tree.ts'

test('a tree is read from its text form: where a line may end, and which values may be where', () => {
  const { words, values } = readSyntaxTree('mtu(<68-9214>) lacp(mode(<=active|passive>) rate) <int|list>$(name)')
  expect([...words.keys()]).toEqual(['mtu', 'lacp'])
  expect(words.get('mtu')).toMatchObject({ isEnd: false, values: [{ types: ['int'], range: [68, 9214] }] })
  expect(words.get('lacp')?.words.get('mode')?.values).toMatchObject([
    { types: ['word'], usual: ['active', 'passive'] },
  ])
  expect(words.get('lacp')?.words.get('rate')).toMatchObject({ isEnd: true, values: [] })
  expect(values).toMatchObject([{ types: ['int', 'list'], next: { isEnd: true } }])
})

/** A table of two modes: what a judge says is of the table alone. */
const judge = new LineJudge({
  modes: {
    '': 'peer(<word>) vlan(<list>)',
    '/vlan': 'name(<word>) state(<=active|suspend>) mode(first(<int>) second(<int>))',
  },
  words: 'elsewhere',
})

test.each<readonly [above: readonly string[], line: string, kind: LineJudgement['kind']]>([
  [['vlan 7'], 'name blue', 'known'],
  [['vlan 7'], 'state suspnd', 'misspelt'],
  [['vlan 7'], 'state elsewhere', 'known'],
  [['vlan 7'], 'stat active', 'known'],
  [['vlan 7'], 'nmae blue', 'misspelt'],
  // The order of options is not all known: a word of another line that begins alike is taken, and what follows it is judged.
  [['vlan 7'], 'mode first 1 second 2', 'known'],
  [['vlan 7'], 'mode first 1 second x', 'wrong-type'],
  [['vlan 7'], 'peer lab', 'known'],
  [['vlan 7'], 'elsewhere 1', 'unexpected-word'],
  [['peer lab'], 'name blue', 'unknown-mode'],
  [[], 'name blue', 'other-mode'],
  [[], 'vlan seven', 'wrong-type'],
  [[], 'vlan', 'incomplete'],
  [[], 'no vlan', 'known'],
])('%j %s: %s', (above, line, kind) => {
  expect(judge.judge(above, line).kind).toBe(kind)
})
