import { z } from 'zod'
import { text, texts } from '../change/record/event/record-schema.ts'
import { confirmedSource } from './drift/result-schema.ts'

/** What `eosflow snapshot take --json` prints, version 1. */
export const snapshotResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('snapshot'),
    name: text,
    takenAt: text.describe('ISO 8601 in UTC.'),
    devices: texts.describe('The switches that it holds.'),
    missing: texts.describe('Those that could not be read.'),
    baseline: texts.describe('The switches that are compared with it from now on.'),
    still: z
      .array(
        z.strictObject({
          name: text,
          source: confirmedSource.exactOptional(),
        }),
      )
      .readonly()
      .describe('The others, and what they are still compared with.'),
    notices: texts.describe('The switches about which it ends notices.'),
    denied: texts.describe('Why it does not do what it would do.'),
  })
  .meta({ id: 'snapshot-result', title: 'eosflow snapshot take --json' })

export type SnapshotResult = z.infer<typeof snapshotResultSchema>
