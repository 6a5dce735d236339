import { expect, test } from 'vitest'
import { matchesWithin } from '../../src/source/bounded-pattern.ts'

test.each([
  ['^(?:[A-Z0-9-]{1,32})$', 'PROD-1', true],
  ['^(?:[A-Z0-9-]{1,32})$', 'prod', false],
  ['^(?:a|b)$', 'a', true],
])('%s of %s: %s', (pattern, text, expected) => {
  expect(matchesWithin(pattern, text)).toBe(expected)
})

test('a pattern that would match for ever is given up, and the next one is judged as before', () => {
  expect(matchesWithin('^(?:(a+)+)$', `${'a'.repeat(40)}!`)).toBeUndefined()
  expect(matchesWithin('^(?:(a+)+)$', 'aaaa')).toBe(true)
})

test('a pattern sees its text and nothing else', () => {
  expect(() => matchesWithin('(', 'x')).toThrow(SyntaxError)
  expect(matchesWithin('^\\$\\{env:X\\}$', `\${env:X}`)).toBe(true)
})
