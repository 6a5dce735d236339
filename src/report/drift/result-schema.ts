import { z } from 'zod'
import { count as counted, error, text } from '../../change/record/event/record-schema.ts'

export const confirmedSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('execution'), id: text }),
  z.strictObject({ kind: z.literal('snapshot'), name: text }),
])

const compared = z.strictObject({
  name: text,
  state: z.enum(['same', 'differs']),
  source: confirmedSource.describe('Where the configuration is from that was confirmed last.'),
  since: text.describe('ISO 8601 in UTC.'),
  config: z
    .array(z.strictObject({ sign: z.enum(['+', '-', ' ']), text }))
    .readonly()
    .describe('What has changed since it was confirmed, without secrets.'),
  unsaved: z.boolean().describe('Whether a reboot would change running-config.'),
  startup: z.literal('unknown').exactOptional(),
  armed: z
    .strictObject({ session: text, secondsLeft: z.number() })
    .exactOptional()
    .describe('The session under a commit timer, whoever has it.'),
  by: z
    .strictObject({ execution: text, standing: z.enum(['changing', 'unknown']) })
    .exactOptional()
    .describe(
      'The execution of this store that may have made the difference: it changes the switch now, or where it has left it is not known.',
    ),
})

/** What `eosflow drift --json` prints, version 1. */
export const driftResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('drift'),
    sum: z.strictObject({
      compared: counted,
      differs: counted,
      same: counted,
      inSnapshot: counted.exactOptional(),
      neverConfirmed: counted,
      unread: counted,
    }),
    words: text.describe('The same in words.'),
    devices: z
      .array(
        z.discriminatedUnion('state', [
          compared,
          z.strictObject({ name: text, state: z.literal('unknown').describe('Nothing was ever confirmed on it.') }),
          z.strictObject({ name: text, state: z.literal('unread'), error }),
        ]),
      )
      .readonly(),
  })
  .meta({ id: 'drift-result', title: 'eosflow drift --json' })

export type DriftDocument = z.infer<typeof driftResultSchema>
