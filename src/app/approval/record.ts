import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { sealOf } from '../../policy/statement.ts'
import type { Desk } from '../desk.ts'

/** Puts a decision on record, under the seal of the store. */
export async function recordDecision(
  { store, key }: Pick<Desk, 'store' | 'key'>,
  statement: ApprovalStatement,
  signature?: ApprovalSignature,
): Promise<void> {
  const seal = sealOf(key, statement, signature)
  const signed = signature === undefined ? {} : { signature }
  await store.append(undefined, [{ type: 'ApprovalDecided', statement, seal, ...signed }])
}
