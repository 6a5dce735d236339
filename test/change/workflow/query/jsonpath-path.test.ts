import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePath, QuerySyntaxError } from '../../../../src/change/workflow/query/jsonpath/parse-path.ts'
import { select } from '../../../../src/change/workflow/query/jsonpath/select.ts'
import type { Json } from '../../../../src/model/json.ts'
import { linesOf, table } from '../../../table.ts'

const store: Json = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      { category: 'fiction', author: 'Herman Melville', title: 'Moby Dick', isbn: '0-553-21311-3', price: 8.99 },
    ],
    bicycle: { color: 'red', price: 19.95 },
  },
  expensive: 10,
}
const odd: Json = {
  'a.b': 1,
  'a b': 2,
  "it's": 3,
  'say "hi"': 4,
  'back\\slash': 5,
  'x\\"y': 6,
  'foo@bar': { 'baz[[.?pretty': 7 },
  '&Ж中': { '\u{1D346}': 8, '\uD800\uDF46': 9 },
  __proto__x: 10,
  empty: {},
  none: null,
  zero: 0,
  no: false,
  matrix: [
    [1, 2],
    [3, 4],
  ],
  words: ['a', 'b', 'c', 'd'],
  rows: [
    { id: 1, tags: ['x'], size: 3, gone: null },
    { id: 2, tags: [], size: 5, name: 'two' },
    { id: '3', tags: ['x', 'y'], size: 5, name: 'three' },
  ],
}
const context = { Execution: { Id: 'run-1' } }
const variables = { name: { first: 'Ada' }, _n1: 5, größe: 7 }

const at = (path: string, input: Json) => {
  const found = select(parsePath(path), { input, context, variables })
  return 'value' in found ? found.value : undefined
}

const missOf = (path: string, input: Json) => {
  const found = select(parsePath(path), { input, context, variables })
  return 'miss' in found ? found.miss : `a value: ${JSON.stringify(found.value)}`
}

/** What paths are looked for in. */
const INPUTS: Readonly<Record<string, Json>> = {
  store,
  odd,
  empty: {},
  text: 'text',
  list: ['a'],
  dashed: { rows: [{ 'a-b': 1 }, { 'a-b': 2 }] },
}
const shownAt = (path: string, input: string) => JSON.stringify(at(path, INPUTS[input] ?? null))

describe('the forms of a path', () => {
  test.each([
    ...table`
      $.expensive                     store  10
      $.store.bicycle.color           store  "red"
      $['store']['bicycle']['color']  store  "red"
      $["store"]["bicycle"].color     store  "red"
      $.store['bicycle'].color        store  "red"
      $[ 'expensive' ]                store  10
      $.store.book[0].title           store  "Sayings of the Century"
      $.store.book[-1].title          store  "Moby Dick"
      $.store.book[ 1 ].title         store  "Sword of Honour"
      $.store.book.[0].title          store  "Sayings of the Century"
      $.matrix[1][0]                  odd    3
      $['a.b']                        odd    1
      $['a b']                        odd    2
      $['it\'s']                      odd    3
      $["it's"]                       odd    3
      $['say "hi"']                   odd    4
      $['back\\slash']                odd    5
      $['x\"y']                       odd    6
      $.a\.b                          odd    1
      $.foo\@bar.baz\[\[\.\?pretty    odd    7
      $.foo@bar                       odd    {"baz[[.?pretty":7}
      $.&Ж中.\uD800\uDF46              odd    9
      $.__proto__x                    odd    10
      $.none                          odd    null
      $.zero                          odd    0
      $.no                            odd    false
      $                               text   "text"
      $['zero','no','missing']        odd    {"zero":0,"no":false}
      $[0]                            list   "a"
      $$.Execution.Id                 empty  "run-1"
      $$                              empty  {"Execution":{"Id":"run-1"}}
      $name.first                     empty  "Ada"
      $_n1                            empty  5
      $größe                          empty  7
      $name['first']                  empty  "Ada"
    `,
    [' $.zero ', 'odd', '0'],
  ])('%s of %s names one value, %s', (path = '', input = '', printed) => {
    expect(shownAt(path, input)).toBe(printed)
    expect(parsePath(path).definite).toBe(true)
  })

  test.each(table`
      $.store.book[*].title                                  store  ["Sayings of the Century","Sword of Honour","Moby Dick"]
      $.store.book.*.title                                   store  ["Sayings of the Century","Sword of Honour","Moby Dick"]
      $.words[*]                                             odd    ["a","b","c","d"]
      $.store.bicycle.*                                      store  ["red",19.95]
      $.words[1:3]                                           odd    ["b","c"]
      $.words[:2]                                            odd    ["a","b"]
      $.words[2:]                                            odd    ["c","d"]
      $.words[-2:]                                           odd    ["c","d"]
      $.words[:-1]                                           odd    ["a","b","c"]
      $.words[1:100]                                         odd    ["b","c","d"]
      $.words[0,2]                                           odd    ["a","c"]
      $.words[0, -1, 9]                                      odd    ["a","d"]
      $..price                                               store  [8.95,12.99,8.99,19.95]
      $..['price']                                           store  [8.95,12.99,8.99,19.95]
      $.store..color                                         store  ["red"]
      $..book[0].title                                       store  ["Sayings of the Century"]
      $..[0]                                                 odd    [[1,2],1,3,"a",{"id":1,"tags":["x"],"size":3,"gone":null},"x","x"]
      $.matrix..*                                            odd    [[1,2],[3,4],1,2,3,4]
      $.rows[*]['id','size']                                 odd    [{"id":1,"size":3},{"id":2,"size":5},{"id":"3","size":5}]
      $['rows','words'][0]                                   odd    [{"id":1,"tags":["x"],"size":3,"gone":null},"a"]
      $.store.book[?(@.price < 10)].title                    store  ["Sayings of the Century","Moby Dick"]
      $.store.book[?(@.category == 'fiction')].title         store  ["Sword of Honour","Moby Dick"]
      $.store.book[?(@.category=="fiction"&&@.price>10)]     store  [{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99}]
      $.store.book[?(@.price < $.expensive)]                 store  [{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99}]
      $.store.book[?(@.isbn)]                                store  [{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99}]
      $.store.book[?(!(@.isbn))]                             store  [{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99}]
      $.store.book[?(!@.isbn)]                               store  [{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99}]
      $.store.book[?(@['isbn'])]                             store  [{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99}]
      $..book[?(@.price >= 12.99)].title                     store  ["Sword of Honour"]
      $..[?(@.price > 15)]                                   store  [{"color":"red","price":19.95}]
      $..[?(@.isbn)]                                         store  [{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99}]
      $.store.bicycle[?(@.price > 15)].color                 store  ["red"]
      $.rows[?(@.id == 2 || @.id == 1)].size                 odd    [3,5]
      $.rows[?((@.id == 2 || @.id == 1) && @.size == 5)].id  odd    [2]
      $.rows[?(@.id == 3)].name                              odd    ["three"]
      $.rows[?(@.id == '2')].name                            odd    ["two"]
      $.rows[?(@.id != 1)].name                              odd    ["two","three"]
      $.rows[?(@.gone)].id                                   odd    [1]
      $.rows[?(@.gone == null)].id                           odd    [1]
      $.rows[?(@.name == null)].id                           odd    []
      $.rows[?(@.name > 'm')].id                             odd    [2,"3"]
      $.rows[?(@.size <= 3)].id                              odd    [1]
      $.rows[?(@.tags[0])].id                                odd    [1,"3"]
      $.rows[?(@.tags[*])].id                                odd    [1,"3"]
      $.rows[?(@.tags.length() == 2)].id                     odd    ["3"]
      $.rows[?(@.tags empty true)].id                        odd    [2]
      $.rows[?(@.tags size 2)].id                            odd    ["3"]
      $.rows[?(@.tags contains 'y')].id                      odd    ["3"]
      $.rows[?(@.name contains 'hre')].id                    odd    ["3"]
      $.rows[?(@.id in [1, 2])].id                           odd    [1,2]
      $.rows[?(@.id nin [1, 2])].id                          odd    ["3"]
      $.rows[?(@.tags subsetof ['x'])].id                    odd    [1,2]
      $.rows[?(@.tags anyof ['y', 'z'])].id                  odd    ["3"]
      $.rows[?(@.tags noneof ['y'])].id                      odd    [1,2]
      $.rows[?(@.tags all ['x', 'y'])].id                    odd    ["3"]
      $.rows[?(@.tags == ['x'])].id                          odd    [1]
      $.words[?(@ == "c")]                                   odd    ["c"]
      $.words[?(@ > $$.Execution.Id)]                        odd    []
      $.rows[?(@.size == $_n1)].id                           odd    [2,"3"]
      $.rows[?(@.id == 2.0)].id                              odd    [2]
      $.rows[?(@.a-b == 1)]                                  dashed  [{"a-b":1}]
  `)('%s of %s finds values, %s', (path = '', input = '', printed) => {
    expect(shownAt(path, input)).toBe(printed)
    expect(parsePath(path).definite).toBe(false)
  })

  test.each(table`
    $.words.length()      odd    4
    $.empty.length()      odd    0
    $..price.length()     store  4
    $.words.size()        odd    4
    $..price.max()        store  19.95
    $..price.min()        store  8.95
    $.matrix[0].sum()     odd    3
    $.matrix[1].avg()     odd    3.5
    $.matrix[1].stddev()  odd    0.5
    $.rows[0].keys()      odd    ["id","tags","size","gone"]
    $.words.first()       odd    "a"
    $.words.last()        odd    "d"
  `)('%s of %s computes %s', (path = '', input = '', printed) => {
    expect(shownAt(path, input)).toBe(printed)
  })

  test.each([
    '$[*]',
    '$.items[*]',
    '$.items[:1]',
    '$.item.items[1:5].itemValue',
    '$..nothing',
    '$.items[?(@.a)]',
    '$.items[0,1]',
    '$.a.b.*',
  ])('%s finds nothing in an empty object, and that is an empty list', (path) => {
    expect(at(path, {})).toEqual([])
  })

  test.each([
    ['$.NoSuchOutputPath', { a: 0 }, "No results for path: $['NoSuchOutputPath']"],
    ['$.no.such.result.path', {}, "Missing property in path $['no']"],
    ['$.a.b', { a: {} }, "No results for path: $['a']['b']"],
    ['$.a[3]', { a: [1] }, "No results for path: $['a'][3]"],
    ['$.a[-2].b', { a: [1] }, "No results for path: $['a'][-2]['b']"],
    ['$.a[0]', { a: null }, "The path $['a'] is null"],
    ['$.a[0]', { a: 'b' }, 'Filter: [0] can only be applied to arrays. Current context is: "b"'],
    ['$.a.b', { a: 'b' }, "Expected to find an object with property ['b'] in path $['a'] but found a string"],
    ['$.a.b', { a: [] }, "Expected to find an object with property ['b'] in path $['a'] but found an array"],
    ['$.a', null, "Expected to find an object with property ['a'] in path $ but found null"],
    ['$.toString', {}, "No results for path: $['toString']"],
    ['$.__proto__', {}, "No results for path: $['__proto__']"],
    ['$nowhere', {}, 'No results for path: $nowhere'],
    ['$.a.sum()', { a: [] }, "sum() has no value for path: $['a']"],
  ])('%s misses', (path, input, miss) => {
    expect(missOf(path, input)).toBe(miss)
  })

  test.each([
    '',
    'a',
    '@.a',
    '$.',
    '$..',
    '$a-b',
    '$.a b',
    '$.a..',
    '$.[',
    '$[]',
    "$['a'",
    "$['a]",
    "$['a',]",
    '$[a]',
    '$[1:2:3]',
    '$[:]',
    '$[?(@.a ==)]',
    '$[?(@.a == 1]',
    '$[?(@.a =~ /x/)]',
    '$[?(1)]',
    '$[?()]',
    '$[(@.length-1)]',
    '$.a.nothing()',
    '$.a.length(1)',
    '$.a.length().b',
  ])('%s is not a path', (path) => {
    expect(() => parsePath(path)).toThrow(QuerySyntaxError)
  })
})

describe('a text that would cost too much to read', () => {
  test.each([
    ['a name', `$.${'a'.repeat(5000)}`, 'a path is longer than 4096 characters'],
    ['parentheses', `$[?(${'('.repeat(40)}@.a${')'.repeat(40)})]`, 'nested too deep'],
    ['filters in filters', `$${'[?(@'.repeat(1000)}.a${')]'.repeat(1000)}`, 'a path is longer'],
    ['filters in fewer filters', `$${'[?(@'.repeat(500)}.a${')]'.repeat(500)}`, 'nested too deep'],
    ['negations', `$[?(${'!'.repeat(40)}@.a)]`, 'nested too deep'],
    ['lists', `$[?(@.a in ${'['.repeat(40)}${']'.repeat(40)})]`, 'nested too deep'],
  ])('%s', (_, path, why) => {
    expect(() => parsePath(path)).toThrow(why)
  })
})

describe('a path is bounded', () => {
  const deep = (levels: number) => {
    let value: Json = 0
    for (let level = 0; level < levels; level++) value = [value]
    return value
  }

  test('a chain of descents is refused before it hangs', () => {
    let tree: Json = 1
    for (let level = 0; level < 14; level++) tree = [tree, tree]
    expect(() => at('$..*..*..*..*..*', tree)).toThrow(
      "Invalid path '$..*..*..*..*..*' : it looks at more than 500000 values",
    )
  })

  test.each(
    linesOf(`
    $.a[?($.a[*])]
    $.a[?(@.x == $.a)]
    $.a[?($.a == $.b)]
    $.a[?($.a subsetof $.b)]
    $.a[?($.a.length() == 1)]
  `),
  )('%s spends on what its filter looks at', (path) => {
    const a = Array.from({ length: 2000 }, (_, index) => index)
    expect(() => at(path, { a, b: [...a] })).toThrow('it looks at more than 500000 values')
  })

  test('a deep value costs no stack, a long list neither', () => {
    expect(at('$..a', deep(50_000))).toEqual([])
    expect(
      (
        at(
          '$..*',
          Array.from({ length: 200_000 }, () => 1),
        ) as Json[]
      ).length,
    ).toBe(200_000)
  })

  test('a parsed path is kept, and no more than the last 2,000', () => {
    const first = parsePath('$.kept')
    expect(parsePath('$.kept')).toBe(first)
    for (let index = 0; index < 2000; index++) parsePath(`$.other${index}`)
    expect(parsePath('$.kept')).not.toBe(first)
  })
})

describe('any path', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
  const piece = fc.constantFrom(
    '.a',
    '..',
    '*',
    '.*',
    '[0]',
    '[-1]',
    "['b']",
    '[1:]',
    '[?(',
    '@.a',
    '==',
    '1',
    ')]',
    ',',
    '$',
  )

  test('is refused as a syntax error or selects something, and nothing else happens', () => {
    let selected = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), json, (pieces, input) => {
        try {
          const found = select(parsePath(`$${pieces.join('')}`), { input, context, variables })
          selected += 1
          expect('value' in found || found.miss.length > 0).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError)
        }
      }),
      { numRuns: 2000 },
    )
    expect(selected).toBeGreaterThan(200)
  })
})
