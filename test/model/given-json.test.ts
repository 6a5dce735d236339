import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DuplicateMember, givenJson } from '../../src/model/json.ts'

describe('JSON that came from outside', () => {
  test.each([
    '{"decision":"reject","decision":"approve"}',
    '{"a":{"b":1,"c":{},"b":1}}',
    '[{"x":1},{"y":[{"z":1 , "z" : 2}]}]',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"a\\\\":1,"a\\\\":2}',
    '{"plan":{"a":1,"b":[1,2,{"c":1}]},"plan":1}',
    '{"__proto__":1,"__proto__":2}',
    '{\n\t"a"\r\n :1,\n"a":\t2}',
  ])('[3A10] is refused with a member that is there twice: %s', (text) => {
    expect(() => givenJson(text)).toThrow(DuplicateMember)
  })

  test.each(['', '{', '{"a":1,}', '{"a":1 "b":2}', 'undefined'])('is refused where it is none: %j', (text) => {
    expect(() => givenJson(text)).toThrow(SyntaxError)
  })

  test('is any other value, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, blank) => {
        const text = JSON.stringify(value, null, blank)
        expect(givenJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
    expect(givenJson('{"a":"x\\":1,\\"a","b":{"a":": \\\\"}}')).toEqual({ a: 'x":1,"a', b: { a: ': \\' } })
  })

  test('is read however deep it is', () => {
    const deep = `${'['.repeat(3_000)}${']'.repeat(3_000)}`
    expect(JSON.stringify(givenJson(deep))).toBe(deep)
  })
})
