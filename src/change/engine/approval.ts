import { EosflowError } from '../../model/error.ts'
import { againHint, shownChange } from '../plan/settled.ts'
import type { ApprovalRefusal, ApprovalStage, ShownChange, Use } from '../policy/approval-case.ts'
import type { EventBody } from '../record/event/event.ts'
import type { ApprovalPort } from '../task/act/approval-port.ts'
import { factsOf } from '../workflow/machine/task-table.ts'
import { machineHolds } from '../workflow/machine/walk.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'

/** The approval of an execution's plan, and which uses of approvals belong on record with its first timed commit. */
export function approvalPort(
  ports: ChangePorts,
  ledger: Ledger,
  kept: KeptPlan,
): ApprovalPort & { uses(): readonly Use[] } {
  let uses: readonly Use[] = []
  const isAsked = machineHolds(ledger.state.machine, ({ task }) => factsOf(task)?.asksApproval === true)
  const judge = async (moment: ApprovalStage, change?: ShownChange): ReturnType<ChangePorts['approvals']['judge']> => {
    const plan = await kept.get()
    const judged = await ports.approvals.judge({
      moment,
      plan,
      recomputed: moment === 'commit' ? await kept.digestNow() : plan.digest,
      execution: ledger.state.id,
      starter: ledger.state.requester,
      isAsked,
      ...(change === undefined ? {} : { change }),
    })
    if (judged.status === 'approved') uses = judged.uses
    return judged
  }
  /** Puts on record which condition does not hold. */
  const refuse = async (refused: ApprovalRefusal): Promise<never> => {
    const { condition, reason, device } = refused
    const { digest } = await kept.get()
    const where = device === undefined ? {} : { device }
    await ledger.append({ type: 'ApprovalInvalidated', plan: digest, condition, reason, ...where })
    throw refusal(refused, againHint(await kept.get()))
  }
  return {
    uses: () => uses,
    obtain: async (signal) => {
      const first = await judge('start')
      if (first.status === 'approved') return 'approved'
      if (isFinal(first)) return refuse(first)
      const plan = await kept.get()
      await ledger.append(requestOf(plan.digest, first.decided))
      if ((await ports.approvals.ask(plan, first.reason, signal)) === 'nobody') {
        return first.status === 'expired' || first.status === 'unentitled' ? refuse(first) : 'waiting'
      }
      const second = await judge('start')
      if (second.status === 'missing') return 'waiting'
      return second.status === 'approved' ? 'approved' : refuse(second)
    },
    require: async (shown) => {
      const plan = await kept.get()
      const change = shown && shownChange(plan, shown.device, ports.planning.key, shown, ports.planning.scrub)
      const standing = await judge(change === undefined ? 'start' : 'commit', change)
      if (standing.status !== 'approved') await refuse(standing)
    },
    requireUnrevoked: async () => {
      const standing = await judge('confirm')
      if (standing.status !== 'approved') await refuse(standing)
    },
  }
}

function requestOf(plan: string, decided: number | undefined): EventBody {
  return { type: 'ApprovalRequested', plan, ...(decided === undefined ? {} : { decided }) }
}

/** Nobody's word can mend it. */
function isFinal({ status }: ApprovalRefusal): boolean {
  return status === 'rejected' || status === 'tampered' || status === 'stale'
}

const PLAN_AGAIN = 'Plan again and have the new plan approved.'

const NEXT: Readonly<Record<ApprovalRefusal['status'], string>> = {
  missing: 'Have the plan approved, then run again.',
  expired: 'Have the plan approved, then run again.',
  used: 'Have the plan approved, then run again.',
  unentitled: 'Have the plan approved by somebody whose approval counts, then run again.',
  tampered: 'Find out who has written to the store, then plan again.',
  rejected: 'A rejection is final: plan again.',
  stale: PLAN_AGAIN,
}

function refusal({ status, condition, reason, device }: ApprovalRefusal, again: string): EosflowError {
  return new EosflowError(status === 'stale' ? 'stale' : 'not-approved', reason, {
    hint: condition === 'drift' ? again : NEXT[status],
    ...(device === undefined ? {} : { device }),
  })
}
