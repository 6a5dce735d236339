import type { ShownPlan } from '../../../change/plan/plan.ts'
import { demandWords } from '../../../report/policy/explanation.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import type { PolicyContext } from './authority.ts'
import { demandsOn } from './demands.ts'

/** What a plan needs by the policy before whoever is calling may send it, one line each; none in local mode. */
export function demandLines(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): readonly string[] {
  if (app.project.policy() === undefined) return []
  const demands = demandsOn(app, caller, plan, { isAsked: plan.content.approve !== null })
  return demands.map((demand) => `Policy: ${demand.by} demands ${demandWords(demand)}`)
}
