import { z } from 'zod'
import { count as counted, text, texts } from '../../change/record/event/record-schema.ts'

/** What `eosflow check run --json` prints, version 1. */
export const checkResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('check-results'),
    summary: z.strictObject({ success: counted, failure: counted, error: counted, skipped: counted }),
    results: z
      .array(
        z.strictObject({
          device: text,
          check: text,
          categories: texts,
          description: text,
          customField: text.exactOptional(),
          status: z
            .enum(['success', 'failure', 'error', 'skipped'])
            .describe('`error`: it could not be judged, which is never a success.'),
          messages: texts.describe('Expected against actual, one line each.'),
          commands: texts.describe('What it asked.'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'check-result', title: 'eosflow check run --json' })

export type CheckDocument = z.infer<typeof checkResultSchema>
