import { expect, test } from 'vitest'
import { storeKeys } from '../../../src/change/record/seal/store-keys.ts'
import { openText, sealText } from '../../../src/change/record/store/blob-format.ts'

const MIB = 1_048_576
const KEYS = storeKeys('k'.repeat(64))

test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])(
  'a text of %i bytes is what it was behind the encryption',
  (bytes) => {
    const text = 'v'.repeat(bytes)
    const { ref, bytes: sealed } = sealText(KEYS, text)
    expect(sealed).toHaveLength(12 + 16 + bytes)
    expect(openText(KEYS, ref, sealed) === text).toBe(true)
  },
)

test.each([
  ['the first byte of the second MiB is another one', (bytes: Buffer) => bytes.fill(1, 28 + MIB, 29 + MIB)],
  ['its end is missing', (bytes: Buffer) => bytes.subarray(0, 28 + MIB)],
  ['less is there than a nonce and a tag have', (bytes: Buffer) => bytes.subarray(0, 20)],
])('a text is refused where %s', (_, alter) => {
  const { ref, bytes } = sealText(KEYS, 'v'.repeat(2 * MIB))
  expect(() => openText(KEYS, ref, alter(Buffer.from(bytes)))).toThrow('was altered')
})
