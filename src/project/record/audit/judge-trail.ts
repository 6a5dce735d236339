import type { CheckpointVerifier } from '../../../change/record/audit/checkpoint-key.ts'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import { lostWords } from '../../app/store/missing-words.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { judgedChains, type Measure } from './judge-chains.ts'

export interface StoreEvidence {
  readonly installKey?: InstallKeys
  readonly verifier?: CheckpointVerifier
}

export type JudgedStore = AuditVerification & Pick<ChainsTrail, 'missing' | 'missed'>

/** `source` is where it was read. */
export function judgedTrail(
  trail: ChainsTrail,
  source: string,
  { installKey, verifier: beside }: StoreEvidence,
  measure: Measure,
): JudgedStore {
  const verifier = measure.verifier ?? (trail.keyed || installKey === undefined ? beside : undefined)
  const { lacking, unread, missing, missed } = trail
  const found = { ...judgedChains(trail, source, { ...measure, verifier }), lacking, unread, missing, missed }
  // The store itself names its key, so who rewrites a store can name another: what nothing vouches for then does not hold.
  const isStrange = installKey !== undefined && !trail.keyed && measure.verifier === undefined
  if (installKey === undefined && found.fault === undefined) return { ...found, unjudged: UNJUDGED }
  return withFault(found, isStrange ? otherKey(measure) : undefined)
}

/** The same with a fault, where there is a reason and no fault was found before. */
export function withFault<Found extends AuditVerification>(found: Found, reason: string | undefined, seq = 0): Found {
  return found.fault !== undefined || reason === undefined ? found : { ...found, fault: { seq, reason } }
}

// Seals and texts are under the install key alone: whoever has it not can say nothing of them.
const UNJUDGED = 'the install key is not here, so no seal of the newest records and no encrypted text was judged'

export function withMissing(found: AuditVerification, missing: ChainsTrail['missing']): AuditVerification {
  const [first] = missing
  if (first === undefined) return found
  const files = missing.map(({ file }) => file).join(', ')
  const are = missing.length === 1 ? 'the segment is' : `${missing.length} segments are`
  return withFault(found, `${are} missing: ${files}; everything else holds`, first.first)
}

function otherKey({ words }: WordedHost) {
  const said =
    'it says that it was written under another key than the one here, so neither its seal nor a checkpoint can be judged'
  return `${said}: ${words({ code: 'other-key' })}`
}

export function withLost(found: AuditVerification, lost: FoundLostTail | undefined): AuditVerification {
  return withFault(found, lost && lostWords(lost))
}
