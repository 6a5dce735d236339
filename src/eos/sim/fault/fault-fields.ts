import { z } from 'zod'

/** A time in seconds, at most a day. */
export const seconds = z.number().min(0).max(86_400)
/** A regular expression, as text. */
export const pattern = z.string().min(1).refine(isExpression, 'is not a regular expression')
/** When a fault strikes. */
export const after = seconds
  .optional()
  .describe('Seconds after it is set.')
  .meta({ examples: [30] })
/** The switch that a fault is of. */
export const device = z
  .string()
  .describe('The switch, by its name in the fabric.')
  .meta({ examples: ['leaf1'] })
/** Which command of a request a fault strikes. */
export const command = pattern
  .optional()
  .describe('A regular expression, tried on each command of a request.')
  .meta({ examples: ['commit timer'] })

/** How long a fault lasts. */
export const duration = seconds
  .optional()
  .describe('Seconds; without it, for good.')
  .meta({ examples: [20] })

/** When a lasting fault begins, and for how long. */
export const lasting = { after, for: duration }

/** The port that a fault is on. */
export const port = z
  .string()
  .min(1)
  .describe('The port, by its full EOS name.')
  .meta({ examples: ['Ethernet1'] })

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
