import { z } from 'zod'

/** The name of a switch, and of a credential: as it is written in selectors and records. */
export const switchName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a letter or digit, then letters, digits, `.`, `_` and `-`, at most 64')
  .refine((text) => !['and', 'or', 'not'].includes(text), 'a word of the selector language')
