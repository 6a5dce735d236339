import { createHash } from 'node:crypto'
import type { Random } from '../../../../model/random.ts'
import { type Arguments, IntrinsicError, type IntrinsicFunction } from './intrinsic.ts'

/**
 * A number from the first argument on, below the second. The same seed gives the same number; which one is ours to
 * choose, AWS does not say how it draws.
 */
function random(given: Arguments, source: Random): number {
  const [first, end] = [given.integer(0), given.integer(1)]
  if (first >= end) throw new IntrinsicError('Invalid arguments in States.MathRandom: the start must be below the end')
  const fraction = given.count === 3 ? seeded(given.integer(2)) : source.fraction()
  return first + Math.floor(fraction * (end - first))
}

function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48
}

function add(given: Arguments): number {
  const sum = given.integer(0) + given.integer(1)
  if (Number.isSafeInteger(sum)) return sum
  throw new IntrinsicError('Invalid arguments in States.MathAdd: the sum is too large')
}

/** A version 4 UUID (RFC 9562). */
function uuid(source: Random): string {
  const hex = source.hex(16)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** The intrinsic functions about numbers, and the one that makes an identifier. */
export const NUMBER_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  MathAdd: { least: 2, most: 2, apply: add },
  MathRandom: { least: 2, most: 3, apply: random },
  UUID: { least: 0, most: 0, apply: (_, source) => uuid(source) },
}
