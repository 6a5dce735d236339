import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Needles } from '../../../src/project/secret/needles.ts'

/** Texts that are in no other: beside them a set has too many beginnings for a pattern. */
const BESIDE = Array.from({ length: 13 }, (_, index) => `${String.fromCharCode(index + 1)}beside`)

const unit = fc.constantFrom('a', 'b', ']', '\\', '^', '-', 'ü', '😀', '\ud800', ' ')
const text = fc.string({ unit, maxLength: 12 })
const needle = fc.string({ unit, minLength: 1, maxLength: 4 })

test('where a search may begin does not depend on how many texts are looked for', { tags: ['long', 'turn'] }, () => {
  fc.assert(
    fc.property(fc.array(needle, { minLength: 1, maxLength: 5 }), text, (needles, searched) => {
      const [few, many] = [new Needles(needles), new Needles([...needles, ...BESIDE])]
      for (let at = 0; at <= searched.length; at += 1) {
        expect(few.firstFrom(searched, at)).toBe(many.firstFrom(searched, at))
      }
    }),
    { seed: 20261127, numRuns: 2000 },
  )
})

test.each<[readonly string[], string, number, number]>([
  [['abc'], 'xxabx', 0, 2],
  [['abc'], 'xxaxx', 0, 5],
  [['abc'], 'xxxa', 0, 3],
  [['abc'], 'abab', 1, 2],
  [['a'], 'xxax', 0, 2],
  [['aü'], 'xxaö', 0, 2],
  [['üa'], 'xxüx', 0, 2],
  [['abc'], 'xxaü', 0, 2],
  [[], 'abc', 0, 3],
  [[], 'abc', 2, 3],
])('of %j the first in %j from %i on is at %i', (needles, searched, from, at) => {
  expect(new Needles(needles).firstFrom(searched, from)).toBe(at)
})
