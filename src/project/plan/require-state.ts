import { lackedBy } from '../../change/plan/lacked-state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { WordedHost } from '../system/process/host.ts'
import { type InputError, inputError } from '../system/process/input-error.ts'

/** Throws InputError for a plan that says itself that it lacks what its checks compare with: nobody runs it, so nobody approves it. */
export function requireState(host: WordedHost, plan: Plan, shown: string): void {
  const lacked = lackedBy(plan)
  if (lacked !== undefined) throw noState(host, lacked, shown)
}

/** Of a plan whose change could not be verified; `lacked`: why, behind `the plan was`. */
export function noState({ words }: WordedHost, lacked: string, shown: string): InputError {
  return inputError(shown, 'no-state', `the plan was ${lacked}`, words({ code: 'plan-online' }))
}
