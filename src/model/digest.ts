import { createHash, createHmac } from 'node:crypto'
import { EosflowError } from './error.ts'
import type { Json, JsonObject } from './json.ts'

const PLAIN = /^[ !#-[\]-\x7f]*$/
const LONE_SURROGATE = /[\ud800-\udfff]/u

/**
 * The canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, no blanks.
 * Stricter than the RFC on purpose: a whole number that is not exact, a lone surrogate and
 * anything that is not JSON throw a `bug`.
 */
export function canonicalJson(value: Json): string {
  return writtenAtOnce(value) ?? writtenByPart(value)
}

function writtenAtOnce(value: Json) {
  const ordered = inOrder(value)
  if (ordered === undefined) return undefined
  const text = JSON.stringify(ordered)
  // Half of a surrogate pair is written as an escape.
  return text.includes('\\ud') ? undefined : text
}

function inOrder(value: Json): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return isExact(value) ? value : undefined
  if (Array.isArray(value)) return itemsInOrder(value)
  return typeof value === 'object' && isPlain(value) ? membersInOrder(value as JsonObject) : undefined
}

// A fraction is written as RFC 8785 has it, by ECMAScript's own digits (ADR 0134).
function isExact(value: number) {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

function itemsInOrder(items: readonly Json[]): Json | undefined {
  let copy: Json[] | undefined
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as Json
    const ordered = inOrder(item)
    if (ordered === undefined) return undefined
    if (ordered !== item) copy ??= items.slice(0, index)
    copy?.push(ordered)
  }
  return copy ?? (items as Json[])
}

function membersInOrder(value: JsonObject): Json | undefined {
  const keys = Object.keys(value)
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as string) < key)
  // An object has names that are written as whole numbers first, in the order of the numbers.
  if (!isSorted && keys.some(beginsWithDigit)) return undefined
  let copy: Record<string, Json> | undefined = isSorted ? undefined : {}
  for (const key of isSorted ? keys : keys.sort()) {
    const member = value[key] as Json
    const ordered = inOrder(member)
    if (ordered === undefined || key === '__proto__') return undefined
    if (ordered !== member) copy ??= membersBefore(value, keys, key)
    if (copy !== undefined) copy[key] = ordered
  }
  return copy ?? value
}

function membersBefore(value: JsonObject, keys: readonly string[], end: string): Record<string, Json> {
  const before: Record<string, Json> = {}
  for (const key of keys) {
    if (key === end) break
    before[key] = value[key] as Json
  }
  return before
}

function beginsWithDigit(key: string) {
  const code = key.charCodeAt(0)
  return code >= 0x30 && code <= 0x39
}

function writtenByPart(value: Json) {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!isExact(value)) throw new EosflowError('bug', `not an exact number in canonical JSON: ${value}`)
    return JSON.stringify(value)
  }
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    return `{${membersOf(value as JsonObject)}}`
  }
  throw new EosflowError('bug', `not a JSON value: ${typeof value}`)
}

// Names without a comparison are compared as RFC 8785 wants it, by UTF-16 code units.
function membersOf(value: JsonObject) {
  let text = ''
  for (const key of Object.keys(value).sort())
    text += `${text === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(value[key] as Json)}`
  return text
}

function canonicalString(value: string) {
  if (PLAIN.test(value)) return `"${value}"`
  if (LONE_SURROGATE.test(value)) throw new EosflowError('bug', 'lone surrogate in canonical JSON')
  return JSON.stringify(value)
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

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
