import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseReferencePath, place } from '../../../../src/change/workflow/query/jsonpath/language.ts'
import { parsePath } from '../../../../src/change/workflow/query/jsonpath/parse-path.ts'
import { select } from '../../../../src/change/workflow/query/jsonpath/select.ts'
import type { Json } from '../../../../src/model/json.ts'

describe('ResultPath puts a value into the input', () => {
  test.each([
    [{ a: 1 }, '$', 2, 2],
    [{ a: 1 }, '$.b', 2, { a: 1, b: 2 }],
    [{ a: 1 }, '$.a', 2, { a: 2 }],
    [{ a: 1 }, '$.b.c.d', 2, { a: 1, b: { c: { d: 2 } } }],
    [{ a: { b: 1 } }, '$.a.c', 2, { a: { b: 1, c: 2 } }],
    [{ a: { b: 1 } }, "$['a']['b']", [], { a: { b: [] } }],
    [{ a: [1, 2, 3] }, '$.a[1]', null, { a: [1, null, 3] }],
    [{ a: [{ b: 1 }] }, '$.a[0].c', 2, { a: [{ b: 1, c: 2 }] }],
    [[1, 2], '$[0]', 'x', ['x', 2]],
    [{}, '$.__proto__', 1, JSON.parse('{"__proto__":1}') as Json],
    [{}, '$.a\\.b', 1, { 'a.b': 1 }],
  ])('%j, %s', (input, path, value, expected) => {
    expect(place(input, path, value)).toEqual(expected)
  })

  test.each([
    ['text', '$.a', 'Unable to apply ReferencePath $.a to input "text"'],
    [null, '$.a', 'Unable to apply ReferencePath $.a to input null'],
    [[1], '$.a', 'Unable to apply ReferencePath $.a to input [1]'],
    [{ a: 1 }, '$.a.b', 'Unable to apply ReferencePath $.a.b to input {"a":1}'],
    [{ a: [1] }, '$.a[1]', 'Unable to apply ReferencePath $.a[1] to input {"a":[1]}'],
    [{}, '$.a[0]', 'Unable to apply ReferencePath $.a[0] to input {}'],
    [{}, '$.a[*]', "Invalid path '$.a[*]' : a reference path names exactly one place"],
    [{}, '$$.a', "Invalid path '$$.a' : a reference path starts with '$'"],
  ])('%j has no place %s', (input, path, cause) => {
    expect(() => place(input, path, 1)).toThrow(
      expect.objectContaining({ error: 'States.ResultPathMatchFailure', message: cause }),
    )
  })

  test.each(['$..a', '$.a[1:]', '$.a[0,1]', '$.a[-1]', "$['a','b']", '$.*', '$.a[?(@.b)]', '$x', '$.a.length()', 'a'])(
    '%s is not a reference path',
    (path) => {
      expect(() => parseReferencePath(path)).toThrow(/^a (?:reference )?path (?:names|starts|has)/)
    },
  )
})

describe('any reference path', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
  const names = fc.array(fc.oneof(fc.constantFrom('a', 'b', "it's", 'x"y', 'a.b', 'ü', ''), fc.string()), {
    minLength: 1,
    maxLength: 5,
  })
  const bracketed = (name: string) => `['${name.replace(/[\\']/g, '\\$&')}']`
  const frozen = (value: Json) => {
    if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) frozen(inner as Json)
      Object.freeze(value)
    }
    return value
  }

  test('what was put somewhere is found there, what was beside it stays, and the input is left alone', () => {
    fc.assert(
      fc.property(names, json, fc.dictionary(fc.constantFrom('p', 'q', 'r'), json), (steps, value, members) => {
        const input = frozen(members as Json)
        const path = `$${steps.map(bracketed).join('')}`
        const before = JSON.stringify(input)
        const placed = place(input, path, value)
        expect(select(parsePath(path), { input: placed, context: {}, variables: {} })).toEqual({ value })
        expect(JSON.stringify(input)).toBe(before)
        const { [steps[0] ?? '']: _, ...others } = placed as Record<string, Json>
        const { [steps[0] ?? '']: __, ...beside } = input as Record<string, Json>
        expect(others).toEqual(beside)
      }),
    )
  })
})
