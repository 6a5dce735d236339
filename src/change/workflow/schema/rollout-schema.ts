import { z } from 'zod'
import { duration } from '../../../text/source/duration.ts'
import { withNotBuilt } from '../../../text/source/explain-issue.ts'

// How two switches that back each other up are changed: one behind the other, back to back, or as their lines decide.
const PAIR_RULES = ['apart', 'together', 'auto'] as const

export type PairRule = (typeof PAIR_RULES)[number]

// `fitness` of `rollout`: whether the other side is asked, and how much it may carry.
const fitness = z
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

/** How many switches of a wave are changed at a time, unless the workflow says so. */
export const DEFAULT_CONCURRENCY = 10

const waveSize = z
  .union([z.int().min(1), z.string().regex(/^(?:[1-9]\d?|100)%$/, 'a percentage from 1% to 100%')])
  .describe('A number of switches, or a percentage of all selected ones.')
  .meta({ examples: ['50%'] })

/** `rollout` of a workflow: in which waves its switches change, who keeps apart, and what is confirmed together. */
export const rolloutSchema = withNotBuilt(
  z.strictObject({
    waves: z
      .array(waveSize)
      .min(1)
      .default(['100%'])
      .describe('Sizes of successive waves; the last repeats.')
      .meta({ examples: [[1, '50%', '100%']] }),
    keepApart: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A tag: switches with equal values never share a wave, nor do those that MLAG or LLDP show to be redundant. `none` lets them.',
      )
      .meta({ examples: ['mlag'] }),
    pairs: z
      .enum(PAIR_RULES)
      .default('apart')
      .describe(
        'Two switches that back each other up: never in one wave, or committed back to back, or as the lines of the change decide.',
      ),
    atomic: z
      .enum(['change', 'wave', 'device'])
      .default('change')
      .describe('What is confirmed together: all switches, those of one wave, or each by itself.'),
    maxFailures: z
      .union([z.int().min(0), z.string().regex(/^[1-9]\d?%$/, 'a percentage from 1% to 99%')])
      .default(0)
      .describe('How many switches may fail, or which share of those that change, rounded down. They are put back.')
      .meta({ examples: ['5%'] }),
    canary: z
      .strictObject({
        switches: z
          .union([z.int().min(1), z.string().min(1)])
          .describe('How many of the switches that change, or which.')
          .meta({ examples: ['leaf1'] }),
        soak: duration(1, 86_400, '10m')
          .optional()
          .describe('How long they must stay good before the rest begins; `stableFor` when that is longer.'),
      })
      .optional()
      .describe('Switches that go before all waves. A failure of theirs is never tolerated.'),
    concurrency: z
      .int()
      .min(1)
      .max(200)
      .default(DEFAULT_CONCURRENCY)
      .describe('How many switches of a wave at the same time.'),
    fitness,
    sites: z
      .literal('together')
      .optional()
      .describe(
        'Where workers drive: the workers of each site change its own switches, and all sites are confirmed together or put back.',
      ),
  }),
  'order',
  'pause',
).prefault({})
