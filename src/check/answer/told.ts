import type { z } from 'zod'

/** What EOS may leave out, or give as null where it does not know it (`maxTtlHops` of a BGP peer, observed under ribd). */
export function told<T extends z.ZodType>(model: T) {
  return model.nullish().transform((value) => value ?? undefined)
}
