import { createHash, createHmac } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { Json } from './json.ts'

/** `sha256:` and the hex digest of a text. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** `sha256:` and the hex digest of a value's canonical JSON. */
export function digestOf(value: Json): string {
  return sha256(canonicalJson(value))
}

/**
 * `hmac:` and the keyed digest of raw switch text. Keyed, because a plain digest of a line with a weak secret
 * can be guessed offline by anyone who holds the plan (ADR 0007).
 */
export function hmac(key: string, text: string): string {
  return `hmac:${createHmac('sha256', key).update(text).digest('hex')}`
}
