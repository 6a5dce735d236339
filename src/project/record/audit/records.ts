import { hostname } from 'node:os'
import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import { recordIn } from '../../../change/record/event/record-text.ts'
import type { ChainRow } from '../../../change/record/seal/chain.ts'
import { VERSION } from '../../../model/version.ts'
import type { AuditRecord, AuditSource } from '../../../report/event-words/history.ts'
import type { RecordApp } from '../../app/app.ts'
import { trailOf } from '../../history/trail-of.ts'

const BATCH = 500

/** The records from `from` up to `through`, verified, some at a time. */
export async function* batches(audit: AuditTrail, from: number, through: number): AsyncGenerator<readonly ChainRow[]> {
  for (let next = from; next <= through; ) {
    const rows = await audit.records(next, Math.min(BATCH, through - next + 1))
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    next = last.seq + 1
  }
}

export function auditRecord({ seq, body, hash }: ChainRow): AuditRecord {
  return { event: recordIn({ seq, body }), body, hash: Buffer.from(hash).toString('hex') }
}

export function sourceOf(app: RecordApp): AuditSource {
  const { enterprise } = app.project.settings.audit
  return { origin: trailOf(app).origin, host: hostname(), version: VERSION, enterprise }
}
