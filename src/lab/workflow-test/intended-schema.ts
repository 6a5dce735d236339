import { z } from 'zod'

export const NO_TEXT = 'none'

/** What switches were meant to have before, by name: a file, or {@link NO_TEXT}. */
export const intendedSchema = z
  .record(z.string(), z.string().min(1))
  .default({})
  .describe(
    'The intended text that is on record of a switch before a `replace`, by switch: a file, or `none`. What it runs without it.',
  )
  .meta({ examples: [{ leaf1: 'intended-before/leaf1.cfg' }] })
