import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { recordedDecisionSchema } from '../approval-schema.ts'

/** A decision about a plan, as a record holds it: who verifies the record verifies what was signed in it, too. */
export interface KeptDecision {
  readonly seq: number
  readonly statement: ApprovalStatement
  readonly signature?: ApprovalSignature
}

/** What a record must hold to be one, before it is parsed. */
const DECIDED = '"type":"ApprovalDecided"'

/** The decision that the body of a record holds; undefined where it is another record, or one of a version that is not known here. */
export function keptDecisionIn(body: string): KeptDecision | undefined {
  if (!body.includes(DECIDED)) return undefined
  const read = recordedDecisionSchema.safeParse(JSON.parse(body))
  return read.success ? read.data : undefined
}
