import type { SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { kindOfPlan } from '../../plan/carries.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PreparedChange } from '../../plan/prepare.ts'
import { letsCarry } from '../../policy/carried.ts'
import { count, short } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import type { App } from '../app.ts'
import { approvedPlan } from '../approval/carried.ts'
import { carryApprovals, hindered } from '../approval/carry.ts'
import { importDecision } from '../approval/import.ts'
import type { Caller } from '../caller.ts'
import { planChange } from '../plan/plan-change.ts'
import { savedChange } from '../plan/saved-change.ts'
import { requireSealed } from '../plan/trusted-seal.ts'

/** An approved plan that is to be made again on the bases as they are. */
export interface RebaseRequest {
  readonly plan: Plan
  /** How its file was named. */
  readonly file: string
  /** The signed approvals that came with it. */
  readonly approvals?: Iterable<SignedStatement>
}

/** The plan that is to be sent: the one that was made again, or the approved one where nothing of its bases has changed. */
export interface RebasedChange {
  readonly prepared: PreparedChange
  readonly plan: Plan
}

/**
 * Plans an approved change again, on what its switches run now, and carries its approvals to that plan where a rule of the policy lets them and nothing that
 * the change touches is another (docs/approvals.md#an-approval-that-carries). Compared is always the plan that people approved. Throws `stale` by the name of what
 * hinders, and as planning and the policy do.
 */
export async function rebased(
  app: App,
  caller: Caller,
  { plan, file, approvals }: RebaseRequest,
): Promise<RebasedChange> {
  requireSealed(plan, app)
  const approved = await approvedOf(app, plan)
  requireSealed(approved, app)
  const policy = app.project.policy()?.policy
  if (policy === undefined || !letsCarry(policy)) throw hindered(['no rule of the policy lets one: `carry: sameDiff`'])
  const kinds = kindOfPlan(approved).map(({ reason }) => reason)
  if (kinds.length > 0) throw hindered(kinds)
  const { prepared } = await savedChange(app, app.project, file, approved, undefined)
  for (const approval of approvals ?? []) await importDecision(app, caller, approved, approval)
  const planned = await planChange(app, caller, { prepared, skipUnreachable: false, rebases: approved.digest })
  if (planned.plan === undefined) throw unplanned(planned.state)
  const made = planned.plan
  const carried = await carryApprovals(app, caller, approved, made)
  if (carried === undefined) {
    caller.tell('the switches run what the plan was approved on: it is run as it is\n')
    return { prepared, plan: approved }
  }
  const { approvers, rules, differences } = carried
  const where = differences.map(({ device, block }) => `${device} ${block}`).join('; ')
  caller.tell(
    visibleLine(
      `plan ${short(made.digest)} rebases ${short(approved.digest)}: ${count(approvers.length, 'approval')} carried by ${rules.join(', ')} (${approvers.join(', ')}); elsewhere has changed: ${where}`,
    ) + '\n',
  )
  return { prepared, plan: made }
}

/** The plan that people approved: of one that was made again itself, the first. Throws `stale`. */
async function approvedOf(app: App, plan: Plan): Promise<Plan> {
  const from = plan.content.rebases
  if (from === undefined) return plan
  const [carried] = await app.store.carried(from)
  if (carried !== undefined) return approvedPlan(app.store, carried)
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
