import { describe, expect, test } from 'vitest'
import { evaluate, INTRINSICS } from '../../../../src/change/workflow/query/jsonpath/expression.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import type { Json } from '../../../../src/model/json.ts'
import { table } from '../../../table.ts'

const input: Json = {
  nothing: null,
  yes: true,
  zero: 0,
  small: 1.49,
  half: 1.5,
  negativeHalf: -1.5,
  text: 'it',
  blank: ' ',
  list: [1, 2, 3],
  digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  pair: { Arg1: 1, Arg2: [] },
  nested: { a: { b: ['x', null, true, 1.1] } },
  mixed: [[1, 2, 3], 2, { a: 1, b: 2 }],
  same: [1, 1, 2, '1', { a: 1, b: 2 }, { b: 2, a: 1 }, null, null],
  rows: [{ id: 1 }, { id: 2 }],
  left: { a: { a1: 1, a2: 2 }, b: 2, d: 3 },
  right: { a: { a3: 1, a4: 2 }, c: 3, d: 4 },
  'odd,(name)': 'odd',
  'x)]y': 'unbalanced',
  template: 'from {} path',
}
const roots = { input, context: { Name: 'a-b-c' }, variables: { x: 42, s: 'v' } }
const draw = { hex: (count: number) => '0123456789abcdef0123456789abcdef'.slice(0, count * 2), fraction: () => 0.999 }

const value = (text: string) => evaluate(text, 'field.$', { roots, random: draw })
const fault = (text: string) => {
  try {
    return ['no fault', JSON.stringify(value(text))]
  } catch (error) {
    const { error: name, message } = error as { error: string; message: string }
    return [name, message]
  }
}

describe('intrinsic functions', () => {
  test.each([
    ...table`
      States.Format('plain')                                            "plain"
      States.Format('Formatting argument {}.', $.half)                  "Formatting argument 1.5."
      States.Format('{}', $.nothing)                                    "null"
      States.Format('{}', true)                                         "true"
      States.Format('{}', $.pair)                                       "{Arg1=1, Arg2=[]}"
      States.Format('{}', $.nested)                                     "{a={b=[x, null, true, 1.1]}}"
      States.Format('{}{}', 'a', 'b')                                   "ab"
      States.Format('\{\} it\'s {} \\', 1)                              "{} it's 1 \\"
      States.Format($.template, 'the')                                  "from the path"
      States.Format('{}', '{}')                                         "{}"
      States.Format('{}', $['odd,(name)'])                              "odd"
      States.StringToJson('')                                           null
      States.StringToJson($.blank)                                      null
      States.StringToJson('null')                                       null
      States.StringToJson('1.1')                                        1.1
      States.StringToJson('"text"')                                     "text"
      States.StringToJson('\{"Arg1": 1, "Arg2": []\}')                  {"Arg1":1,"Arg2":[]}
      States.JsonToString($.nothing)                                    "null"
      States.JsonToString($.zero)                                       "0"
      States.JsonToString($.pair)                                       "{\"Arg1\":1,\"Arg2\":[]}"
      States.JsonMerge($.left, $.right, false)                          {"a":{"a3":1,"a4":2},"b":2,"d":4,"c":3}
      States.Array()                                                    []
      States.Array(1, 'a', true, null, $.list, States.Array())          [1,"a",true,null,[1,2,3],[]]
      States.ArrayPartition($.digits, 4)                                [[0,1,2,3],[4,5,6,7],[8,9]]
      States.ArrayPartition($.list, 5)                                  [[1,2,3]]
      States.ArrayPartition($.list, 1)                                  [[1],[2],[3]]
      States.ArrayPartition($.list, 1.5)                                [[1,2],[3]]
      States.ArrayPartition(States.Array(), 2)                          []
      States.ArrayContains($.list, 2)                                   true
      States.ArrayContains($.list, 5)                                   false
      States.ArrayContains($.list, '2')                                 false
      States.ArrayContains($.mixed, $.list)                             true
      States.ArrayContains($.mixed, States.StringToJson('\{"b":2,"a":1\}'))  true
      States.ArrayContains($.mixed, null)                               false
      States.ArrayContains(States.Array(), States.Array())              false
      States.ArrayRange(1, 9, 2)                                        [1,3,5,7,9]
      States.ArrayRange(1, 9, 9)                                        [1]
      States.ArrayRange(1, 10, 2)                                       [1,3,5,7,9]
      States.ArrayRange(3, 1, -1)                                       [3,2,1]
      States.ArrayRange(3, 1, 1)                                        []
      States.ArrayGetItem($.digits, 5)                                  5
      States.ArrayGetItem($.list, 0)                                    1
      States.ArrayLength($.digits)                                      10
      States.ArrayLength($.rows[*].id)                                  2
      States.ArrayLength($.rows[?(@.id == 9)])                          0
      States.ArrayUnique($.same)                                        [1,2,"1",{"b":2,"a":1},null]
      States.Base64Encode('Data to encode')                             "RGF0YSB0byBlbmNvZGU="
      States.Base64Decode('RGF0YSB0byBlbmNvZGU=')                       "Data to encode"
      States.Base64Encode('ü')                                          "w7w="
      States.Hash('input data', 'MD5')                                  "812f45842bc6d66ee14572ce20db8e86"
      States.Hash('input data', 'SHA-1')                                "aaff4a450a104cd177d28d18d74485e8cae074b7"
      States.Hash('input data', 'SHA-256')                              "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"
      States.Hash('input data', 'SHA-384')                              "d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562"
      States.ArrayLength(States.StringSplit(States.Hash('', 'SHA-512'), 'z'))  1
      States.MathAdd(111, -1)                                           110
      States.MathAdd($.small, 0)                                        1
      States.MathAdd($.small, -1.49)                                    0
      States.MathAdd($.half, 0)                                         2
      States.MathAdd($.negativeHalf, 0)                                 -1
      States.MathAdd(1.49, 1.5)                                         3
      States.MathAdd(3.5, 0)                                            4
      States.MathAdd(-0.4, -0.4)                                        0
      States.MathRandom(1, 10)                                          9
      States.MathRandom(-99999, -9999)                                  -10089
      States.StringSplit('1,2,3,4,5', ',')                              ["1","2","3","4","5"]
      States.StringSplit(', , ,', ',')                                  [" "," "]
      States.StringSplit(',,,,', ',')                                   []
      States.StringSplit($.blank, ',')                                  [" "]
      States.StringSplit('', ',')                                       []
      States.StringSplit('This.is+a,test', '.+,')                       ["This","is","a","test"]
      States.StringSplit('a]b^c', ']^')                                 ["a","b","c"]
      States.StringSplit('abc', '')                                     ["abc"]
      States.UUID()                                                     "01234567-89ab-4def-8123-456789abcdef"
      States.ArrayGetItem(States.StringSplit($$.Name, '-'), States.MathAdd(States.ArrayLength(States.StringSplit($$.Name, '-')), -1))  "c"
      States.MathAdd( States.MathAdd( 1 , 2 ) , 3 )                     6
      States.Array('a,b', $.list)                                       ["a,b",[1,2,3]]
      States.Array($['odd,(name)'], $.rows[?(@.id == 2 && @.id != 1)])  ["odd",[{"id":2}]]
      States.Array($['x)]y'], 1)                                        ["unbalanced",1]
      States.Array(1.5e3, -2, 0)                                        [1500,-2,0]
    `,
    ['States.Array($x, $s, $$.Name, $)', JSON.stringify([42, 'v', 'a-b-c', input])],
    ["States.Format('fst={} and snd={}.', $.blank, $.zero)", '"fst=  and snd=0."'],
  ])('%s prints %s', (text = '', printed) => {
    expect([JSON.stringify(value(text)), Object.is(value(text), -0)]).toEqual([printed, false])
  })

  test.each([
    ...table`
      States.Format('{} {}', 1)                                         2 places for 1 values
      States.Format('{}', 1, 2)                                         1 places for 2 values
      States.Format(1)                                                  argument 1 must be a string
      States.Format('\n')                                               Invalid escape in a text: \n
      States.StringSplit('\d', 'd')                                     Invalid escape in a text: \d
      States.StringToJson('{')                                          States.StringToJson: Expected property name
      States.StringToJson(1)                                            argument 1 must be a string
      States.JsonMerge($.left, $.right, true)                           only shallow merging
      States.JsonMerge($.list, $.right, false)                          argument 1 must be an object
      States.ArrayPartition($.list, 0)                                  the size must be positive
      States.ArrayPartition($.text, 2)                                  argument 1 must be an array
      States.ArrayPartition($.list, '2')                                argument 2 must be an integer
      States.ArrayRange(1, 1001, 1)                                     more than 1000 items
      States.ArrayRange(0, 1000, 1)                                     more than 1000 items
      States.ArrayRange(0, 1, 0)                                        the step must not be 0
      States.ArrayGetItem($.list, 3)                                    no item 3 in 3
      States.ArrayGetItem($.list, -1)                                   no item -1 in 3
      States.ArrayLength($.text)                                        argument 1 must be an array
      States.Base64Decode('%%%')                                        not Base64
      States.Hash('x', 'SHA-3')                                         the algorithms are MD5, SHA-1, SHA-256, SHA-384, SHA-512
      States.Hash(1, 'MD5')                                             argument 1 must be a string
      States.MathAdd(9007199254740991, 1)                               the sum is too large
      States.MathAdd('1', 1)                                            argument 1 must be an integer
      States.MathAdd(1)                                                 Invalid number of arguments for States.MathAdd
      States.UUID(1)                                                    Invalid number of arguments for States.UUID
      States.MathRandom(5, 5)                                           the start must be below the end
      States.Nothing()                                                  There is no function States.Nothing
      States.toString()                                                 There is no function States.toString
    `,
    [`States.StringToJson('${'['.repeat(300)}${']'.repeat(300)}')`, 'nested deeper than 200'],
    [`States.StringToJson('${'['.repeat(5000)}${']'.repeat(4900)}')`, 'States.StringToJson: '],
  ])('%s is States.IntrinsicFailure', (text = '', why) => {
    const [name, cause] = fault(text)
    expect(name).toBe('States.IntrinsicFailure')
    expect(cause).toContain(why)
    expect(cause).toContain("The function 'States.")
  })

  test('a range may have a thousand items', () => {
    expect(value('States.ArrayRange(1, 1000, 1)')).toHaveLength(1000)
  })

  test('a text over 10,000 characters is refused by Base64 and Hash', () => {
    const long = { ...roots, input: 'a'.repeat(10_001) }
    for (const text of ['States.Base64Encode($)', 'States.Base64Decode($)', "States.Hash($, 'MD5')"]) {
      expect(() => evaluate(text, 'f', { roots: long, random: draw })).toThrow('more than 10000 characters')
      expect(evaluate(text, 'f', { roots: { ...roots, input: 'a'.repeat(10_000) }, random: draw })).not.toBe('')
    }
  })

  test('the function named in a fault is the innermost one', () => {
    expect(fault('States.Array(1, States.ArrayLength($.text))')[1]).toBe(
      "The function 'States.ArrayLength($.text)' had the following error: Invalid arguments in States.ArrayLength: argument 1 must be an array",
    )
  })

  test('an argument that is not there is States.Runtime, with the input', () => {
    const small = { roots: { ...roots, input: { a: 1 } }, random: draw }
    expect(() => evaluate("States.Format('{}', $.b)", 'f.$', small)).toThrow(
      expect.objectContaining({
        error: 'States.Runtime',
        message:
          "The function 'States.Format('{}', $.b)' had the following error: The JsonPath argument for the field '$.b' could not be found in the input '{\"a\":1}'",
      }),
    )
  })

  test.each([
    'States.Format(',
    "States.Format('a)",
    'States.Format("a")',
    "States.Format('a',)",
    'States.Format($.a b)',
    'States.Array(abc)',
    'States.Array(1) x',
    'States.',
    'States.Array(1 2)',
    `${'States.Array('.repeat(11)}${')'.repeat(11)}`,
  ])('%s is no call', (text) => {
    expect(fault(text)).toEqual(['States.Runtime', expect.stringMatching(/^Invalid path '/)])
  })

  test('ten calls may nest', () => {
    expect(JSON.stringify(value(`${'States.Array('.repeat(10)}${')'.repeat(10)}`))).toBe('[[[[[[[[[[]]]]]]]]]]')
  })

  test('a seed repeats a draw, the port draws otherwise', () => {
    const drawn = (text: string, seed: number) => evaluate(text, 'f', { roots, random: new SeededRandom(seed) })
    const seeded = drawn('States.MathRandom(0, 1000000, 7)', 1)
    expect(drawn('States.MathRandom(0, 1000000, 7)', 2)).toBe(seeded)
    expect(drawn('States.MathRandom(0, 1000000, 8)', 1)).not.toBe(seeded)
    expect(drawn('States.MathRandom(0, 1000000)', 1)).not.toBe(drawn('States.MathRandom(0, 1000000)', 2))
    for (let seed = 0; seed < 50; seed++) expect([3, 4]).toContain(drawn(`States.MathRandom(3, 5, ${seed})`, 1))
  })

  test('a UUID is of version 4 whatever is drawn', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(evaluate('States.UUID()', 'f', { roots, random: new SeededRandom(seed) })).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }
  })

  test('all 18 are there', () => {
    expect([...INTRINSICS.keys()].sort()).toEqual([
      'Array',
      'ArrayContains',
      'ArrayGetItem',
      'ArrayLength',
      'ArrayPartition',
      'ArrayRange',
      'ArrayUnique',
      'Base64Decode',
      'Base64Encode',
      'Format',
      'Hash',
      'JsonMerge',
      'JsonToString',
      'MathAdd',
      'MathRandom',
      'StringSplit',
      'StringToJson',
      'UUID',
    ])
  })
})
