import { EosflowError, unreachable } from '../model/error.ts'
import type { ApprovalPort } from '../task/context.ts'
import { machineHolds } from '../workflow/walk.ts'
import { loadPlan } from './change.ts'
import type { Ledger } from './ledger.ts'
import type { ApprovalStanding, ChangePorts } from './ports.ts'

/** The approval of an execution's plan. A machine without an approve state, at any depth, needs none. */
export function approvalPort(ports: ChangePorts, ledger: Ledger): ApprovalPort & { nonce(): string | undefined } {
  let nonce: string | undefined
  const needed = machineHolds(ledger.state.machine, ({ task }) => task === 'approve')

  const judge = async (): Promise<ApprovalStanding> => {
    const { plan, id } = ledger.state
    if (plan === undefined) throw new EosflowError('bug', 'nothing to approve yet')
    const standing = await ports.approvals.judge(plan.digest, id)
    if (standing.status === 'approved') nonce = standing.nonce
    return standing
  }
  return {
    nonce: () => nonce,
    obtain: async () => {
      const first = await judge()
      if (first.status === 'approved') return 'approved'
      if (first.status === 'rejected' || first.status === 'tampered') throw refusal(first)
      const plan = await loadPlan(ports, ledger)
      await ledger.append({ type: 'ApprovalRequested', plan: plan.digest })
      if ((await ports.approvals.ask(plan, first.reason)) === 'nobody') {
        if (first.status === 'expired') throw refusal(first)
        return 'waiting'
      }
      const second = await judge()
      if (second.status === 'approved') return 'approved'
      throw refusal(second)
    },
    require: async () => {
      if (!needed) return
      const standing = await judge()
      if (standing.status !== 'approved') throw refusal(standing)
    },
    requireUnrevoked: async () => {
      if (!needed) return
      const standing = await judge()
      if (standing.status === 'rejected' || standing.status === 'tampered') throw refusal(standing)
    },
  }
}

function refusal(standing: ApprovalStanding): EosflowError {
  switch (standing.status) {
    case 'approved':
      return new EosflowError('bug', 'an approval was refused')
    case 'missing':
    case 'rejected':
    case 'expired':
    case 'used':
    case 'tampered':
      return new EosflowError('not-approved', standing.reason, {
        hint:
          standing.status === 'rejected'
            ? 'A rejection is final: plan again.'
            : 'Have the plan approved, then run again.',
      })
    default:
      return unreachable(standing)
  }
}
