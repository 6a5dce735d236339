import { describe, expect, test } from 'vitest'
import { keysOf, WholeFloat, writtenKeys } from '../../../src/model/json.ts'
import { readYaml11 } from '../../../src/text/yaml-1-1/read.ts'

const read = (text: string) => readYaml11(text, 'a.yml', { tags: new Map(), markDepth: Number.POSITIVE_INFINITY })
const valueIn = (text: string) => {
  const result = read(text)
  return result.ok ? result.value.value : result.problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`)
}

describe('YAML 1.1', () => {
  // What PyYAML 6.0 with libyaml makes of them.
  test.each<[string, unknown]>([
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['0o17', '0o17'],
    ['017', 15],
    ['08', '08'],
    ['0x1F', 31],
    ['1_000', 1000],
    ['1:30', 90],
    ['01:30', '01:30'],
    ['1e5', '1e5'],
    ['1.5e+3', new WholeFloat(1500)],
    ['-.5', '-.5'],
    ['.5', 0.5],
    ['12345678901234567890', 12345678901234567890n],
    ['2001-12-14 21:59:43.10 Z', '2001-12-14T21:59:43.100000+00:00'],
    ['~', null],
    ['"a\\\n  b \\u0041"', 'ab A'],
    ["'it''s\n  two'", "it's two"],
    ['a\n b\n\n c', 'a b\nc'],
    ['>-\n folded\n text\n\n more', 'folded text\nmore'],
    ['|+\n kept\n\n', 'kept\n\n'],
    ['[a, b: c, {d, e: 1}]', ['a', { b: 'c' }, { d: null, e: 1 }]],
    ['{"a": 1e5}', { a: new WholeFloat(100_000) }],
    ['a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}', { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
    ['a: 1\na: 2', { a: 2 }],
    ['[! 12, ! "12", ! yes, ! text, ! ~]', [12, 12, true, 'text', null]],
    ['a: !\nb: ! [1]', { a: '', b: [1] }],
    ['k:\n- 1\n- 2\nl:', { k: [1, 2], l: null }],
  ])('[V6] %j', (text, value) => {
    expect(valueIn(text)).toEqual(value)
  })

  test.each<[string, string]>([
    ['a: b: c', '1:5 a ": " is not allowed here'],
    ['a: *x', '1:4 there is no anchor &x before this'],
    ['a: &x [*x]', '1:8 &x is within itself'],
    ['a: &x 1\nb: &x 2', '2:4 there is an anchor &x before this'],
    ['a: !!binary eA==', '1:4 the tag !!binary is not known here'],
    ['a: 2001-13-45', '1:4 "2001-13-45" is no timestamp'],
    ['[a]: b', '1:1 a key must be a text, a number or a truth'],
    ['a\nb: c', '2:2 a ": " is not allowed here'],
    ['--- 1\n--- 2', '2:1 a second document begins here'],
    ['...', '1:1 "..." ends a document, and none is before it'],
    ['# none\n...\na: 1\n', '2:1 "..." ends a document, and none is before it'],
  ])('[V6] refuses %j', (text, problem) => {
    expect(valueIn(text)).toEqual([problem])
  })

  test('keeps the order and the types of keys', () => {
    const map = valueIn("b: 1\n10: 2\n'9': 3\nyes: 4") as object
    expect(keysOf(map)).toEqual(['b', '10', '9', 'true'])
    expect(writtenKeys(map)).toEqual(['b', 10, '9', true])
  })

  test('refuses aliases that mean billions', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]']
    for (let level = 1; level < 9; level += 1)
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
    expect(valueIn(lines.join('\n'))).toEqual([
      expect.stringContaining('the aliases of this file mean too many values'),
    ])
  })
})
