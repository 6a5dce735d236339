import { z } from 'zod'

const text = z.string()

/** What `eosflow approve --json` and `reject --json` print of a decision on record, version 1. */
export const decisionResultSchema = z
  .strictObject({
    version: z.literal(1),
    decision: z.enum(['approve', 'reject']),
    plan: text.describe('The digest of the plan.'),
    approver: text,
    enough: z.boolean().exactOptional().describe('Of an approval: whether no other one is needed.'),
    missing: z.array(text).readonly().exactOptional().describe('What the plan still needs, in words.'),
    note: text.exactOptional().describe('What whoever made or brought it has to know of it.'),
    undo: z
      .strictObject({ plan: text, expires: text, enough: z.boolean() })
      .exactOptional()
      .describe('The undo that was approved with it, by its digest.'),
    file: text.exactOptional().describe('Where it was saved for another machine.'),
  })
  .meta({ id: 'decision-result', title: 'eosflow approve --json' })

export type DecisionDocument = z.infer<typeof decisionResultSchema>
