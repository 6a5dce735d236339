import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import { lostWords } from '../../app/store/missing-words.ts'

export function withLost(found: AuditVerification, lost: FoundLostTail | undefined): AuditVerification {
  if (found.fault !== undefined || lost === undefined) return found
  return { ...found, fault: { seq: 0, reason: lostWords(lost) } }
}
