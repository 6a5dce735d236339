import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import type { Signer } from '../../policy/approval-case.ts'

/** Who stands behind a decision on record: the local user by the seal of the record alone. */
export async function signerOf(
  statement: ApprovalStatement,
  signature: ApprovalSignature | undefined,
): Promise<Signer> {
  if (signature === undefined) return { status: 'proved', principal: statement.approver }
  return { status: 'forged', reason: `a ${signature.kind} signature is not verified here` }
}
