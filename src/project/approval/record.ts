import { sealOf } from '../../change/policy/statement.ts'
import type { AppendCondition } from '../../change/record/store/journal.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import type { UndoneBy } from './statement-of.ts'

export async function recordDecision(
  { store, key }: Pick<ProjectStore, 'store' | 'key'>,
  { principal }: SilentCaller,
  statement: ApprovalStatement,
  signature?: ApprovalSignature,
  undo?: UndoneBy,
  conditions: readonly AppendCondition[] = [],
): Promise<number> {
  const seal = sealOf(key.text, statement, signature)
  const signed = signature === undefined ? {} : { signature }
  const [record] = await store
    .as(principal)
    .append(undefined, [{ type: 'ApprovalDecided', statement, seal, ...signed, ...undo }], conditions)
  return record?.seq ?? 0
}
