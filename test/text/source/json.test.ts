import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../../src/text/source/json.ts'
import { keyPlaceOf, placeOf, problemsOf } from '../../../src/text/source/located.ts'

/** A blank before it makes it another text than eosflow writes: it is read by another way. */
function sameWithBlank(read: ReturnType<typeof readJson>, text: string) {
  const other = readJson(` ${text}`, 'f')
  if (!read.ok || !other.ok) throw new Error(text)
  expect(other.value.value).toEqual(read.value.value)
  const { value } = read.value
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : []
  for (const name of names) {
    const [here, there] = [keyPlaceOf(read.value, [name]), keyPlaceOf(other.value, [name])]
    expect(here.line).toBe(there.line)
    expect(here.column).toBe(there.line === 1 ? there.column - 1 : there.column)
  }
}

describe('readJson', () => {
  test('a value knows where its keys and values are written', () => {
    const read = readJson('{\n  "a": [1, {"b": "\\u0041\\n"}],\n\t"c": null, "d": -1.5e3\n}\n', 'p.json')
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    expect(read.value.value).toEqual({ a: [1, { b: 'A\n' }], c: null, d: -1500 })
    expect(placeOf(read.value, ['a', 1, 'b'])).toEqual({ file: 'p.json', line: 2, column: 18 })
    expect(keyPlaceOf(read.value, ['d'])).toEqual({ file: 'p.json', line: 3, column: 13 })
  })

  test.each<[string, unknown]>([
    ['a forbidden key as a text', { a: 'constructor', b: ['"__proto__"'] }],
    ['what looks like half of a pair', { a: 'C:\\\\udc00' }],
    ['a pair', { a: '\u{1f600}' }],
  ])('%s is read', (_, value) => {
    for (const text of [JSON.stringify(value), `${JSON.stringify(value, null, 2)}\n`]) {
      const read = readJson(text, 'f')
      expect(read.ok && read.value.value).toEqual(value)
      sameWithBlank(read, text)
    }
  })

  test('a string of tens of millions of characters is a problem, not a crash', { tags: ['long', 'turn'] }, () => {
    const read = readJson(`{"a":"${'x\\n'.repeat(20_000_000)}"}`, 'f')
    expect(problemsOf(read).map(({ code }) => code)).toEqual(['too-large'])
  })

  test('reads what JSON.stringify writes', { tags: ['long', 'turn'] }, () => {
    const safe = (value: unknown) => !/__proto__|constructor|prototype/.test(JSON.stringify(value))
    const integers = fc.jsonValue({ noUnicodeString: false, depthSize: 'small' } as fc.JsonSharedConstraints)
    let seen = 0
    fc.assert(
      fc.property(integers.filter(safe), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, undefined, space)
        const read = readJson(text, 'f')
        const codes = problemsOf(read).map(({ code }) => code)
        // JSON carries numbers that no computer holds; they are refused here by name.
        if (codes.some((code) => code === 'inexact-number')) return
        seen += 1
        expect(read.ok && read.value.value).toEqual(JSON.parse(text))
        sameWithBlank(read, text)
      }),
    )
    expect(seen).toBeGreaterThan(100)
  })

  test.each<[string, string, string]>([
    ['an empty file', '', 'empty-file 1:1'],
    ['a truncated plan', '{"version": 1,\n "workflow": "add', 'json-syntax 2:14'],
    ['a missing comma', '{"a": 1\n "b": 2}', 'json-syntax 2:2'],
    ['a trailing comma', '[1,]', 'json-syntax 1:4'],
    ['a missing colon', '{"a" 1}', 'json-syntax 1:6'],
    ['a bare word', '{"a": yes}', 'json-syntax 1:7'],
    ['text behind the end', '{}\n{}', 'json-syntax 2:1'],
    ['a duplicate key', '{"a": 1,\n "a": 2}', 'duplicate-key 2:2'],
    ['an escaped duplicate key', '{"a": 1, "\\u0061": 2}', 'duplicate-key 1:10'],
    ['__proto__', '{"__proto__": {}}', 'forbidden-key 1:2'],
    ['a number that loses digits', '{"a": 9007199254740993}', 'inexact-number 1:7'],
    ['half of a surrogate pair', '{"a": "x\\ud800"}', 'half-character 1:7'],
    ['half of a surrogate pair in a key', '{"\\udc00": 1}', 'half-character 1:2'],
    ['depth', '['.repeat(70), 'too-deep 1:66'],
    ['a raw line feed in a string', '{"a": "x\ny"}', 'json-syntax 1:7'],
    ['a duplicate key, written as eosflow writes', '{"a":1,"a":2}', 'duplicate-key 1:8'],
    ['__proto__, written so', '{"__proto__":{}}', 'forbidden-key 1:2'],
    ['a number that loses digits, written so', '{"a":9007199254740993}', 'inexact-number 1:6'],
    ['half of a surrogate pair, written so', '{"a":"x\\ud800"}', 'half-character 1:6'],
    ['half of a surrogate pair in a key, written so', '{"\\udc00":1}', 'half-character 1:2'],
    ['depth, written so', `${'['.repeat(70)}${']'.repeat(70)}`, 'too-deep 1:66'],
    ['constructor, written so over several lines', '{\n  "a": {\n    "constructor": 1\n  }\n}\n', 'forbidden-key 3:5'],
    ['prototype, written so', '[{"prototype":[]}]', 'forbidden-key 1:3'],
    ['a number that loses digits, over several lines', '{\n  "a": 9007199254740993\n}\n', 'inexact-number 2:8'],
    ['a number without an end, written so', '{"a":1e400}', 'inexact-number 1:6'],
    ['NUL', '{"a": "\u0000"}', 'not-text 1:8'],
  ])('refuses %s', (_, text, expected) => {
    const [problem] = problemsOf(readJson(text, 'f'))
    expect(`${problem?.code} ${problem?.at.line}:${problem?.at.column}`).toBe(expected)
  })
})
