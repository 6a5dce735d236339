import type { Plan } from '../../change/plan/plan.ts'
import { otherStore } from '../../change/policy/approval.ts'
import { statementText } from '../../change/policy/statement.ts'
import type { RecordedDecision } from '../../change/record/store/store.ts'
import type { ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { passkeysOf, reviewersOf, trustOf } from '../identity/signers/trust.ts'
import { hinted } from '../system/process/hinted.ts'
import { signerOf, trustHere } from './signer.ts'
import { type DecisionResult, type ProvedAnswer, takeDecision, useless } from './take-decision.ts'

/**
 * Takes a signed decision from elsewhere onto the record, once everything that can be known of it now is good: the digest, the
 * signature, its time, and whether its signer may decide. One that is on record already is left as it is. A refusal is put on
 * record and throws `not-approved`, or `stale` when it is about another plan.
 */
export async function importDecision(
  app: RecordApp,
  caller: SilentCaller,
  plan: Plan,
  signed: SignedStatement & Pick<ProvedAnswer, 'undo'>,
): Promise<DecisionResult> {
  const { statement, signature, undo } = signed
  const before = await app.store.approvals(plan.digest)
  const again = async () => {
    const refused = await whyNot(app, caller, { plan, before }, signed)
    if (refused !== undefined) throw await refuse(app, caller, statement, refused)
  }
  await again()
  if (twinOf(before, statement) !== undefined) return { statement }
  return takeDecision(
    app,
    caller,
    plan,
    { statement, signature, principal: statement.approver, judged: { again }, ...(undo && { undo }) },
    before,
  )
}

interface Decided {
  readonly plan: Plan
  readonly before: readonly RecordedDecision[]
}

function twinOf(before: readonly RecordedDecision[], { nonce }: ApprovalStatement): ApprovalStatement | undefined {
  return before.find(({ event }) => event.statement.nonce === nonce)?.event.statement
}

/** Puts on record that a decision was handed in and not taken, and gives why, to be thrown. */
export async function refuse(
  { store }: Pick<RecordApp, 'store'>,
  { principal }: SilentCaller,
  { plan, approver, nonce }: ApprovalStatement,
  why: EosflowError,
): Promise<EosflowError> {
  const about = { plan, reason: why.message, claimed: approver.id, nonce }
  await store.as(principal).append(undefined, [{ type: 'ApprovalRefused', ...about }])
  return why
}

async function whyNot(
  app: RecordApp,
  caller: SilentCaller,
  { plan, before }: Decided,
  { statement, signature }: SignedStatement,
) {
  const { project } = app
  if (statement.plan !== plan.digest) {
    return new EosflowError(
      'stale',
      `the approval is of the plan ${visibleLine(statement.plan)}, and this plan is ${plan.digest}`,
      {
        hint: 'Have this plan approved.',
      },
    )
  }
  const now = app.clock.now()
  const trusted = { signers: trustOf(project), passkeys: passkeysOf(project), reviewers: reviewersOf(project) }
  const trust = { ...trusted, ...trustHere(app), now }
  const signer = await signerOf(statement, signature, trust)
  if (signer.status !== 'proved') {
    const isUnknown = signature.kind === 'ssh' && signer.status === 'untrusted'
    return isUnknown ? unknownKey(app, signer.reason) : refusal(signer.reason)
  }
  const elsewhere = otherStoreOf(app, caller, statement) ?? rejectedBefore(before, statement)
  if (elsewhere !== undefined) return elsewhere
  const misuse = await misuseOf(app, { plan, before }, statement)
  if (misuse !== undefined) return refusal(misuse)
  const { effect, reason } = termsOf(app, caller).mayDecide(statement, signer.principal, plan)
  if (effect === 'deny') return refusal(reason)
  return twinOf(before, statement) !== undefined
    ? undefined
    : useless(app, plan, { statement, principal: signer.principal })
}

/**
 * Why an approval is for another store than this one; undefined where it is for this one, or the policy takes those of any. A rejection
 * counts wherever it is brought.
 */
export function otherStoreOf(
  app: RecordApp,
  caller: SilentCaller,
  { decision, store = '' }: ApprovalStatement,
): EosflowError | undefined {
  const { id } = app.store
  if (decision === 'reject' || store === id || termsOf(app, caller).anyStore) return undefined
  return new EosflowError('not-approved', `the decision is not accepted: ${otherStore(visibleLine(store), id)}`, {
    ...hinted(app, { code: 'store-id' }),
  })
}

/** Why a plan can no longer be approved here: somebody has rejected it, by the decisions about it that are on record. */
export function rejectedBefore(
  before: readonly RecordedDecision[],
  { decision }: ApprovalStatement,
): EosflowError | undefined {
  if (decision === 'reject') return undefined
  const found = before.find(({ event }) => event.statement.decision === 'reject')
  if (found === undefined) return undefined
  const { id } = found.event.statement.approver
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(id)} has rejected this plan`, {
    hint: 'A rejection is final: plan another change.',
  })
}

async function misuseOf(app: RecordApp, { plan, before }: Decided, statement: ApprovalStatement) {
  const { nonce, decision, expires, policy } = statement
  if (!/^[0-9a-f]{32}$/.test(nonce)) return 'its nonce is not 32 hex digits'
  if (policy !== plan.content.policy) return 'it was made under another policy than the plan'
  const twin = twinOf(before, statement)
  if (twin !== undefined && statementText(twin) !== statementText(statement)) {
    return 'its nonce is that of another decision on record'
  }
  const now = Math.max(app.clock.now(), Date.parse((await app.store.head()).latest ?? '1970-01-01T00:00:00Z'))
  return decision === 'approve' && now >= Date.parse(expires) ? `the approval expired at ${expires}` : undefined
}

function unknownKey(app: RecordApp, reason: string) {
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(reason)}`, {
    ...hinted(app, { code: 'trust-key' }),
  })
}

/** A decision that is not taken, and why. */
export function refusal(reason: string): EosflowError {
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(reason)}`, {
    hint: 'Nothing was approved by it.',
  })
}
