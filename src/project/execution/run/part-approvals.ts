import { foldAll } from '../../../change/engine/fold.ts'
import type { ApprovalQuestion, Approvals } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { judgeApprovals } from '../../../change/policy/approval.ts'
import type { ApprovalRefusal } from '../../../change/policy/approval-case.ts'
import { factsOf } from '../../../change/workflow/machine/task-table.ts'
import { machineHolds } from '../../../change/workflow/machine/walk.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App } from '../../app/app.ts'
import { approvalCases } from '../../approval/case.ts'
import { caseSources } from '../../approval/case-sources.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { type DemandsOfPlan, demandsNow } from '../../plan/planning.ts'

/**
 * The approvals of a part of a change over several sites: those of the whole's plan, and only while the part's own plan is the one that is named
 * there, and what its workflow gives. Nobody is asked about the part alone. Throws `stale` where the whole cannot be read.
 */
export async function partApprovals(
  app: App,
  caller: SilentCaller,
  part: ExecutionState,
  ownDemands: DemandsOfPlan,
): Promise<Approvals> {
  const { of = '', site = '' } = part.sites.part ?? {}
  const read = async (): Promise<ExecutionState> => foldAll(of, await app.store.read(of))
  const began = await read()
  const isAsked = machineHolds(began.machine, ({ task }) => factsOf(task)?.asksApproval === true)
  const caseOf = approvalCases({
    ...caseSources(app, caller, began, undefined),
    demands: demandsNow(app, caller, began),
  })
  return {
    ask: async () => 'nobody',
    judge: async (question) => {
      const whole = await read()
      const plan = await planOf(app, whole)
      const other = notCovered(question, plan, site, ownDemands)
      if (other !== undefined) return other
      const judged = judgeApprovals(
        await caseOf({
          ...question,
          plan,
          recomputed: plan.digest,
          execution: whole.id,
          starter: whole.requester,
          isAsked,
        }),
      )
      // The whole has used the approval up when it let its parts push.
      return judged.status === 'approved' ? { ...judged, uses: [] } : judged
    },
  }
}

async function planOf(app: App, whole: ExecutionState): Promise<Plan> {
  const plan = await settledPlan(app, whole, false)
  if (plan !== undefined && plan.digest === whole.plan?.digest) return plan
  throw new EosflowError('stale', `${whole.id}, of which this is a part, has no plan that can be read`)
}

/** Why a plan of a site is not one that the whole's plan approves with itself. */
function notCovered(
  { plan, recomputed, moment }: ApprovalQuestion,
  whole: Plan,
  site: string,
  demands: DemandsOfPlan,
): ApprovalRefusal | undefined {
  if (plan.digest !== recomputed) {
    return stale('digest', `the stored plan has the digest ${recomputed}, not ${plan.digest}`)
  }
  const named = whole.content.sites?.find((one) => one.site === site)?.plan
  if (named !== plan.digest) {
    return stale('digest', `the approved plan has ${named ?? 'no plan'} for ${site}, not ${plan.digest}`)
  }
  if (moment === 'confirm') return undefined
  const moved = Object.entries(demands(plan)).find(([, { planned, found }]) => planned !== found)
  if (moved === undefined) return undefined
  return stale('definition', `what the workflow gives for \`${moved[0]}\` has changed since the plan was made`)
}

function stale(condition: ApprovalRefusal['condition'], reason: string): ApprovalRefusal {
  return { status: 'stale', condition, reason }
}
