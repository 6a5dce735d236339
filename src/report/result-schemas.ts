import { z } from 'zod'
import { eventTypes, type JournalEvent } from '../change/record/event/event.ts'
import { principal, text, texts } from '../change/record/event/record-schema.ts'
import type { Json } from '../model/json.ts'
import { confirmedSource } from './drift/result-schema.ts'

const json = z.json() as unknown as z.ZodType<Json>

// What an entry has beside its event: {@link ExecutionEvent}.
const derived = {
  input: json.exactOptional(),
  device: z.string().exactOptional(),
  attempt: z.int().exactOptional(),
  duration: z.number().exactOptional(),
  traceId: z.string().exactOptional(),
}

const entries = eventTypes.map(({ schema }): z.ZodType => {
  const { machine: _, ...shape } = schema.shape as z.ZodRawShape
  return z.strictObject({ ...derived, ...shape })
})

/** What `eosflow history --json` prints, and of which `watch --json` prints one a line: records of version 1. */
export const historyResultSchema = z
  .array(z.union(entries))
  .meta({ id: 'history-result', title: 'eosflow history --json' })

/**
 * One record of an execution, `v` being its version: what happened, when (`at`, ISO 8601 in UTC) and who did it (`actor`), with what follows from the records before.
 * `device`: the one switch that it is about; `duration`: seconds since what it ends was begun; `input`: what the state was given.
 */
export type ExecutionEvent = Recorded<JournalEvent> & {
  readonly device?: string
  readonly attempt?: number
  readonly duration?: number
  readonly traceId?: string
}
type Recorded<E> = E extends unknown ? Omit<E, 'machine'> : never

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

/** What `eosflow whoami --json` prints, version 1. */
export const identityResultSchema = z
  .strictObject({
    version: z.literal(1),
    identity: principal,
    expires: z.string().exactOptional().describe('When the login or the token runs out, ISO 8601 in UTC.'),
  })
  .meta({ id: 'identity-result', title: 'eosflow whoami --json' })

export type IdentityDocument = z.infer<typeof identityResultSchema>

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
