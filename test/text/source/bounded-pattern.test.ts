import { expect, test } from 'vitest'
import { capturesWithin, matchesWithin } from '../../../src/text/source/bounded-pattern.ts'

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

test('many texts are matched together, each with what it captures', () => {
  expect(capturesWithin('^MTU (\\d+)( bytes)?', ['mtu 1500', 'shutdown', 'mtu 9214 bytes'], 'i')).toEqual([
    ['mtu 1500', '1500', undefined],
    null,
    ['mtu 9214 bytes', '9214', ' bytes'],
  ])
  expect(matchesWithin('^b$', 'a\nb', 'm')).toBe(true)
})

test('the half second is for all texts together', { tags: ['long', 'turn'] }, () => {
  const slow = Array.from({ length: 1000 }, () => `${'a'.repeat(20)}!`)
  const before = performance.now()
  expect(capturesWithin('^(?:(a+)+)$', slow)).toBeUndefined()
  expect(performance.now() - before).toBeLessThan(2_000)
})

test.each([
  '^(?:(a|a)+)$',
  '(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)x',
  '(a{1,30}){1,30}b',
  '(?=(a+)+b)',
])('%s is not matched without a limit', { tags: 'long' }, (pattern) => {
  const before = performance.now()
  expect(capturesWithin(pattern, [`${'a'.repeat(60)}!`])).toBeUndefined()
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('what is quick is matched at once, and says the same', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `interface Ethernet${index}`)
  expect(capturesWithin('^interface Ethernet(\\d+)$', lines)?.filter((one) => one !== null)).toHaveLength(400)
  expect(capturesWithin('^interface Ethernet(\\d)(9)?$', ['interface Ethernet1', 'x'])).toEqual([
    ['interface Ethernet1', '1', undefined],
    null,
  ])
  const before = performance.now()
  for (let round = 0; round < 200; round += 1) capturesWithin('Ethernet(\\d+)$', lines)
  expect(performance.now() - before).toBeLessThan(2_000)
  expect(() => capturesWithin('a)', ['a'])).toThrow(SyntaxError)
})

test.each([
  ['of letters', 'x'.repeat(100_000)],
  ['of groups', `(?:${'x'.repeat(100_000)})+`],
])('a pattern %s that is too large to be carried out is not known, and throws nothing', (_, pattern) => {
  expect(capturesWithin(pattern, ['a'])).toBeUndefined()
})
