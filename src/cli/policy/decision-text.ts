import type { Asking } from '../../app/caller.ts'
import type { PolicyContext } from '../../app/policy/authority.ts'
import { demandsOn } from '../../app/policy/demands.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PolicyDecision } from '../../policy/decide.ts'
import type { ApprovalDemand } from '../../policy/obligations.ts'
import { count, duration } from '../../report/count.ts'

/** What a decision comes to, in one word. */
export function verdictWord({ effect, ground }: PolicyDecision): 'allowed' | 'denied' | 'closed' {
  if (effect === 'allow') return 'allowed'
  return ground === 'closed' ? 'closed' : 'denied'
}

/** What must hold besides, one line each. */
export function obligationLines({ obligations }: PolicyDecision): readonly string[] {
  return [
    ...obligations.approvals.map((demand) => `${demand.by} demands ${demandWords(demand)}`),
    ...obligations.concurrency.map(({ by, most }) => `${by} demands that no more than ${most} are changed at a time`),
  ]
}

/** What a plan needs by the policy before whoever is calling may send it, one line each; none in local mode. */
export function demandLines(app: PolicyContext, caller: Asking, plan: Plan): readonly string[] {
  if (app.project.policy() === undefined) return []
  const demands = demandsOn(app, caller, plan, { isAsked: plan.content.approve !== null })
  return demands.map((demand) => `Policy: ${demand.by} demands ${demandWords(demand)}`)
}

/** A demand in words: `2 approvals of approver, by different people, not of whoever made the plan, at most 2h old`. */
function demandWords({ count: many, from, distinct, notRequester, notRunner, maxAge }: ApprovalDemand): string {
  const not = [...(notRequester ? ['made the plan'] : []), ...(notRunner ? ['runs it'] : [])]
  return [
    `${count(many, 'approval')}${from.length === 0 ? '' : ` of ${from.join(' or ')}`}`,
    ...(many > 1 ? [`by different ${distinct === 'person' ? 'people' : 'identities'}`] : []),
    ...(not.length === 0 ? [] : [`not of whoever ${not.join(' or ')}`]),
    ...(maxAge === undefined ? [] : [`at most ${duration(maxAge / 1000)} old`]),
  ].join(', ')
}
