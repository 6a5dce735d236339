import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesWhole } from '../../../src/change/workflow/param/example-of.ts'

const LONG = 'a'.repeat(4000)

describe('a pattern that comes back again and again', () => {
  // Each takes the machine of JavaScript longer than anybody waits; here some ten thousand steps.
  test.each([
    ['(a+)+b', `${LONG}!`, false],
    ['(a+)+b', `${LONG}b`, true],
    ['(a|a)*c', LONG, false],
    ['(a*)*c', LONG, false],
    ['(a?){40}a{40}', 'a'.repeat(39), false],
    ['(a?){40}a{40}', 'a'.repeat(40), true],
    ['(\\w+\\s?)+;', `${'ab '.repeat(1000)}!`, false],
    ['(?=(a+)+b).*', LONG, false],
    ['(?=(a+)+b).*', `${LONG}b`, true],
    ['(?:(?:a|b|ab)+)+', `${'ab'.repeat(2000)}c`, false],
    ['.*.*.*.*=.*', LONG, false],
  ])('%s is matched at once', (pattern, text, expected) => {
    const before = performance.now()
    expect(matchesWhole(pattern, text)).toBe(expected)
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})

describe('what a pattern matches', () => {
  test.each([
    ['', [''], ['a']],
    ['a|b', ['a', 'b'], ['ab', '', 'ax']],
    ['[A-Z0-9_-]{1,32}', ['PROD-1', 'A'], ['', 'prod', 'A'.repeat(33)]],
    ['CHG[0-9]{7}', ['CHG0012345'], ['CHG001234', 'xCHG0012345']],
    ['(?<year>20\\d\\d)-(?:0[1-9]|1[0-2])', ['2026-11'], ['2026-13', '1999-01']],
    ['^x$', ['x'], ['xx', '^x$']],
    ['a$|b', ['a', 'b'], ['a$']],
    ['\\bup\\b.*', ['up', 'up now'], ['upper']],
    ['\\Bx', [], ['x']],
    ['(?=.*\\d)(?=.*[A-Z]).{4,}', ['abC1', '1bCd'], ['abcd', 'C1']],
    ['(?!admin$)[a-z]+', ['operator', 'admins'], ['admin']],
    ['[a-z]+(?<!x)', ['ab'], ['abx']],
    ['[^]+', ['a\n'], ['']],
    ['[]', [], ['', ']']],
    ['a{,2}', ['a{,2}'], ['a', 'aa']],
    ['\\{\\}\\.', ['{}.'], ['{}x']],
    ['\\u0041\\x42', ['AB'], ['ab']],
    ['(ab)\\1', ['abab'], ['ab', 'abac']],
    ['(?<a>x|y)\\k<a>', ['xx', 'yy'], ['xy']],
    ['😀+', ['😀'], ['x']],
    ['(?:a?)*?b', ['b', 'aab'], ['a']],
  ])('%s', (pattern, matched, refused) => {
    expect(matched.map((text) => [text, matchesWhole(pattern, text)])).toEqual(matched.map((text) => [text, true]))
    expect(refused.map((text) => [text, matchesWhole(pattern, text)])).toEqual(refused.map((text) => [text, false]))
  })

  test('of chance patterns is what the machine of JavaScript finds', { tags: ['long', 'turn'] }, () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      'ab',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '\\b',
      '\\B',
      '^',
      '$',
      '(?=a)',
      '(?!b)',
      '(?<=a)',
      '(?<!b)',
      '',
    )
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        atom,
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '*?', '+?', '{1,}'))
          .map(([a, sign]) => `(?:${a})${sign}`),
        tie('pattern').map((a) => `(?<![ab]${a.length % 2 === 0 ? '' : 'b'})(?:${a})`),
      ),
    }))
    const text = fc.array(fc.constantFrom('a', 'b', '1', '-'), { maxLength: 7 }).map((all) => all.join(''))
    let judged = 0
    let matched = 0
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 5, maxLength: 5 }), (written, texts) => {
        for (const one of texts) {
          const expected = new RegExp(`^(?:${written})$`).test(one)
          judged += 1
          if (expected) matched += 1
          expect(matchesWhole(written, one), `${written} of ${one}`).toBe(expected)
        }
      }),
      { seed: 20_261_121, numRuns: 2000 },
    )
    expect(judged).toBe(10_000)
    expect(matched).toBeGreaterThan(500)
  })

  test('what is no regular expression is a SyntaxError', () => {
    expect(() => matchesWhole('(', 'x')).toThrow(SyntaxError)
  })
})

test('a text that takes more steps than there are is not known, on every machine', { tags: ['long', 'turn'] }, () => {
  // Some 10,000 steps, most of them alive at every character; the machine of JavaScript is not asked.
  const pattern = '(?:(?:a|b|.)*){1000}c'
  expect(matchesWhole(pattern, 'ab'.repeat(20))).toBe(false)
  expect(matchesWhole(pattern, 'ab'.repeat(2000))).toBeUndefined()
})
