import { readState } from '../../change/engine/fold.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import type { RecordApp } from '../app/app.ts'
import { type NamedPlan, planNamed } from '../history/plans/plan-source.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { requireState } from '../plan/require-state.ts'
import { hinted } from '../system/process/hinted.ts'
import { importDecision } from './import.ts'
import type { DecisionResult } from './take-decision.ts'

export type ImportedDecision = DecisionResult & Pick<NamedPlan, 'plan' | 'execution'>

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
