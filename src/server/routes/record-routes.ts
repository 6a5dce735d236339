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
import { scopes } from '../../model/principal.ts'
import { auditListJson } from '../../report/audit-list.ts'
import type { AuditRecord } from '../../report/audit-record.ts'
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
      const { limit, after, ...filter } = input
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
  const { seq } = await app.store.head()
  // The word is whatever somebody has sent: behind the newest record there is nothing to look at.
  let through = Math.min(seq, Math.floor(Number(placeOf(after) ?? seq + 1)) - 1)
  while (through >= 1 && records.length < limit) {
    const from = Math.max(1, through - BATCH + 1)
    const rows = await trail.records(from, through - from + 1)
    for (const record of rows.map(auditRecord).toReversed()) {
      if (records.length < limit && isWanted(record.event)) records.push(record)
    }
    const last = records.at(-1)
    through = records.length === limit && last !== undefined ? last.event.seq - 1 : from - 1
  }
  return { records, ...(through >= 1 ? { next: wordFor(String(through + 1)) } : {}) }
}
