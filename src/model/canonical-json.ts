import { EosflowError } from './error.ts'
import type { Json } from './json.ts'

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
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  throw new EosflowError('bug', `not a JSON value: ${typeof value}`)
}

function canonicalString(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new EosflowError('bug', 'lone surrogate in canonical JSON')
  return JSON.stringify(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
