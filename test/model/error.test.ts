import { expect, test } from 'vitest'
import { EosflowError, messageOf } from '../../src/model/error.ts'

test.each<[unknown, string]>([
  [new EosflowError('refused', 'no such VLAN'), 'no such VLAN'],
  [new TypeError('fetch failed'), 'fetch failed'],
  ['ended', 'ended'],
  [undefined, 'undefined'],
  [7, '7'],
])('what %s says', (thrown, said) => {
  expect(messageOf(thrown)).toBe(said)
})
