import type { SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { kindOfPlan } from '../../plan/carries.ts'
import type { Plan, ShownPlan } from '../../plan/plan.ts'
import type { PreparedChange } from '../../plan/prepare.ts'
import { letsCarry } from '../../policy/carried.ts'
import { count, short } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import type { App } from '../app.ts'
import { approvedPlan, mayCarry } from '../approval/carried.ts'
import { carryApprovals, hindered } from '../approval/carry.ts'
import { importDecision } from '../approval/import.ts'
import { approvalTally } from '../approval/tally.ts'
import type { Caller, SilentCaller } from '../caller.ts'
import { planChange } from '../plan/plan-change.ts'
import { savedChange } from '../plan/saved-change.ts'
import { requireSealed } from '../plan/trusted-seal.ts'
import { requireAllowed } from '../policy/authority.ts'
import { aboutPlan } from '../policy/entry.ts'
import { type BeginOutcome, beginChange, type ChangeRequest } from './begin-change.ts'
import { begunUnder } from './run-key.ts'

/** An approved plan that is to be made again on the bases as they are, or a plan that was made again. */
export interface RebaseRequest {
  readonly plan: Plan
  /** How its file was named. */
  readonly file: string
  /** The signed approvals that came with it. */
  readonly approvals?: Iterable<SignedStatement>
}

/** The plan that people approved, and its change as the project's files give it now. */
export interface Rebase {
  readonly approved: Plan
  readonly prepared: PreparedChange
}

/** A plan that was made again, whose change is to begin with the approvals of the approved one. */
export interface RebasedChange extends Rebase, Pick<ChangeRequest, 'noWait' | 'request'> {
  readonly made: Plan
}

/**
 * Requires what can be judged before the switches are asked: that whoever calls may start the change, that a rule of the policy lets approvals carry, that those of
 * this plan can (docs/approvals.md#an-approval-that-carries), and that the project's files are those of the plan. Throws `stale` by the name of what hinders, and as the policy does.
 */
export async function requireRebase(
  app: App,
  caller: Caller,
  { plan, file, approvals }: RebaseRequest,
): Promise<Rebase> {
  requireSealed(plan, app)
  const approved = await approvedOf(app, plan)
  requireSealed(approved, app)
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(approved), plan: approved.digest })
  const policy = app.project.policy()?.policy
  if (policy === undefined || !letsCarry(policy)) throw hindered(['no rule of the policy lets one: `carry: sameDiff`'])
  const kinds = kindOfPlan(approved).map(({ reason }) => reason)
  if (kinds.length > 0) throw hindered(kinds)
  const { prepared } = await savedChange(app, app.project, file, approved, undefined)
  for (const approval of approvals ?? []) await importDecision(app, caller, approved, approval)
  return { approved, prepared }
}

/**
 * Whether the approvals that a plan has would carry for whoever calls, as far as the record and the policy say: a rule lets them, its kind does, and there are enough
 * of them although the caller asks for the change, too. `made` is the plan to which they would, where there is one. What the switches run decides the rest.
 */
export async function mayRebase(
  app: App,
  { principal }: SilentCaller,
  plan: ShownPlan,
  made?: ShownPlan,
): Promise<boolean> {
  const policy = app.project.policy()?.policy
  const { rebases: _, ...content } = plan.content
  if (policy === undefined || !letsCarry(policy) || !mayCarry(plan) || kindOfPlan({ content }).length > 0) return false
  const requesters = [...content.requesters, ...(made?.content.requesters ?? []), principal]
  const asked = { ...plan, content: { ...plan.content, requesters } }
  const { have, needed, isRejected } = await approvalTally(app, asked, undefined, principal)
  return have >= needed && !isRejected
}

/** Plans an approved change again, on what its switches run now. Throws as {@link requireRebase} and planning do. */
export async function plannedAgain(app: App, caller: Caller, request: RebaseRequest): Promise<RebasedChange> {
  const { approved, prepared } = await requireRebase(app, caller, request)
  const planned = await planChange(app, caller, { prepared, skipUnreachable: false, rebases: approved.digest })
  if (planned.plan === undefined) throw unplanned(planned.state)
  return { approved, prepared, made: planned.plan }
}

/**
 * Carries the approvals of a plan to the one that was made again, and begins the change of that; of the approved one, where nothing of its bases has changed. Compared is
 * always the plan that people approved. Throws `stale` by the name of what hinders, and as {@link beginChange} does.
 */
export async function beginRebased(app: App, caller: Caller, change: RebasedChange): Promise<BeginOutcome> {
  const { approved, made, request } = change
  // Asked for once more under its key, it has used the approvals: they would not carry.
  const known = request === undefined ? undefined : await begunUnder(app, caller, request, SAVED_PLAN)
  if (known !== undefined) return { kind: 'known', id: known }
  // Whoever may not start the change moves no approval away from its plan.
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(made), plan: made.digest })
  const plan = await carriedPlan(app, caller, { approved, made })
  const { approved: _approved, made: _made, ...asked } = change
  return beginChange(app, caller, { ...asked, plan })
}

/** What the change of a saved plan is asked for with. */
const SAVED_PLAN = { purpose: 'run', params: undefined, skipUnreachable: false } as const

/** The plan that is to be sent: the one that was made again, or the approved one where nothing of its bases has changed. */
async function carriedPlan(
  app: App,
  caller: Caller,
  { approved, made }: Pick<RebasedChange, 'approved' | 'made'>,
): Promise<Plan> {
  const carried = await carryApprovals(app, caller, approved, made)
  if (carried === undefined) {
    caller.tell('the switches run what the plan was approved on: it is run as it is\n')
    return approved
  }
  const { approvers, rules, differences } = carried
  const where = differences.map(({ device, block }) => `${device} ${block}`).join('; ')
  caller.tell(
    visibleLine(
      `plan ${short(made.digest)} rebases ${short(approved.digest)}: ${count(approvers.length, 'approval')} carried by ${rules.join(', ')} (${approvers.join(', ')}); elsewhere has changed: ${where}`,
    ) + '\n',
  )
  return made
}

/** The plan that people approved: of one that was made again itself, the first. Throws `stale`. */
async function approvedOf(app: App, plan: Plan): Promise<Plan> {
  const from = plan.content.rebases
  if (from === undefined) return plan
  const [carried] = await app.store.carried(from)
  if (carried !== undefined) return approvedPlan(app.store, carried)
  const first = await app.store.planMade(from)
  if (first !== undefined) return approvedPlan(app.store, { plan: from, approved: first.plan })
  throw hindered([`the plan ${from} that it was made again of is not on record: name that plan`])
}

function unplanned({
  id,
  compensation,
}: Extract<Awaited<ReturnType<typeof planChange>>, { state: unknown }>['state']): EosflowError {
  const error = compensation?.error
  if (error === undefined) return new EosflowError('stale', `no plan was made: ${id}`, { hint: `See ${id}.` })
  const { kind, message, device, hint } = error
  return new EosflowError(kind, message, {
    ...(device === undefined ? {} : { device }),
    ...(hint === undefined ? {} : { hint }),
  })
}
