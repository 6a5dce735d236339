import { z } from 'zod'
import { once } from '../../../model/once.ts'

// Catalogs are YAML that people write: `'10'` and `10.0` are ten, `'1e-6'` a millionth, as ANTA takes them.
const written = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value

export function integer(minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER) {
  return z.preprocess(written, z.int().min(minimum).max(maximum))
}

export function decimal(minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE) {
  return z.preprocess(written, z.number().min(minimum).max(maximum))
}

/** A count: a whole number from 0. */
export const count = once(() => integer(0))

/** A percentage, 0 to 100. */
export const percent = once(() => decimal(0, 100))

/** A VLAN, 0 to 4094: ANTA lets a catalog say 0. */
export const vlanId = once(() => integer(0, 4094))

/** A VXLAN network identifier (RFC 7348, section 5: 24 bits). */
export const vni = once(() => integer(1, 16_777_215))

export const port = once(() => integer(1, 65_535))
