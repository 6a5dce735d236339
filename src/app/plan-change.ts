import type { ExecutionState } from '../engine/state.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from '../plan/prepare.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { storedPlanText } from '../plan/stored-plan.ts'
import type { App } from './app.ts'
import { begin } from './begin.ts'
import type { Asking, Caller } from './caller.ts'
import { requireAllowed } from './policy/authority.ts'

/** A plan, or the execution that has made none. */
export type Planned = { readonly plan: Plan } | { readonly plan?: undefined; readonly state: ExecutionState }

/**
 * Plans a change: the switches say what they would make of it. `skipUnreachable`: those that do not answer are left out. Throws as the
 * policy does, and as the beginning of an execution.
 */
export async function planChange(
  app: App,
  caller: Caller,
  { prepared, skipUnreachable }: { readonly prepared: Prepared; readonly skipUnreachable: boolean },
): Promise<Planned> {
  await requirePlanning(app, caller, prepared)
  const state = await begin(app, caller, { purpose: 'plan', prepared, skipUnreachable }, {})
  if (state.plan === undefined || state.outcome !== 'planned') return { state }
  return { plan: readRecordedPlan(await storedPlanText(app.store, state.plan.ref)) }
}

/** Requires that whoever is calling may plan a change. Throws as the policy does. */
export async function requirePlanning(app: App, caller: Asking, { workflow, devices }: Prepared): Promise<void> {
  await requireAllowed(app, caller, 'plan.create', {
    workflow: workflow.file,
    devices: devices.map(({ name }) => name),
  })
}
