import { createHash, timingSafeEqual } from 'node:crypto'

export function isSameText(given: string, known: string): boolean {
  return isSameBytes(digestOf(given), digestOf(known))
}

/** Whether bytes are the same, in a time that says nothing of where they differ. Their length is no secret. */
export function isSameBytes(given: Uint8Array, known: Uint8Array): boolean {
  return given.length === known.length && timingSafeEqual(given, known)
}

function digestOf(text: string) {
  return createHash('sha256').update(text).digest()
}
