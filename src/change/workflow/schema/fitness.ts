import { z } from 'zod'

/** `fitness` of `rollout`: whether the other side is asked, and how much it may carry. */
export const fitness = z
  .union([
    z.literal('off'),
    z.strictObject({ uplinks: z.string().regex(/^[1-9]\d?%$/, 'a percentage from 1% to 99%') }),
  ])
  .optional()
  .describe(
    'Before lines that may take a switch or an uplink down, what backs it up must be fit: `off` does not ask; `uplinks` is how much it may carry of what both carry.',
  )
  .meta({ examples: [{ uplinks: '80%' }] })

/** The same with the share as a number of percent. */
export function fitnessOf(given: NonNullable<z.output<typeof fitness>>): 'off' | { readonly uplinks: number } {
  return given === 'off' ? 'off' : { uplinks: Number.parseInt(given.uplinks, 10) }
}
