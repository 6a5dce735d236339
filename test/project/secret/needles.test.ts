import { expect, test } from 'vitest'
import { Needles } from '../../../src/project/secret/needles.ts'

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
