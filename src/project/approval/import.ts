import { readState } from '../../change/engine/fold.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { otherStore } from '../../change/policy/approval.ts'
import { statementText } from '../../change/policy/statement.ts'
import type { RecordedDecision } from '../../change/record/store/store.ts'
import type { ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import { type NamedPlan, planNamed } from '../history/plans/plan-source.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { passkeysOf, reviewersOf, trustOf } from '../identity/signers/trust.ts'
import { requireState } from '../plan/require-state.ts'
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

type ImportedDecision = DecisionResult & Pick<NamedPlan, 'plan' | 'execution'>

/** Puts a signed decision on record. Throws as {@link importAbout} does, `stale` where no execution has made the plan. */
export async function importFrom(
  app: RecordApp,
  caller: SilentCaller,
  word: string | undefined,
  signed: SignedStatement,
): Promise<ImportedDecision> {
  const named = await planNamed(app, word ?? (await executionOfPlan(app, signed.statement.plan)))
  return importAbout(app, caller, { ...named, word: word ?? named.plan.content.workflow.file }, signed)
}

/** The same about a plan that was read already; `word` is what it is called. Throws as {@link importDecision} does, `not-approved` where nothing is left to approve. */
export async function importAbout(
  app: RecordApp,
  caller: SilentCaller,
  { plan, execution, word }: NamedPlan & { readonly word: string },
  signed: SignedStatement,
): Promise<ImportedDecision> {
  if (signed.statement.decision === 'approve') requireState(app, plan, word)
  const taken = await importDecision(app, caller, plan, signed)
  await requireUnused(app, plan, signed)
  return { ...taken, plan, ...definedMembers({ execution }) }
}

// Throws `not-approved` for a decision that is on record and can approve nothing any more: executions have used it.
async function requireUnused(app: RecordApp, { digest }: Plan, { statement }: SignedStatement) {
  const uses = (await app.store.approvalUses(digest)).filter(({ nonce }) => nonce === statement.nonce)
  if (uses.length < statement.maxRuns) return
  const by = uses.map(({ execution = 'an execution' }) => execution).join(', ')
  throw new EosflowError('not-approved', `the approval is used already, by ${by}`, {
    hint: 'Nothing more is approved by it: have the plan approved again.',
  })
}

/** Throws `stale` when none here has made it. */
export async function executionOfPlan(app: RecordApp, digest: string): Promise<string> {
  for (const id of await app.store.executionIds()) {
    if ((await readState(app.store, id)).plan?.digest === digest) return id
  }
  throw new EosflowError('stale', `no execution here has the plan ${visibleLine(digest)}`, {
    ...hinted(app, { code: 'name-plan-of-decision' }),
  })
}
