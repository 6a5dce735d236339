import type { AuditRecord } from '../../report/audit-record.ts'
import type { App } from '../app.ts'
import type { Asking } from '../caller.ts'
import { requireAllowed } from '../policy/authority.ts'
import { type RecordFilter, recordFilter } from './record-filter.ts'
import { auditRecord, batches } from './records.ts'
import { trailOf } from './trail-of.ts'

/** The records of the store that somebody asks for, in order. Throws `not-authorised`. */
export async function recordsWanted(app: App, caller: Asking, filter: RecordFilter): Promise<readonly AuditRecord[]> {
  await requireAllowed(app, caller, 'audit.read')
  const isWanted = recordFilter(filter)
  const wanted: AuditRecord[] = []
  for await (const rows of batches(trailOf(app), 1, (await app.store.head()).seq))
    wanted.push(...rows.map(auditRecord).filter(({ event }) => isWanted(event)))
  return wanted
}
