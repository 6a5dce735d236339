import type { TaskPort } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/suspend.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { RecordApp } from '../../app/app.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import {
  owedByPlan,
  owedByRecord,
  requireFeatures,
  requireNothingOwed,
  unclaimedRecords,
} from '../../system/feature/feature.ts'

/** What an execution owes by its files and its record to features that are not here, in words. */
export async function owedToAbsent(
  { project, features, store }: Pick<RecordApp, 'project' | 'features' | 'store'>,
  { id }: Pick<ExecutionState, 'id'>,
  plan: Plan | undefined,
): Promise<readonly string[]> {
  const types = unclaimedRecords(features)
  const records = types.length === 0 ? [] : await store.read(id, { of: types })
  const found = new Set(records.map(({ type }) => type))
  return [
    ...(project.unclaimed ?? []).map(({ message }) => message),
    ...types.filter((type) => found.has(type)).map(owedByRecord),
    ...(plan === undefined ? [] : owedByPlan(features, plan.content)),
  ]
}

/** Throws `guard` where nothing is live: it waits for an eosflow that has what it owes. What is live is restored by whoever goes on. */
export async function requireItsFeatures(app: RecordApp, state: ExecutionState): Promise<void> {
  if (state.status === 'compensating' || unsettled(state).length > 0) return
  requireNothingOwed(await owedToAbsent(app, state, await settledPlan(app, state, true)))
}

/** Tasks that are refused where something is owed to a feature that is not here, or the plan that was made meanwhile owes it; what restores a switch is not. */
export function tasksUnlessOwed(
  app: Pick<RecordApp, 'features'>,
  tasks: TaskPort,
  owed: readonly string[],
  made: () => Plan | undefined,
): TaskPort {
  return {
    ...tasks,
    run: async (call) => {
      if (call.state.task !== 'rollback') {
        requireNothingOwed(owed)
        const plan = made()
        if (plan !== undefined) requireFeatures(app.features, plan)
      }
      return tasks.run(call)
    },
  }
}
