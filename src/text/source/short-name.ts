import { z } from 'zod'

export const shortName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a letter or digit, then letters, digits, `.`, `_` and `-`, at most 64')
