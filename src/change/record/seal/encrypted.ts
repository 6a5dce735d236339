import { type Cipher, createCipheriv, createDecipheriv, type Decipher, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16
const CONTENT_AT = IV_BYTES + TAG_BYTES
const PIECE = 1_048_576

/** Bytes under AES-256-GCM, with what they are as additional data: the 12-byte nonce, the 16-byte tag and the ciphertext. */
export function encrypted(key: Uint8Array, what: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(CONTENT_AT + content.length)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(what))
  passThrough(cipher, content, bytes.subarray(CONTENT_AT))
  bytes.set(iv)
  bytes.set(cipher.getAuthTag(), IV_BYTES)
  return bytes
}

/** Undefined where they were not encrypted by this key, or as something else. */
export function decrypted(key: Uint8Array, what: string, bytes: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(what)).setAuthTag(bytes.subarray(IV_BYTES, CONTENT_AT))
    const content = Buffer.alloc(Math.max(0, bytes.length - CONTENT_AT))
    passThrough(decipher, bytes.subarray(CONTENT_AT), content)
    return content
  } catch {
    return undefined
  }
}

export function nonceOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, IV_BYTES)
}

// Passes bytes through a cipher that gives as many, piece by piece: a plan may have 64 MiB, and is not there three times.
function passThrough(cipher: Cipher | Decipher, from: Uint8Array, to: Uint8Array) {
  for (let at = 0; at < from.length; at += PIECE) to.set(cipher.update(from.subarray(at, at + PIECE)), at)
  cipher.final()
}
