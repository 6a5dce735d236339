import { expect, test } from 'vitest'
import { lineJudge } from '../../../../src/eos/config/guard/judge-line.ts'
import { readSyntaxTree } from '../../../../src/eos/config/syntax/syntax-tree.ts'
import { lists } from '../../../table.ts'

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
const judge = lineJudge({
  modes: {
    '': 'peer(<word>) session vlan(<list>)',
    '/vlan': 'name(<word>) state(<=active|suspend>) mode(first(<int>) second(<int>))',
    '/session': '~ hold(<int>(for))',
  },
  words: 'elsewhere firsty half-way',
})

test.each(lists`
  name blue             | vlan 7 | known
  state suspnd          | vlan 7 | misspelt
  state elsewhere       | vlan 7 | known
  stat active           | vlan 7 | known
  nmae blue             | vlan 7 | misspelt
  # The order of options is not all known: a word of another line that begins alike is taken, and what follows it is judged.
  mode first 1 second 2 | vlan 7 | known
  mode first 1 second x | vlan 7 | wrong-type
  peer lab              | vlan 7 | known
  # A table has too few lines to say that a word of EOS, or one that is made of its words, is none of a place.
  elsewhere 1           | vlan 7 | known
  elsewhere-mode 1      | vlan 7 | known
  nowhere 1             | vlan 7 | unexpected-word
  # But one that is like a word of the place.
  mode firsty 2         | vlan 7 | unexpected-word
  # What one source alone has says nothing of what else may be there, and where a line ends.
  hold                  | session | known
  hold 7                | session | known
  hold 7 8              | session | known
  hodl 7                | session | misspelt
  frobnicate            | session | known
  nowhere 1             | session | known
  # But a line that many have in another mode is of that, and a word that is like one of EOS is told.
  name blue             | session | other-mode
  elsewhree 1           | session | unexpected-word
  frobnicate            | vlan 7 | unexpected-word
  # A number at the end of a word, and a part of one.
  elsewhere7 1          | vlan 7 | known
  half 1                | vlan 7 | known
  name blue             | peer lab | unknown-mode
  name blue             |  | other-mode
  vlan seven            |  | wrong-type
  vlan                  |  | incomplete
  no vlan               |  | known
`)('[3T12] %s, in %j: %s', (line, above, [kind]) => {
  expect(judge.judge(above, line).kind).toBe(kind)
})
