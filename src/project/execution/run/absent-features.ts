import type { TaskPort } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive, unsettled } from '../../../change/engine/suspend.ts'
import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import type { RecordApp } from '../../app/app.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import {
  owedByPlan,
  owedByRecord,
  owedBySettings,
  requireFeatures,
  requireNothingOwed,
  unclaimedRecords,
} from '../../system/feature/feature.ts'

/** What an execution owes by its files and its record to features that are not here, in words. */
export async function owedToAbsent(
  app: RecordApp,
  state: ExecutionState,
  plan: Pick<ShownPlan, 'content'> | undefined,
): Promise<readonly string[]> {
  const { features, store } = app
  const types = unclaimedRecords(features)
  const records = types.length === 0 ? [] : await store.read(state.id, { of: types })
  const found = new Set(records.map(({ type }) => type))
  return [
    ...owedBySettings(app.project),
    ...(await owedByPublished(app, state)),
    ...types.filter((type) => found.has(type)).map(owedByRecord),
    ...(plan === undefined ? [] : owedByPlan(features, plan.content)),
  ]
}

// What runs from published files has their settings. Where they cannot be read, whoever runs it says so.
async function owedByPublished(app: RecordApp, state: ExecutionState) {
  const { project } = await judgingApp(app, state).catch(() => app)
  return project === app.project ? [] : owedBySettings(project)
}

/** Throws `guard` where nothing is live: it waits for an eosflow that has what it owes. What is live is restored by whoever goes on. */
export async function requireItsFeatures(app: RecordApp, state: ExecutionState): Promise<void> {
  if (state.status === 'compensating' || unsettled(state).length > 0 || isLive(state)) return
  requireNothingOwed(await owedToAbsent(app, state, await readablePlan(app, state)))
}

// Whoever runs it refuses a plan that cannot be read.
async function readablePlan({ store }: RecordApp, { plan, planFile }: ExecutionState) {
  const ref = plan?.ref ?? planFile
  try {
    return ref === undefined ? undefined : readShownPlan(await store.get(ref))
  } catch {
    return undefined
  }
}

/** Tasks that are refused where the plan that was made meanwhile owes something to a feature that is not here; what restores a switch is not. */
export function tasksUnlessOwed(app: RecordApp, tasks: TaskPort, made: () => Plan | undefined): TaskPort {
  return {
    ...tasks,
    run: async (call) => {
      const plan = call.state.task === 'rollback' ? undefined : made()
      if (plan !== undefined) requireFeatures(app.features, plan)
      return tasks.run(call)
    },
  }
}
