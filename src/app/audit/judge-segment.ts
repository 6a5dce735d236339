import type { SealedExecutions } from '../../journal/audit/sealed-executions.ts'
import type { SignedSegmentSeal } from '../../journal/audit/segment-seal.ts'
import type { AuditVerification } from '../../report/audit-verification.ts'
import type { Measure } from './measure.ts'

/** Holds the seals of a segment against the key. One that has none does not verify by itself. */
export function withSeals(
  found: AuditVerification,
  sealed: SealedExecutions | undefined,
  { verifier }: Measure,
): AuditVerification {
  if (sealed === undefined || found.fault !== undefined) return found
  const opened = verifier === undefined ? [] : sealed.notes.map((note) => verifier.openSegment(note))
  const bad = opened.map((one) => ('fault' in one ? one.fault : lostFault(one))).find((one) => one !== undefined)
  if (bad !== undefined)
    return { ...found, fault: { seq: found.from, reason: `the seal of the segment is not to be trusted: ${bad}` } }
  return found
}

/** Anybody can write a seal of a key of which nobody has the public half. */
function lostFault({ lost }: SignedSegmentSeal): string | undefined {
  return lost === undefined ? undefined : 'it is signed with a key that was lost, which nobody can verify'
}
