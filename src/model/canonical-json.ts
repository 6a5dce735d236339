import { EosflowError } from './error.ts'
import type { Json, JsonObject } from './json.ts'

/** Printable ASCII without the quote and the backslash, and DEL: what is written in a JSON text as it is. */
const PLAIN = /^[ !#-[\]-\x7f]*$/
const LONE_SURROGATE = /[\ud800-\udfff]/u

/**
 * The canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, no blanks.
 * Stricter than the RFC on purpose: only safe integers are numbers here, and a lone surrogate or
 * anything that is not JSON throws a `bug`.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new EosflowError('bug', `not a safe integer in canonical JSON: ${value}`)
    return String(value === 0 ? 0 : value)
  }
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    return `{${membersOf(value as JsonObject)}}`
  }
  throw new EosflowError('bug', `not a JSON value: ${typeof value}`)
}

/** Names without a comparison are compared as RFC 8785 wants it, by UTF-16 code units. */
function membersOf(value: JsonObject): string {
  let text = ''
  for (const key of Object.keys(value).sort())
    text += `${text === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(value[key] as Json)}`
  return text
}

function canonicalString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`
  if (LONE_SURROGATE.test(value)) throw new EosflowError('bug', 'lone surrogate in canonical JSON')
  return JSON.stringify(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
