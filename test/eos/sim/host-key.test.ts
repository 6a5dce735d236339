import { expect, test } from 'vitest'
import { hostKeyOf, newHostKey } from '../../../src/eos/sim/ssh/host-key.ts'

test('every host key that is made can be read, and is another', () => {
  const keys = Array.from({ length: 300 }, newHostKey)
  expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(300)
  for (const key of keys.slice(0, 50)) expect(hostKeyOf(key.private)).toEqual(key)
})
