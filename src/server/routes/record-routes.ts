import { z } from 'zod'
import type { App } from '../../app/app.ts'
import { lagsOf } from '../../app/audit/courier.ts'
import { type RecordFilter, recordFilter } from '../../app/audit/record-filter.ts'
import { auditRecord } from '../../app/audit/records.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { explainPolicy } from '../../app/policy/explain-policy.ts'
import type { JsonObject } from '../../model/json.ts'
import { scopes } from '../../model/principal.ts'
import { auditListJson } from '../../report/audit-list.ts'
import type { AuditRecord } from '../../report/audit-record.ts'
import { verificationJson } from '../../report/audit-verification.ts'
import { explanationJson } from '../../report/policy/explanation.ts'
import { inventoryFor } from '../readable.ts'
import { defineRoute, type Route } from '../route.ts'
import { document, linkToNext, page, placeOf, wordFor } from './shown.ts'

/** So many records are read at once while a page of those that are wanted is filled. */
const BATCH = 500

const listQuery = z.strictObject({
  ...page,
  execution: z.string().min(1).max(200).optional(),
  device: z.string().min(1).max(200).optional(),
  actor: z.string().min(1).max(200).optional().describe('A part of the name of who has acted.'),
  code: z.string().min(1).max(20).optional().describe('The beginning of the code.'),
  since: z.iso.datetime({ offset: true }).optional().describe('From this time on.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Before this time.'),
  kind: z
    .enum(['acts', 'all'])
    .default('all')
    .describe('`acts`: what was asked, decided and ended, without the single steps of executions.'),
})

/** The record, and what the policy says. */
export const recordRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit/records',
    action: 'audit.read',
    summary: 'The records of the store, newest first',
    input: listQuery,
    output: document('AuditRecords', {
      origin: z.string(),
      records: z.array(
        z.looseObject({
          seq: z.int(),
          at: z.string(),
          code: z.string(),
          type: z.string(),
          words: z.string(),
          hash: z.string(),
        }),
      ),
      next: z.string().optional(),
    }),
    answer: async ({ app }, { caller, input }) => {
      await requireAllowed(app, caller, 'audit.read')
      const { limit, after, since, until, ...rest } = input
      const filter = { ...rest, since: timeOf(since), until: timeOf(until) }
      const { records, next } = await newestRecords(app, filter, limit, after)
      const lags = await lagsOf(trailOf(app), app.project.settings.audit.anchors)
      const listed = JSON.parse(auditListJson(records, sourceOf(app), lags)) as object
      return {
        json: { ...listed, ...(next === undefined ? {} : { next }) },
        headers: linkToNext('/api/v1/audit/records', input, next),
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit/verification',
    action: 'audit.read',
    summary: 'Whether every record still holds: all of them are read, which may take seconds',
    output: document('AuditVerification', {
      outcome: z.enum(['intact', 'tampered']),
      origin: z.string(),
      from: z.int(),
      to: z.int(),
      root: z.string().describe('The hash of the newest record that was read, in base64.'),
      fault: z.object({ seq: z.int(), reason: z.string() }).nullable(),
      checkpoints: z.int(),
      anchors: z.int(),
      stale: z.string().nullable().describe('Why nothing outside vouches for the newest records.'),
      at: z.string().describe('When the record was read.'),
    }),
    answer: async ({ app, verification }, { caller }) => {
      await requireAllowed(app, caller, 'audit.read')
      const { found, at } = await verification.now()
      const { source: _source, exitCode: _exit, ...json } = JSON.parse(verificationJson(found, 0)) as JsonObject
      return { json: { ...json, at } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/policy/explain',
    action: 'own',
    summary: 'What the policy decides about an act of whoever asks, and by which rules',
    input: z.strictObject({
      action: z.enum(scopes),
      targets: z.string().min(1).max(1_000).optional(),
      workflow: z.string().min(1).max(200).optional(),
    }),
    output: document('PolicyExplanation', {
      decisions: z.array(z.looseObject({ effect: z.string(), reason: z.string() })),
    }),
    answer: ({ app }, { caller, input }) => {
      const { action, targets, workflow } = input
      const chosen = targets === undefined ? [] : chosenDevices(inventoryFor(app, caller), targets)
      const request = {
        principal: caller.principal,
        action,
        at: app.clock.now(),
        devices: chosen.map(({ name, tags }) => ({ name, tags })),
        ...(workflow === undefined ? {} : { workflow }),
      }
      return {
        jsonText: explanationJson(request, explainPolicy(app.project, request, { perSwitch: targets !== undefined })),
      }
    },
  }),
]

const timeOf = (at: string | undefined): number | undefined => (at === undefined ? undefined : Date.parse(at))

/** A page of the records that are wanted, newest first, and the word behind which the next one goes on. */
export async function newestRecords(
  app: App,
  filter: RecordFilter,
  limit: number,
  after: string | undefined,
): Promise<{ readonly records: readonly AuditRecord[]; readonly next?: string }> {
  const isWanted = recordFilter(filter)
  const trail = trailOf(app)
  const records: AuditRecord[] = []
  let through = await firstLookedAt(app, filter.until, after)
  const since = (filter.since ?? Number.NEGATIVE_INFINITY) - SLACK
  while (through >= 1 && records.length < limit) {
    const from = Math.max(1, through - BATCH + 1)
    const rows = (await trail.records(from, through - from + 1)).map(auditRecord)
    if (isOlder(rows.at(-1), since)) return { records }
    for (const record of rows.toReversed()) {
      if (records.length < limit && isWanted(record.event)) records.push(record)
    }
    const last = records.at(-1)
    through = records.length === limit && last !== undefined ? last.event.seq - 1 : from - 1
  }
  return { records, ...(through >= 1 ? { next: wordFor(String(through + 1)) } : {}) }
}

const isOlder = (record: AuditRecord | undefined, since: number): boolean =>
  record !== undefined && Date.parse(record.event.at) < since

/** Several machines write, each by its own clock: records are in the order of their times but for so many milliseconds. */
const SLACK = 3_600_000

/** The newest record that a page may have: the last before `until`, and before the word of the page before. */
async function firstLookedAt(app: App, until: number | undefined, after: string | undefined): Promise<number> {
  const { seq } = await app.store.head()
  // The word is whatever somebody has sent: behind the newest record there is nothing to look at.
  const through = Math.min(seq, Math.floor(Number(placeOf(after) ?? seq + 1)) - 1)
  return until === undefined ? through : lastBefore(trailOf(app), until + SLACK, through)
}

/** The number of the last record up to `through` that was written before a time; 0 where there is none. Asks for one record at a time. */
async function lastBefore(trail: ReturnType<typeof trailOf>, time: number, through: number): Promise<number> {
  let [low, high] = [0, through]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [row] = await trail.records(middle, 1)
    if (row === undefined || Date.parse(auditRecord(row).event.at) < time) low = middle
    else high = middle - 1
  }
  return low
}
