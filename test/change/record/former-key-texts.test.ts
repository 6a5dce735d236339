import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyRing, storeKeys } from '../../../src/change/record/seal/store-keys.ts'
import { openText, sealText } from '../../../src/change/record/store/blob-format.ts'

const [OLD, NEW] = ['1'.repeat(64), '2'.repeat(64)]
const ring = new KeyRing({ key: NEW, old: [OLD] })

/** Another text under the reference of one, as a thief of the key can write it. */
function forged(ref: string, text: string) {
  const iv = new Uint8Array(12).fill(7)
  const cipher = createCipheriv('aes-256-gcm', storeKeys(OLD).blob, iv).setAAD(Buffer.from(ref))
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

test('a text that was made under a key that was replaced is read, and new ones are made under the present key', () => {
  const { ref, bytes } = sealText(storeKeys(OLD), 'hostname leaf1')
  expect(openText(ring, ref, bytes)).toBe('hostname leaf1')
  const now = sealText(ring, 'hostname leaf1')
  expect(now.ref).not.toBe(ref)
  expect(openText(storeKeys(NEW), now.ref, now.bytes)).toBe('hostname leaf1')
})

test('whoever has a key that was replaced can put no other text behind a reference', () => {
  const { ref, bytes } = sealText(storeKeys(OLD), 'hostname leaf1')
  expect(bytes.length).toBe(forged(ref, 'hostname leaf9').length)
  expect(() => openText(ring, ref, forged(ref, 'hostname leaf9'))).toThrow('was altered')
})

test('a text of a key that is not here is not read', () => {
  const { ref, bytes } = sealText(storeKeys(OLD), 'hostname leaf1')
  expect(() => openText(new KeyRing(NEW), ref, bytes)).toThrow('or made under an install key that is not here')
})
