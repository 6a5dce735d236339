import { expect, test } from 'vitest'
import { bounded, fitting } from '../../src/mcp/untrusted.ts'

const CUT = '\n[cut: there is more]'

test.each([
  ['as long as the limit', 'a'.repeat(30), 30, 'a'.repeat(30)],
  // JSON writes the line break of the mark in two bytes.
  ['one byte longer', 'a'.repeat(31), 30, `${'a'.repeat(8)}${CUT}`],
  ['quotes, two bytes each in JSON', '"'.repeat(20), 30, `${'"'.repeat(4)}${CUT}`],
  ['letters of two bytes', 'ü'.repeat(20), 31, `${'ü'.repeat(4)}${CUT}`],
  ['a pair that would be cut in two', `aaa${'😀'.repeat(10)}`, 37, `aaa😀😀😀${CUT}`],
])('a text of others keeps its beginning: %s', (_, text, most, kept) => {
  expect(bounded(text, most)).toBe(kept)
})

test('a text of others has 30,000 bytes if nothing else is said', () => {
  expect(bounded('b'.repeat(40_000))).toBe(`${'b'.repeat(29_978)}${CUT}`)
})

test.each([
  ['all of it fits', ['ab', 'cd'], 10, ['ab', 'cd']],
  ['the last one does not fit', ['ab', 'cd', 'ef'], 14, ['ab', 'cd']],
  [
    'not even the first one: it is given, so that the next question goes on after it',
    ['a'.repeat(20), 'b'],
    5,
    ['a'.repeat(20)],
  ],
])('a list: %s', (_, list, most, kept) => {
  expect(fitting(list, most)).toEqual(kept)
})
