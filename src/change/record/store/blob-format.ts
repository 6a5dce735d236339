import { EosflowError } from '../../../model/error.ts'
import type { ArtefactRef } from '../event/event.ts'
import { decrypted, encrypted, LackingKeyError, type StoreKeys } from '../seal/store-keys.ts'

/** A text as stores keep it: encrypted, the reference as additional data. */
export interface SealedText {
  readonly ref: ArtefactRef
  readonly bytes: Uint8Array
}

/** Its reference is `blob:` and a keyed digest: the same text has the same one. */
export function sealText(keys: StoreKeys, text: string): SealedText {
  const content = Buffer.from(text)
  const ref = `blob:${keys.name(content)}`
  return { ref, bytes: encrypted(keys.blob, ref, content) }
}

/**
 * The text behind a reference, under whichever key of the store it was made: whoever has a key that was replaced can encrypt another text,
 * and none that the reference names. Throws `store` when its bytes are missing, were altered, or were made under a key that is not here.
 */
export function openText(keys: StoreKeys, ref: ArtefactRef, bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new EosflowError('store', `the store has no ${ref}`)
  const found = openedText(keys, ref, bytes)
  if (typeof found === 'object') return found.content.toString()
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
    const content = decrypted(own.blob, ref, bytes)
    if (content !== undefined) return ref === `blob:${own.name(content)}` ? { content } : 'altered'
  }
  return 'unread'
}
