import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesPattern } from '../../../../src/change/workflow/query/jsonpath/choice-operator.ts'
import { jsonpathLanguage } from '../../../../src/change/workflow/query/jsonpath/language.ts'
import { instantOf } from '../../../../src/change/workflow/query/jsonpath/timestamp.ts'
import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { faultOf, sightOf } from './jsonpath-sight.ts'

const holds = (rule: JsonObject, input: Json) =>
  jsonpathLanguage.holds({ language: 'jsonpath', rule }, 0, sightOf(input), input)

const NOON = '2012-10-09T12:00:00Z'
const ONE = '2012-10-09T13:00:00Z'

describe('a comparison of a Choice rule', () => {
  test.each([
    ['StringEquals', 'Hello', 'Hello', true],
    ['StringEquals', ' ', '     ', false],
    ['StringEquals', 1, '1', false],
    ['StringEquals', null, '', false],
    ['StringLessThan', 'A', 'AB', true],
    ['StringLessThan', 'B', 'AB', false],
    ['StringLessThan', 'AB', 'AB', false],
    ['StringLessThan', 'Z', 'a', true],
    ['StringLessThan', '\uD834\uDF06', '\uFB33', true],
    ['StringGreaterThan', 'AB', 'A', true],
    ['StringGreaterThan', '', '', false],
    ['StringLessThanEquals', '', '', true],
    ['StringLessThanEquals', 'B', 'A', false],
    ['StringGreaterThanEquals', '', '', true],
    ['StringGreaterThanEquals', 'A', 'B', false],
    ['NumericEquals', 1, 1, true],
    ['NumericEquals', 1.1, 1, false],
    ['NumericEquals', '1', 1, false],
    ['NumericEquals', true, 1, false],
    ['NumericEquals', null, 0, false],
    ['NumericLessThan', 0, 1, true],
    ['NumericLessThan', 1, 1, false],
    ['NumericGreaterThan', 1, 0, true],
    ['NumericGreaterThan', 1, 1, false],
    ['NumericLessThanEquals', 1, 1, true],
    ['NumericLessThanEquals', 2, 1, false],
    ['NumericGreaterThanEquals', 1, 1, true],
    ['NumericGreaterThanEquals', 0, 1, false],
    ['BooleanEquals', true, true, true],
    ['BooleanEquals', false, false, true],
    ['BooleanEquals', true, false, false],
    ['BooleanEquals', 0, false, false],
    ['BooleanEquals', null, false, false],
    ['TimestampEquals', NOON, NOON, true],
    ['TimestampEquals', '2012-10-09T14:00:00+02:00', NOON, true],
    ['TimestampEquals', '2012-10-09T12:00:00.000Z', NOON, true],
    ['TimestampEquals', '2012-10-09T12:00:00.000000001Z', NOON, false],
    ['TimestampEquals', '2012-10-09 12:00:00Z', NOON, false],
    ['TimestampEquals', 0, NOON, false],
    ['TimestampLessThan', NOON, ONE, true],
    ['TimestampLessThan', NOON, NOON, false],
    ['TimestampLessThan', '2012-10-09T13:30:00+02:00', NOON, true],
    ['TimestampGreaterThan', ONE, NOON, true],
    ['TimestampGreaterThan', NOON, NOON, false],
    ['TimestampLessThanEquals', NOON, NOON, true],
    ['TimestampLessThanEquals', ONE, NOON, false],
    ['TimestampGreaterThanEquals', NOON, NOON, true],
    ['TimestampGreaterThanEquals', NOON, ONE, false],
  ])('%s: %j and %j', async (operator, variable, operand, expected) => {
    expect(await holds({ Variable: '$.v', [operator]: operand }, { v: variable })).toBe(expected)
    expect(await holds({ Variable: '$.v', [`${operator}Path`]: '$.o' }, { v: variable, o: operand })).toBe(expected)
  })

  test.each([
    ['IsNull', null, true],
    ['IsNull', 0, false],
    ['IsNull', '', false],
    ['IsString', '', true],
    ['IsString', 1, false],
    ['IsString', [''], false],
    ['IsNumeric', 0, true],
    ['IsNumeric', '0', false],
    ['IsNumeric', null, false],
    ['IsBoolean', false, true],
    ['IsBoolean', 0, false],
    ['IsTimestamp', '2012-10-09T19:00:55Z', true],
    ['IsTimestamp', '2012-10-09T19:00:55+01:00', true],
    ['IsTimestamp', '2012-10-09T19:00:55', false],
    ['IsTimestamp', '2023-02-24', false],
    ['IsTimestamp', '2023-02-30T00:00:00Z', false],
    ['IsTimestamp', 1_700_000_000, false],
    ['IsPresent', null, true],
    ['IsPresent', false, true],
  ])('%s: %j', async (operator, variable, expected) => {
    expect(await holds({ Variable: '$.v', [operator]: true }, { v: variable })).toBe(expected)
    expect(await holds({ Variable: '$.v', [operator]: false }, { v: variable })).toBe(!expected)
  })

  test('IsPresent is about a path that may not be there', async () => {
    expect(await holds({ Variable: '$.a.b', IsPresent: false }, { a: 1 })).toBe(true)
    expect(await holds({ Variable: '$.a.b', IsPresent: true }, {})).toBe(false)
    expect(await holds({ Variable: '$x', IsPresent: true }, {})).toBe(true)
    expect(await holds({ Variable: '$y', IsPresent: true }, {})).toBe(false)
  })

  test.each([
    ['the variable', { Variable: '$.none', StringEquals: 'a' }, '$.none'],
    ['the variable of IsNull', { Variable: '$.none', IsNull: true }, '$.none'],
    ['the other path', { Variable: '$.v', StringEqualsPath: '$.none' }, '$.none'],
    ['a variable of the machine', { Variable: '$none', NumericEquals: 1 }, '$none'],
  ])('%s that is not there ends the machine', async (_, rule, path) => {
    expect(await faultOf(holds(rule, { v: 'a' }))).toEqual([
      'States.Runtime',
      `Invalid path '${path}': The choice state's condition path references an invalid value.`,
    ])
  })

  test('the context object and variables can be compared', async () => {
    expect(await holds({ Variable: '$$.Map.Item.Index', NumericEquals: 3 }, {})).toBe(true)
    expect(await holds({ Variable: '$x', NumericEqualsPath: '$.v' }, { v: 42 })).toBe(true)
  })

  test('members of the rule that are no operators do not matter, in whatever order they are', async () => {
    const rule = { Comment: 'c', NumericEquals: 1, Next: 'n', Variable: '$.v' }
    expect(await holds(rule, { v: 1 })).toBe(true)
  })
})

describe('And, Or and Not', () => {
  const is = (value: number) => ({ Variable: '$.v', NumericEquals: value })

  test.each([
    [{ And: [is(1), is(1)] }, true],
    [{ And: [is(1), is(2)] }, false],
    [{ Or: [is(2), is(1)] }, true],
    [{ Or: [is(2), is(3)] }, false],
    [{ Not: is(2) }, true],
    [{ Not: is(1) }, false],
    [{ Not: { Or: [is(2), { And: [is(1), { Not: is(3) }] }] } }, false],
  ])('%j', async (rule, expected) => {
    expect(await holds(rule, { v: 1 })).toBe(expected)
  })

  test('what is decided is not looked at further', async () => {
    const missing = { Variable: '$.none', NumericEquals: 1 }
    expect(await holds({ Or: [is(1), missing] }, { v: 1 })).toBe(true)
    expect(await holds({ And: [{ Variable: '$.none', IsPresent: true }, missing] }, { v: 1 })).toBe(false)
  })

  test('a rule that compares nothing ends the machine', async () => {
    expect(await faultOf(holds({ Variable: '$.v' }, { v: 1 }))).toEqual([
      'States.Runtime',
      'A choice rule has no comparison operator.',
    ])
  })
})

describe('StringMatches', () => {
  test.each([
    ['log-2012.txt', 'log-*.txt', true],
    ['log-2012.csv', 'log-*.txt', false],
    ['foo23.log', '*foo*.log', true],
    ['zebra.log', 'foo*.*', false],
    ['foobar.zebra', 'foo*.*', true],
    ['anything', '*', true],
    ['', '*', true],
    ['', '', true],
    ['a', '', false],
    ['abc', 'abc', true],
    ['abcd', 'abc', false],
    ['aXbXc', 'a*b*c', true],
    ['acb', 'a*b*c', false],
    ['aa', 'a*a', true],
    ['a', 'a*a', false],
    ['a*b', 'a\\*b', true],
    ['aXb', 'a\\*b', false],
    ['a\\b', 'a\\\\b', true],
    ['a\\anything', 'a\\\\*', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['a\nb', 'a*b', true],
    ['xaab', '*aab', true],
    ['abab', '*ab', true],
    ['aab', 'a*a*ab', false],
    ['aaab', 'a*a*ab', true],
  ])('%j against %j', (text, pattern, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected)
  })

  test('is false for what is no text', async () => {
    expect(await holds({ Variable: '$.v', StringMatches: '*' }, { v: 1 })).toBe(false)
  })

  test('a hostile pattern takes no time', () => {
    expect(matchesPattern('a'.repeat(100_000), `${'*a'.repeat(5000)}*b`)).toBe(false)
  })

  test('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (value, pattern) => {
        const regular = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
        expect(matchesPattern(value, pattern)).toBe(regular.test(value))
      }),
    )
  })
})

describe('RFC 3339', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:01.5Z', 1_500_000_000n],
    ['1970-01-01T01:00:00+01:00', 0n],
    ['1969-12-31T23:30:00-00:30', 0n],
    ['2016-03-05T21:29:29.243167252Z', 1_457_213_369_243_167_252n],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000_000n],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000_000_000n],
    ['2023-02-29T00:00:00Z', undefined],
    ['2016-13-05T21:29:29Z', undefined],
    ['2016-12-05 21:29:29Z', undefined],
    ['2016-12-05t21:29:29Z', undefined],
    ['2016-12-05T21:29:29z', undefined],
    ['2016-12-05T21:29:29', undefined],
    ['05-12-2016T21:29:29Z', undefined],
    ['2016-12-05T24:00:00Z', undefined],
    ['2016-12-05T21:60:00Z', undefined],
    ['2016-12-05T21:29:29+19:00', undefined],
    ['2016-12-05T21:29:29.Z', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(instantOf(text)).toBe(expected)
  })
})
