import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import { recordIn } from '../../../change/record/event/parse-event.ts'
import type { ChainRow } from '../../../change/record/seal/chain.ts'
import type { AuditRecord } from '../../../report/event-words/audit-record.ts'

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
