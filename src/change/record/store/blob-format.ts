import { type Cipher, createCipheriv, createDecipheriv, type Decipher, randomBytes } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import type { ArtefactRef } from '../event/event.ts'
import { LackingKeyError } from '../seal/lacking-key.ts'
import type { StoreKeys } from '../seal/store-keys.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const CONTENT_AT = IV_BYTES + TAG_BYTES
const PIECE = 1_048_576

/** A text as stores keep it: encrypted (AES-256-GCM, the reference as additional data) as the 12-byte nonce, the 16-byte tag and the ciphertext. */
export interface SealedText {
  readonly ref: ArtefactRef
  readonly bytes: Uint8Array
}

/** Its reference is `blob:` and a keyed digest: the same text has the same one. */
export function sealText(keys: StoreKeys, text: string): SealedText {
  const content = Buffer.from(text)
  const ref = `blob:${keys.name(content)}`
  const bytes = Buffer.alloc(CONTENT_AT + content.length)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keys.blob, iv).setAAD(Buffer.from(ref))
  passThrough(cipher, content, bytes.subarray(CONTENT_AT))
  bytes.set(iv)
  bytes.set(cipher.getAuthTag(), IV_BYTES)
  return { ref, bytes }
}

// Passes bytes through a cipher that gives as many, piece by piece: a plan may have 64 MiB, and is not there three times.
function passThrough(cipher: Cipher | Decipher, from: Uint8Array, to: Uint8Array) {
  for (let at = 0; at < from.length; at += PIECE) to.set(cipher.update(from.subarray(at, at + PIECE)), at)
  cipher.final()
}

/**
 * The text behind a reference, under whichever key of the store it was made: whoever has a key that was replaced can encrypt another text,
 * and none that the reference names. Throws `store` when its bytes are missing, were altered, or were made under a key that is not here.
 */
export function openText(keys: StoreKeys, ref: ArtefactRef, bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new EosflowError('store', `the store has no ${ref}`)
  for (const own of [keys, ...keys.former]) {
    const content = decrypted(own, ref, bytes)
    if (content !== undefined && (own === keys || ref === `blob:${own.name(content)}`)) return content.toString()
  }
  if (keys.lacking.length > 0) throw new LackingKeyError(ref, keys.lacking)
  throw alteredText(ref)
}

/** What a text that no key opens is refused with. */
export function alteredText(ref: ArtefactRef): EosflowError {
  return new EosflowError('store', `${ref} in the store was altered, or made under an install key that is not here`, {
    hint: 'Where the install key was replaced, give those before: in EOSFLOW_OLD_KEYS, or as install.old.keys. Else keep the store as evidence, and plan again.',
  })
}

/** `unread`: no key here opens it. It was altered, or made under a key that the store was under before. */
export function openedText(
  keys: StoreKeys,
  ref: ArtefactRef,
  bytes: Uint8Array,
): { readonly content: Buffer } | 'altered' | 'unread' {
  for (const own of [keys, ...keys.former]) {
    const content = decrypted(own, ref, bytes)
    if (content !== undefined) return ref === `blob:${own.name(content)}` ? { content } : 'altered'
  }
  return 'unread'
}

function decrypted({ blob }: StoreKeys, ref: ArtefactRef, bytes: Uint8Array) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', blob, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(ref)).setAuthTag(bytes.subarray(IV_BYTES, CONTENT_AT))
    const content = Buffer.alloc(Math.max(0, bytes.length - CONTENT_AT))
    passThrough(decipher, bytes.subarray(CONTENT_AT), content)
    return content
  } catch {
    return undefined
  }
}
