import type { ShownPlan } from '../../change/plan/plan.ts'
import { sealOf, statementFor } from '../../change/policy/statement.ts'
import type { ArtefactRef } from '../../change/record/event/artefact-ref.ts'
import type { AppendCondition } from '../../change/record/store/journal.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import type { Random } from '../../model/random.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { systemRandom } from '../system/machine/system-random.ts'

// How long an approval holds when the workflow does not say, in seconds.
const DEFAULT_EXPIRES = 14_400

/** For how many milliseconds an approval of a plan holds. */
export function holdsFor({ content }: ShownPlan): number {
  return (content.approve?.expires ?? DEFAULT_EXPIRES) * 1000
}

export interface Choice {
  readonly decision: 'approve' | 'reject'
  readonly comment: string
  readonly maxRuns?: number
  /** For how many milliseconds it holds. */
  readonly holds?: number
  readonly undo?: UndoneBy
}

export interface UndoneBy {
  readonly undoes: string
  readonly undo: ArtefactRef
}

/** A decision about a plan, made now; its nonce is drawn from `names`. Throws `stale` for a plan that names no store: nothing would count the uses of its approval. */
export function statementOf(
  plan: ShownPlan,
  choice: Choice,
  approver: Principal,
  now: number,
  names: Pick<Random, 'hex'> = systemRandom,
): ApprovalStatement {
  const validFor = Math.min(choice.holds ?? Number.POSITIVE_INFINITY, holdsFor(plan))
  const nonce = names.hex(16)
  return statementFor({
    ...choice,
    // Half of a character is in no canonical JSON, so nothing could be signed.
    comment: choice.comment.replace(/\p{Surrogate}/gu, '\ufffd'),
    plan: plan.digest,
    store: storeOf(plan),
    approver,
    now,
    validFor,
    nonce,
    policy: plan.content.policy,
  })
}

function storeOf({ evidence: { store } }: ShownPlan) {
  if (store !== undefined) return store
  throw new EosflowError('stale', 'the plan names no store that its approvals are for', { hint: 'Plan again.' })
}

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
