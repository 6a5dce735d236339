import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/model/digest.ts'
import type { Json } from '../../src/model/json.ts'

class Made {
  readonly a = 1
}

describe('the canonical text of a value', () => {
  test.each<[string, unknown, string]>([
    [
      'members out of order, at each depth',
      { b: [{ d: 1, c: 2 }], a: { z: 1, y: [] } },
      '{"a":{"y":[],"z":1},"b":[{"c":2,"d":1}]}',
    ],
    [
      'members in order, behind one that is not',
      { a: 1, b: { d: 1, c: 2 }, c: 'x' },
      '{"a":1,"b":{"c":2,"d":1},"c":"x"}',
    ],
    ['items, one of them out of order', [1, { a: 1 }, { b: 1, a: 2 }, 'x'], '[1,{"a":1},{"a":2,"b":1},"x"]'],
    ['names like numbers, which an engine keeps by number', { 9: 'a', 10: 'b' }, '{"10":"b","9":"a"}'],
    [
      'names like numbers in the order of their texts',
      { 110: { b: 1, a: 2 }, 120: 0 },
      '{"110":{"a":2,"b":1},"120":0}',
    ],
    [
      'names like numbers among others',
      { vlan: 1, 20: { 3: 0, 100: { b: 1, a: 1 } } },
      '{"20":{"100":{"a":1,"b":1},"3":0},"vlan":1}',
    ],
    // RFC 8785, 3.2.3.
    [
      'names by UTF-16 code units',
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
    ['escapes', '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    ['what looks like half of a pair', 'C:\\udc00', '"C:\\\\udc00"'],
    ['numbers', [0, -0, -1, Number.MAX_SAFE_INTEGER], '[0,0,-1,9007199254740991]'],
    ['words and nothing', [true, false, null, '', [], {}], '[true,false,null,"",[],{}]'],
    ['a name of the machinery', JSON.parse('{"b":1,"__proto__":{"y":1,"x":2}}'), '{"__proto__":{"x":2,"y":1},"b":1}'],
    ['an object without a prototype', Object.assign(Object.create(null), { b: 1, a: 2 }), '{"a":2,"b":1}'],
    // RFC 8785, appendix B.
    ['fractions', { z: 4.5, a: [2e-3, 0.000001, 1e-7, -0] }, '{"a":[0.002,0.000001,1e-7,0],"z":4.5}'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value as Json)).toBe(text)
  })

  test('leaves the value as it is', () => {
    const value = { b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] }
    canonicalJson(value)
    expect(JSON.stringify(value)).toBe('{"b":{"d":1,"c":2},"a":[{"z":1,"y":2}]}')
  })

  test.each<[string, unknown, RegExp]>([
    ['a number that is not exact', 2 ** 53, /not an exact number/],
    ['no number', [Number.NaN], /not an exact number in canonical JSON: NaN/],
    ['an infinite number', { z: 1, a: Number.POSITIVE_INFINITY }, /not an exact number in canonical JSON: Infinity/],
    ['a member that is not there', { b: 1, a: undefined }, /not a JSON value: undefined/],
    ['an item that is not there', [undefined], /not a JSON value: undefined/],
    ['a function', { a: () => 1 }, /not a JSON value: function/],
    ['a function that would write it', { toJSON: () => 'x' }, /not a JSON value: function/],
    ['a large integer', 1n, /not a JSON value: bigint/],
    ['a date', { a: new Date(0) }, /not a JSON value: object/],
    ['what a class has made', [new Made()], /not a JSON value: object/],
    ['half a character', { a: ['x\ud800'] }, /lone surrogate/],
    ['half a character in a name', { '\udfff': 1 }, /lone surrogate/],
  ])('%s is refused', (_, value, message) => {
    expect(() => canonicalJson(value as Json)).toThrow(message)
  })
})
