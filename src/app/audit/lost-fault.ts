import type { AuditVerification } from '../../report/audit-verification.ts'
import type { LostTailFound } from '../store/missing-records.ts'
import { lostWords } from '../store/missing-words.ts'

/** What was found of a store, with what it lacks: every record that is there may hold, and the store is not the one that was acknowledged. */
export function withLost(found: AuditVerification, lost: LostTailFound | undefined): AuditVerification {
  if (found.fault !== undefined || lost === undefined) return found
  return { ...found, fault: { seq: 0, reason: lostWords(lost) } }
}
