import { describe, expect, test } from 'vitest'
import {
  intrinsicProblems,
  pathProblems,
  ruleProblems,
  templateProblems,
} from '../../../../src/change/workflow/query/jsonpath/language.ts'
import { linesOf } from '../../../table.ts'

const said = (problems: readonly { way: readonly (string | number)[]; message: string }[]) =>
  problems.map(({ way, message }) => `${way.join('/')}: ${message}`)

describe('paths', () => {
  test('a good one has no problems', () => {
    for (const path of ['$', '$$', '$x.y', '$..a', '$.a[?(@.b)]', '$.a.length()'])
      expect(pathProblems(path)).toEqual([])
    for (const path of ['$', '$.a', "$['a'][0]"]) expect(pathProblems(path, 'reference')).toEqual([])
  })

  test('a bad one has one, which says where', () => {
    expect(said(pathProblems('a'))).toEqual([
      ": Value must be a valid JSONPath: a path starts with '$', found 'a' at position 0",
    ])
    expect(said(pathProblems('$.a[*]', 'reference'))).toEqual([
      ': Value is not a Reference Path: a reference path names exactly one place',
    ])
    expect(said(pathProblems('$$.a', 'reference'))).toEqual([
      ": Value is not a Reference Path: a reference path starts with '$'",
    ])
  })
})

describe('intrinsic functions', () => {
  test.each([
    ["States.Format('{}', $.a)", []],
    ['States.UUID()', []],
    ['States.Nothing()', [': Value must be a valid intrinsic function call: there is no function States.Nothing']],
    ['States.UUID(1)', [': Value must be a valid intrinsic function call: States.UUID does not take 1 arguments']],
    [
      'States.Array(States.MathAdd(1))',
      [': Value must be a valid intrinsic function call: States.MathAdd does not take 1 arguments'],
    ],
    [
      'States.Array(',
      [': Value must be a valid intrinsic function call: expected an argument, found the end at position 13'],
    ],
  ])('%s', (text, expected) => {
    expect(said(intrinsicProblems(text))).toEqual(expected)
  })
})

describe('payload templates', () => {
  const NOT = (key: string) =>
    `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`

  test.each([
    [{ 'a.$': '$.a', b: { 'c.$': 'States.UUID()' }, d: ['$.x', { 'e.$': '$$' }], f: 'free text' }, []],
    ['free text', []],
    [{ 'a.$': 'text' }, [`a.$: ${NOT('a.$')}`]],
    [{ 'a.$': 1 }, [`a.$: ${NOT('a.$')}`]],
    [{ a: [{ 'b.$': 'States.No()' }] }, [`a/0/b.$: ${NOT('b.$')}`]],
    [{ a: 1, 'a.$': '$.a' }, ["a.$: The fields 'a.$' and 'a' are the same"]],
  ])('%j', (template, expected) => {
    expect(said(templateProblems(template))).toEqual(expected)
  })
})

describe('Choice rules', () => {
  const good = { Variable: '$.a', StringEquals: 'b' }

  test.each([
    [{ ...good, Next: 'N', Comment: 'c', Assign: {} }, ''],
    [{ And: [good, { Not: good, Comment: 'c' }], Next: 'N' }, ''],
    [{ Variable: '$.a', TimestampEquals: '2020-01-01T00:00:00Z' }, ''],
    [{ Variable: '$.a', NumericEqualsPath: '$.b' }, ''],
    [{ Variable: '$.a', IsPresent: false }, ''],
    [
      { Variable: 'a', IsNull: true },
      "Variable: Value must be a valid JSONPath: a path starts with '$', found 'a' at position 0",
    ],
    [{ IsNull: true }, 'Variable: A rule has a Variable, which is a path'],
    [{ Variable: '$.a' }, ': A rule has exactly one comparison operator'],
    [{ Variable: '$.a', IsNull: true, IsString: true }, ': A rule has exactly one comparison operator'],
    [{ Variable: '$.a', Equals: 1 }, "Equals: Field 'Equals' is not supported"],
    [{ Variable: '$.a', NumericEquals: '1' }, 'NumericEquals: NumericEquals takes a number'],
    [{ Variable: '$.a', StringMatches: 1 }, 'StringMatches: StringMatches takes a string'],
    [{ Variable: '$.a', IsNull: 'yes' }, 'IsNull: IsNull takes a boolean'],
    [{ Variable: '$.a', IsPresent: 1 }, 'IsPresent: IsPresent takes a boolean'],
    [
      { Variable: '$.a', TimestampLessThan: '2020-01-01' },
      'TimestampLessThan: TimestampLessThan takes an RFC 3339 timestamp',
    ],
    [{ Variable: '$.a', StringEqualsPath: 1 }, 'StringEqualsPath: StringEqualsPath takes a path'],
    [{ Variable: '$.a', StringMatchesPath: '$.b' }, "StringMatchesPath: Field 'StringMatchesPath' is not supported"],
    [{ And: [] }, 'And: And takes a list of rules that is not empty'],
    [{ Or: good }, 'Or: Or takes a list of rules that is not empty'],
    [{ Or: [1] }, 'Or/0: A rule is an object'],
    [{ Not: [good] }, 'Not: Not takes a rule'],
    [
      { Not: { ...good, Next: 'N' } },
      `
          Not: A rule has exactly one comparison operator
          Not/Next: Field 'Next' is not supported
        `,
    ],
    [{ And: [good], Or: [good] }, "Or: Field 'Or' is not supported"],
    [{ And: [good], Variable: '$.a' }, "Variable: Field 'Variable' is not supported"],
  ])('%j', (rule, expected) => {
    expect(said(ruleProblems(rule))).toEqual(linesOf(expected))
  })
})
