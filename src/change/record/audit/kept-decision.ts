import type { ApprovalSignature, ApprovalStatement } from '../../../model/approval.ts'
import type { Json } from '../../../model/json.ts'
import { recordedDecisionSchema } from '../event/approval-schema.ts'

export interface KeptDecision {
  readonly seq: number
  readonly statement: ApprovalStatement
  readonly signature?: ApprovalSignature
}

/** The decision that a record holds, by its body, which was parsed; undefined where it is one of a version that is not known here. */
export function keptDecisionIn(said: Json): KeptDecision | undefined {
  const read = recordedDecisionSchema.safeParse(said)
  return read.success ? read.data : undefined
}
