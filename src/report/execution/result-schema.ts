import { z } from 'zod'
import { probeReading, seenStandings } from '../../change/record/event/execution-event.ts'
import {
  changeTerms,
  count as counted,
  deviceEnd,
  error,
  outcome,
  text,
  texts,
} from '../../change/record/event/record-schema.ts'
import type { Json } from '../../model/json.ts'
import { executionViewSchema, list } from '../view/execution-view.ts'

const json = z.json() as unknown as z.ZodType<Json>

const device = z.strictObject({
  name: text,
  end: deviceEnd.describe('Where it ended, or is now.'),
  detail: text.exactOptional(),
  network: z
    .enum(['same', 'differs', 'unknown', 'not-looked-at'])
    .exactOptional()
    .describe('Of one that was put back: whether its network is as before the change.'),
  differences: texts.exactOptional(),
  more: counted.exactOptional(),
  awaited: z.literal(true).exactOptional().describe('Its network is still to be read.'),
  latched: texts.exactOptional(),
  because: text.exactOptional(),
  retries: counted.exactOptional(),
})

const disruption = z.strictObject({
  isOver: z.boolean(),
  words: text,
  probes: list(
    probeReading.extend({
      name: text,
      result: z.enum(['answered', 'cut', 'gone-before', 'not-measured']),
    }),
  ),
  seen: seenStandings.exactOptional(),
})

const waiting = z.discriminatedUnion('waitsFor', [
  z.strictObject({ path: text, state: text, waitsFor: z.literal('approval') }),
  z.strictObject({
    path: text,
    state: text,
    waitsFor: z.literal('signal'),
    token: text.describe('The digest of the task token.'),
    message: text.exactOptional(),
  }),
])

/** What `run`, `show`, `resume`, `stop` and `watch` print with `--json` of an execution, version 1. */
export const executionResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('execution'),
    id: text,
    workflow: text,
    purpose: z.enum(['plan', 'run']),
    status: z.enum(['new', 'running', 'compensating', 'ended']),
    outcome: outcome.nullable().describe('How it ended; null while it has not.'),
    plan: text.nullable().describe('The digest of its plan.'),
    changeFile: changeTerms.exactOptional().describe('The change file that asked for it; absent: none did.'),
    traceId: text.exactOptional(),
    commit: text.exactOptional(),
    devices: list(device),
    kept: texts.exactOptional().describe('The switches that keep a change that failed.'),
    leftOut: list(
      z.strictObject({ name: text, by: z.enum(['maxFailures', 'skip-unreachable']), message: text }),
    ).exactOptional(),
    error: error.nullable(),
    disruption: disruption.exactOptional().describe('For how long users were cut off; times in milliseconds.'),
    around: list(
      z.strictObject({
        name: text,
        id: text.exactOptional(),
        what: z.enum(['not begun', 'not ended']),
        reason: text,
      }),
    ).exactOptional(),
    failures: list(
      z.strictObject({ path: text, state: text, device: text.exactOptional(), error, caught: z.boolean() }),
    ).exactOptional(),
    retries: z.record(text, counted).exactOptional().describe('By state, of those on several switches or none.'),
    undos: list(
      z.strictObject({ path: text, state: text, undone: z.enum(['done', 'failed']), error: error.exactOptional() }),
    ).exactOptional(),
    approvalOfAnyStore: z.literal(true).exactOptional().describe('Its approval is not single-use.'),
    notLocked: texts.exactOptional().describe('The switches committed without `configure lock`.'),
    notReplayed: z
      .record(text, text)
      .exactOptional()
      .describe('Why it is not proven that a switch can put itself back.'),
    ownerSessions: z.record(text, texts).exactOptional(),
    toReconcile: texts.exactOptional().describe('The switches that CloudVision will show out of compliance.'),
    waitingFor: list(waiting).exactOptional(),
    suspended: z.strictObject({ by: text, at: text, reason: text }).exactOptional(),
    redriven: counted.exactOptional(),
    output: json.exactOptional(),
    after: executionViewSchema.shape.after,
    rollback: executionViewSchema.shape.rollback.describe(
      'Which execution it rolls back, and which ones have rolled it back since.',
    ),
    exitCode: z.int().min(0).describe('What a command that runs it ends with (eosflow help exit-codes).'),
    view: executionViewSchema.exactOptional().describe('What its page shows.'),
  })
  .meta({ id: 'execution-result', title: 'eosflow show --json' })

export type ExecutionDocument = z.infer<typeof executionResultSchema>
