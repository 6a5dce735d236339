import { z } from 'zod'

/** A time in seconds, at most a day. */
export const seconds = z.number().min(0).max(86_400)
export const pattern = z.string().min(1).refine(isExpression, 'is not a regular expression')
export const after = seconds
  .optional()
  .describe('Seconds after it is set.')
  .meta({ examples: [30] })
export const device = z
  .string()
  .describe('The switch, by its name in the fabric.')
  .meta({ examples: ['leaf1'] })
export const command = pattern
  .optional()
  .describe('A regular expression, tried on each command of a request.')
  .meta({ examples: ['commit timer'] })

export const duration = seconds
  .optional()
  .describe('Seconds; without it, for good.')
  .meta({ examples: [20] })

export const lasting = { after, for: duration }

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
