import type { Place, Problem } from '../../model/problem.ts'

export const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype']

const FORBIDDEN: ReadonlySet<string> = new Set(FORBIDDEN_KEYS)

/** Whether a key would reach into JavaScript's object machinery. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN.has(key)
}

/** Whether a number is held exactly: finite, and if it is whole within 2^53. */
export function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

const LONE_SURROGATE = /[\ud800-\udfff]/u

/** Whether a text consists of characters: an escape can also write half of a surrogate pair, which is none and has no UTF-8. */
export function isWhole(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** The problem of a text for which {@link isWhole} does not hold. */
export function halfCharacter(at: Place): Problem {
  return {
    code: 'half-character',
    message: 'a text holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no character',
    at,
    hint: 'write the character itself, or both halves of it',
  }
}

/** The problem of a key for which {@link isForbiddenKey} holds. */
export function forbiddenKey(key: string, at: Place): Problem {
  return { code: 'forbidden-key', message: `the key \`${key}\` is not allowed`, at, hint: 'rename or delete the key' }
}

/** The problem of a key that a mapping already has. */
export function duplicateKey(key: string, at: Place): Problem {
  const hint = 'delete one of the two: which one is meant?'
  return { code: 'duplicate-key', message: `the key \`${key}\` is there twice`, at, hint }
}

/** The problem of a number for which {@link isExact} does not hold. */
export function inexactNumber(written: string, at: Place): Problem {
  const hint = `write it as text, in quotes: '${written}'`
  return { code: 'inexact-number', message: `the number ${written} cannot be held exactly`, at, hint }
}
