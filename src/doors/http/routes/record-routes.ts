import { z } from 'zod'
import type { PolicyRequest } from '../../../change/policy/decide.ts'
import { cursorBehind } from '../../../change/record/event/cursor.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { type Scope, scopes } from '../../../model/principal.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { explainPolicy, gateExplained } from '../../../project/access/policy/explain-policy.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { trailOf } from '../../../project/history/trail-of.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { lagsOf } from '../../../project/record/audit/checkpoint-forwarder.ts'
import { lastBefore, type RecordFilter, recordFilter, SLACK } from '../../../project/record/audit/record-range.ts'
import { auditRecord, sourceOf } from '../../../project/record/audit/records.ts'
import { chosenDevices } from '../../../project/switches/inventory/tell-warnings.ts'
import { auditListJson } from '../../../report/audit-list.ts'
import { verificationJson } from '../../../report/event-words/audit-verification.ts'
import type { AuditRecord } from '../../../report/event-words/history.ts'
import { explanationJson } from '../../../report/policy/explanation.ts'
import { defineRoute, type Route } from '../context/route.ts'
import { inventoryFor } from '../request/readable.ts'
import { document, linkToNext, page, placeOf, searched, text, word, wordFor } from './execution-routes.ts'

// So many records are read at once while a page of those that are wanted is filled, and so many at most for one page.
const [BATCH, LOOKED_AT] = [500, 5_000]

const listQuery = z.strictObject({
  ...page,
  execution: word.optional(),
  device: word.optional(),
  actor: word.optional().describe('A part of the name of who has acted.'),
  code: text.min(1).max(20).optional().describe('The beginning of the code.'),
  since: z.iso.datetime({ offset: true }).optional().describe('From this time on.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Before this time.'),
  kind: z
    .enum(['acts', 'all'])
    .default('all')
    .describe('`acts`: what was asked, decided and ended, without the single steps of executions.'),
})

export const recordRoutes: readonly Route[] = [
  defineRoute('GET /api/v1/audit/records', 'audit.read', 'The records of the store, newest first', {
    input: listQuery,
    output: document('AuditRecords', {
      origin: text,
      records: z.array(
        z.looseObject({
          seq: z.int(),
          at: text,
          code: text,
          type: text,
          words: text,
          hash: text,
        }),
      ),
      next: text.optional(),
      searchedTo: searched,
    }),
    answer: async ({ app }, { caller, input }) => {
      await requireAllowed(app, caller, 'audit.read')
      const { limit, after, since, until, ...rest } = input
      const filter = { ...rest, since: timeOf(since), until: timeOf(until) }
      const { records, next, searchedTo } = await newestRecords(app, filter, limit, after)
      const lags = await lagsOf(trailOf(app), app.project.settings.audit.anchors)
      const listed = JSON.parse(auditListJson(records, sourceOf(app), lags)) as object
      return {
        json: {
          ...listed,
          ...definedMembers({ searchedTo, next }),
        },
        headers: linkToNext('/api/v1/audit/records', input, next),
      }
    },
  }),
  defineRoute(
    'GET /api/v1/audit/verification',
    'audit.read',
    'Whether every record still holds: all of them are read, which may take seconds',
    {
      output: document('AuditVerification', {
        outcome: z.enum(['intact', 'tampered']),
        origin: text,
        from: z.int(),
        to: z.int(),
        root: text.describe('The hash of the newest record that was read, in base64.'),
        fault: z.object({ seq: z.int(), reason: text }).nullable(),
        checkpoints: z.int(),
        anchors: z.int(),
        stale: text.nullable().describe('Why nothing outside vouches for the newest records.'),
        at: text.describe('When the record was read.'),
      }),
      answer: async ({ app, verification }, { caller }) => {
        await requireAllowed(app, caller, 'audit.read')
        const { found, at } = await verification.now()
        const { source: _source, exitCode: _exit, ...json } = JSON.parse(verificationJson(found, 0)) as JsonObject
        return { json: { ...json, at } }
      },
    },
  ),
  defineRoute(
    'GET /api/v1/policy/explain',
    'own',
    'What the policy decides about an act of whoever asks, and by which rules',
    {
      input: z.strictObject({
        action: z.enum(scopes),
        targets: text.min(1).max(1_000).optional(),
        workflow: word.optional(),
      }),
      output: document('PolicyExplanation', {
        decisions: z.array(z.looseObject({ effect: text, reason: text })),
      }),
      answer: ({ app }, { caller, input }) => {
        const request = policyQuestion(app, caller, input)
        const explained = explainPolicy(app.project, request, { perSwitch: input.targets !== undefined })
        return { jsonText: explanationJson(request, explained, gateExplained(app.project, request)) }
      },
    },
  ),
]

interface PolicyQuestion {
  readonly action: Scope
  readonly targets?: string | undefined
  readonly workflow?: string | undefined
}

/** What somebody asks of the policy about an act of theirs, on those of the switches that they may know of. */
export function policyQuestion(
  app: RecordApp,
  caller: SilentCaller,
  { action, targets, workflow }: PolicyQuestion,
): PolicyRequest {
  const chosen = targets === undefined ? [] : chosenDevices(inventoryFor(app, caller), targets)
  const devices = chosen.map(({ name, tags }) => ({ name, tags }))
  return { principal: caller.principal, action, at: app.clock.now(), devices, ...definedMembers({ workflow }) }
}

const timeOf = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at))

interface RecordsPage {
  readonly records: readonly AuditRecord[]
  // The word behind which the next one goes on; absent where there are no more.
  readonly next?: string
  // Back to when was looked, ISO 8601, where the page is not full because it would cost more.
  readonly searchedTo?: string
}

/** A page of the records that are wanted, newest first, for which at most {@link LOOKED_AT} records are read. */
export async function newestRecords(
  app: RecordApp,
  asked: RecordFilter,
  limit: number,
  after: string | undefined,
): Promise<RecordsPage> {
  const filter = await narrowed(app, asked)
  const isWanted = recordFilter(filter)
  const newest = await firstLookedAt(app, filter.until, after)
  const records: AuditRecord[] = []
  for await (const rows of batchesBefore(app, newest, filter.since)) {
    records.push(...rows.filter(({ event }) => isWanted(event)).slice(0, limit - records.length))
    const [last, oldest] = [records.at(-1), rows.at(-1)?.event]
    if (last !== undefined && records.length === limit) return { records, ...nextBehind(last.event.seq) }
    if (oldest !== undefined && oldest.seq > 1 && newest - oldest.seq + 1 >= LOOKED_AT)
      return { records, ...nextBehind(oldest.seq), searchedTo: oldest.at }
  }
  return { records }
}

const nextBehind = (seq: number): Pick<RecordsPage, 'next'> => (seq > 1 ? { next: wordFor(String(seq)) } : {})

// The records up to one and down to the first that may have been written since a time, some at a time, each the newest first.
async function* batchesBefore(
  app: RecordApp,
  newest: number,
  earliest = Number.NEGATIVE_INFINITY,
): AsyncGenerator<readonly AuditRecord[]> {
  for (let through = newest; through >= 1; through -= BATCH) {
    const from = Math.max(1, through - BATCH + 1)
    const rows = (await trailOf(app).records(from, through - from + 1)).map(auditRecord)
    if (isOlder(rows.at(-1), earliest - SLACK)) return
    yield rows.toReversed()
  }
}

async function narrowed({ store }: RecordApp, filter: RecordFilter) {
  if (filter.execution === undefined) return filter
  const found = await store.resolveExecution(filter.execution)
  if (found.found !== 'one') return filter
  const events = await store.read(found.id)
  const start = cursorBehind(undefined)
  const words = [await store.stopRequest(found.id, start), await store.suspendRequest(found.id, start)]
  const times = [...events, ...words.flatMap((word) => word ?? [])].map(({ at }) => Date.parse(at))
  if (times.length === 0) return filter
  const [first, last] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)], [
    Infinity,
    -Infinity,
  ] as [number, number])
  return {
    ...filter,
    since: Math.max(filter.since ?? first, first),
    until: Math.min(filter.until ?? last + 1, last + 1),
  }
}

const isOlder = (record: AuditRecord | undefined, time: number) =>
  record !== undefined && Date.parse(record.event.at) < time

async function firstLookedAt(app: RecordApp, until: number | undefined, after: string | undefined) {
  const { seq } = await app.store.head()
  // The word is whatever somebody has sent: behind the newest record there is nothing to look at.
  const through = Math.min(seq, Math.floor(Number(placeOf(after) ?? seq + 1)) - 1)
  return until === undefined ? through : lastBefore(trailOf(app), until + SLACK, through)
}
