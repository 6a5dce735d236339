import { BrokenChainError, type ChainFault } from '../../../change/record/seal/chain.ts'
import { isHindrance } from '../../../change/record/sqlite/connection.ts'
import { OutageError } from '../../../change/record/store/outage.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { InputError } from '../../system/process/input-error.ts'

/**
 * The verdict about a store that could not be read to its end because of what is in it: that is no store which holds. Throws what says nothing of
 * that: a database or a disk that is away, a layout or a record of another version, a key that is not here.
 */
export function unreadable(error: unknown, source: string): AuditVerification {
  return nothingRead(source, faultOf(error))
}

export function nothingRead(source: string, fault: ChainFault): AuditVerification {
  return {
    source,
    origin: '',
    from: 1,
    to: 0,
    root: '',
    fault,
    own: 0,
    anchors: 0,
    keyed: false,
    retirements: [],
    signed: { verified: 0, unchecked: 0 },
    lost: 0,
    stale: undefined,
    unvouched: undefined,
  }
}

function faultOf(error: unknown): ChainFault {
  if (error instanceof BrokenChainError) return { seq: error.seq, reason: error.reason }
  if (error instanceof InputError || error instanceof OutageError || isHindrance(error)) throw error
  const isOfContent = !(error instanceof EosflowError) || (error.kind === 'store' && error.cause !== undefined)
  if (!isOfContent) throw error
  const said = messageOf(error)
  return { seq: 0, reason: `what is in it cannot be read: ${said}` }
}
