import type { SealedExecutions } from '../../journal/audit/sealed-executions.ts'
import type { SignedSegmentSeal } from '../../journal/audit/segment-seal.ts'
import type { AuditVerification } from '../../report/audit-verification.ts'
import type { Measure } from './measure.ts'

/** A segment of version 1, which is any other with its seal taken off. */
const UNSEALED =
  'the segment is of version 1, which has no seal: whether a whole execution was taken out of it shows only where its store is verified with this file in segments/'

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
  return sealed.hasUnsealed ? { ...found, fault: { seq: found.from, reason: UNSEALED } } : found
}

/** Anybody can write a seal of a key of which nobody has the public half. */
function lostFault({ lost }: SignedSegmentSeal): string | undefined {
  return lost === undefined ? undefined : 'it is signed with a key that was lost, which nobody can verify'
}
