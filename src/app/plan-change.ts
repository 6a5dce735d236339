import type { ExecutionState } from '../engine/state.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from '../plan/prepare.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { storedPlanText } from '../plan/stored-plan.ts'
import type { App } from './app.ts'
import { open } from './begin.ts'
import { asPublished } from './bundle/as-published.ts'
import type { Asking, Caller } from './caller.ts'
import { carryOut } from './carry-out.ts'
import { requireAllowed } from './policy/authority.ts'

/** A plan, or the execution that has made none; `isLeft`: nobody waits for it here any longer, and it goes on. */
export type Planned =
  | { readonly plan: Plan }
  | { readonly plan?: undefined; readonly state: ExecutionState; readonly isLeft: boolean }

/**
 * Plans a change: the switches say what they would make of it, asked by this process or by a worker. `skipUnreachable`: those that do not
 * answer are left out. Throws as the policy does, as the beginning of an execution, and as {@link asPublished}.
 */
export async function planChange(
  given: App,
  caller: Caller,
  { prepared: asked, skipUnreachable }: { readonly prepared: Prepared; readonly skipUnreachable: boolean },
): Promise<Planned> {
  const { app, prepared } = await asPublished(given, { prepared: asked })
  await requirePlanning(app, caller, prepared)
  const begun = await open(app, caller, { purpose: 'plan', prepared, skipUnreachable })
  const state = await carryOut(app, caller, begun, {})
  if (state === undefined) return { state: begun, isLeft: true }
  if (state.plan === undefined || state.outcome !== 'planned') return { state, isLeft: false }
  return { plan: readRecordedPlan(await storedPlanText(app.store, state.plan.ref)) }
}

/** Requires that whoever is calling may plan a change. Throws as the policy does. */
export async function requirePlanning(app: App, caller: Asking, { workflow, devices }: Prepared): Promise<void> {
  await requireAllowed(app, caller, 'plan.create', {
    workflow: workflow.file,
    devices: devices.map(({ name }) => name),
  })
}
