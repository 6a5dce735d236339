import { expect, test } from 'vitest'
import { LineJudge } from '../../../src/config/syntax/judge-line.ts'
import type { LineJudgement } from '../../../src/config/syntax/line-judgement.ts'
import { readSyntaxTree } from '../../../src/config/syntax/syntax-tree.ts'

test('a tree is read from its text form: where a line may end, and which values may be where', () => {
  const { words, values } = readSyntaxTree('mtu(<68-9214>) lacp(mode(<=active|passive>) rate) <int|list>$(name)')
  expect([...words.keys()]).toEqual(['mtu', 'lacp'])
  expect(words.get('mtu')).toMatchObject({ isEnd: false, values: [{ types: ['int'], range: [68, 9214] }] })
  expect(words.get('lacp')?.words.get('mode')?.values).toMatchObject([
    { types: ['word'], usual: ['active', 'passive'] },
  ])
  expect(words.get('lacp')?.words.get('rate')).toMatchObject({ isEnd: true, values: [] })
  expect(values).toMatchObject([{ types: ['int', 'list'], next: { isEnd: true, isSeldom: false } }])
  const seldom = readSyntaxTree('rate~(<int>$(burst)) speed').words
  const value = { isEnd: true, isSeldom: true }
  expect(seldom.get('rate')).toMatchObject({ isEnd: false, isSeldom: true, values: [{ next: value }] })
  expect(seldom.get('speed')).toMatchObject({ isEnd: true, isSeldom: false })
  expect(readSyntaxTree('~ rate').words.get('rate')).toMatchObject({ isSeldom: true })
})

/** A table of three modes: what a judge says is of the table alone. */
const judge = new LineJudge({
  modes: {
    '': 'peer(<word>) session vlan(<list>)',
    '/vlan': 'name(<word>) state(<=active|suspend>) mode(first(<int>) second(<int>))',
    '/session': '~ hold(<int>(for))',
  },
  words: 'elsewhere firsty half-way',
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
  // A table has too few lines to say that a word of EOS, or one that is made of its words, is none of a place.
  [['vlan 7'], 'elsewhere 1', 'known'],
  [['vlan 7'], 'elsewhere-mode 1', 'known'],
  [['vlan 7'], 'nowhere 1', 'unexpected-word'],
  // But one that is like a word of the place.
  [['vlan 7'], 'mode firsty 2', 'unexpected-word'],
  // What one source alone has says nothing of what else may be there, and where a line ends.
  [['session'], 'hold', 'known'],
  [['session'], 'hold 7', 'known'],
  [['session'], 'hold 7 8', 'known'],
  [['session'], 'hodl 7', 'misspelt'],
  [['session'], 'frobnicate', 'known'],
  [['session'], 'nowhere 1', 'known'],
  // But a line that many have in another mode is of that, and a word that is like one of EOS is told.
  [['session'], 'name blue', 'other-mode'],
  [['session'], 'elsewhree 1', 'unexpected-word'],
  [['vlan 7'], 'frobnicate', 'unexpected-word'],
  // A number at the end of a word, and a part of one.
  [['vlan 7'], 'elsewhere7 1', 'known'],
  [['vlan 7'], 'half 1', 'known'],
  [['peer lab'], 'name blue', 'unknown-mode'],
  [[], 'name blue', 'other-mode'],
  [[], 'vlan seven', 'wrong-type'],
  [[], 'vlan', 'incomplete'],
  [[], 'no vlan', 'known'],
])('[3T12] %j %s: %s', (above, line, kind) => {
  expect(judge.judge(above, line).kind).toBe(kind)
})
