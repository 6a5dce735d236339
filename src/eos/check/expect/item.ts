import { z } from 'zod'

const One = z.union([z.string().min(1).max(200), z.int()])

/** Most things that one list may name. */
const MOST = 4096

/**
 * Things as an expectation names them: one, or a list, in which a parameter that is a list stands for its members. Read as
 * texts.
 */
export const Items = z
  .union([One, z.array(z.union([One, z.array(One)])).max(MOST)], {
    error: 'expected a name or number, or a list of them, such as [140, 141]',
  })
  .transform((written) => [written].flat(2).map(String))
