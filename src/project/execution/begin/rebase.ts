import { kindOfPlan } from '../../../change/plan/carries.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { letsCarry } from '../../../change/policy/window.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutPlan } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { carryApprovals, hindered } from '../../approval/carry.ts'
import { importDecision } from '../../approval/import.ts'
import { planAsApproved } from '../../history/plans/settled-plan.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { savedChangeIn } from '../../plan/saved-change.ts'
import { requireSealed } from '../../plan/trusted-seal.ts'
import { type BeginOutcome, beginChange, type ChangeRequest } from './begin-change.ts'
import { planChange, unplanned } from './plan-change.ts'
import { begunUnder } from './run-key.ts'

export interface RebaseRequest {
  readonly plan: Plan
  readonly file: string
  readonly approvals?: Iterable<SignedStatement>
}

export interface RebasedChange extends Pick<ChangeRequest, 'noWait' | 'request'> {
  readonly approved: Plan
  readonly prepared: PreparedChange
  readonly made: Plan
}

/**
 * Requires what can be judged before the switches are asked: that whoever calls may start the change, that a rule of the policy lets approvals carry, that those of
 * this plan can (docs/approvals.md#an-approval-that-carries), and that the project's files are those of the plan. Throws `stale` by the name of what hinders, and as the policy does.
 */
export async function requireRebase(
  app: App,
  caller: Caller,
  { plan, file, approvals = [] }: RebaseRequest,
): Promise<Omit<RebasedChange, 'made'>> {
  requireSealed(plan, app)
  const approved = await approvedOf(app, plan)
  requireSealed(approved, app)
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(approved), plan: approved.digest })
  const isLet = letsCarry(app.project.policy()?.policy)
  const never = isLet ? kindOfPlan(approved) : ['no rule of the policy lets one: `carry: { kinds: [...] }`']
  if (never.length > 0) throw hindered(never)
  const { prepared } = await savedChangeIn(app, file, approved, undefined)
  for (const approval of approvals) await importDecision(app, caller, approved, approval)
  return { approved, prepared }
}

/** Throws as {@link requireRebase} and planning do. */
export async function plannedAgain(app: App, caller: Caller, request: RebaseRequest): Promise<RebasedChange> {
  const rebase = await requireRebase(app, caller, request)
  const asked = { prepared: rebase.prepared, skipUnreachable: false, rebases: rebase.approved.digest }
  const planned = await planChange(app, caller, asked)
  if (planned.plan === undefined) throw unplanned(app, planned)
  return { ...rebase, made: planned.plan }
}

/** Compared is always the plan that people approved. Throws `stale` by the name of what hinders, and as {@link beginChange} does. */
export async function beginRebased(app: App, caller: Caller, change: RebasedChange): Promise<BeginOutcome> {
  const { approved, made, ...asked } = change
  // Asked for once more under its key, it has used the approvals: they would not carry.
  const asSaved = { purpose: 'run', params: undefined, skipUnreachable: false } as const
  const known = asked.request && (await begunUnder(app, caller, asked.request, asSaved))
  if (known !== undefined) return { kind: 'known', id: known }
  // Whoever may not start the change moves no approval away from its plan.
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(made), plan: made.digest })
  return beginChange(app, caller, { ...asked, plan: await carryApprovals(app, caller, approved, made) })
}

// Throws `stale`.
async function approvedOf(app: RecordApp, plan: Plan) {
  const digest = plan.content.rebases
  if (digest === undefined) return plan
  const found = await app.store.planMade(digest)
  if (found === undefined) throw hindered([`the plan ${digest} that it was made again of is not on record`])
  return planAsApproved(app, { ref: found.plan, digest, what: 'the plan that it was made again of' })
}
