import type { Place, Problem } from '../model/problem.ts'

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The problem of a key that would reach into JavaScript's object machinery, or undefined for any other key. */
export function forbiddenKey(key: string, at: Place): Problem | undefined {
  if (!FORBIDDEN.has(key)) return undefined
  return { code: 'forbidden-key', message: `the key \`${key}\` is not allowed`, at, hint: 'rename or delete the key' }
}

/** The problem of a number that is not exact here: not finite, or a whole number beyond 2^53. */
export function inexactNumber(value: number, written: string, at: Place): Problem | undefined {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return undefined
  return {
    code: 'inexact-number',
    message: `the number ${written} cannot be held exactly`,
    at,
    hint: `write it as text, in quotes: '${written}'`,
  }
}
