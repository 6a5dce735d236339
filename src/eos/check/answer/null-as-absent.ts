import type { z } from 'zod'

/**
 * A value that may be left out, or be null with the same meaning: an optional input of a catalog (ANTA's `None`), and what
 * EOS does not know (`maxTtlHops` of a BGP peer, observed under ribd).
 */
export function nullAsAbsent<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}
