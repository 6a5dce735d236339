import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { plannedOf } from '../../../change/plan/settled.ts'
import { heldStartup } from '../../../change/task/act/held-startup.ts'
import { heldText, unreadText } from '../../../change/task/act/mend-startup.ts'
import type { RecordApp } from '../../app/app.ts'
import { changeOn, type RunningNow } from './plan-inverse.ts'

interface GoneChange {
  readonly state: ExecutionState
  readonly plan: Plan
  readonly names: readonly string[]
  readonly running: RunningNow
}

export async function heldByStartup(
  app: RecordApp,
  { state, plan, names, running }: GoneChange,
): Promise<readonly string[]> {
  if (running === undefined) return []
  const said = await Promise.all(
    names.map(async (name) => {
      const now = running.get(name)
      if (now === undefined) return []
      if (now.startup === undefined) return [`${name}: ${unreadText(name)}`]
      const { base, target } = await changeOn(app, state, name)
      const before = await startupBefore(app, state, plan, name, base)
      const found = heldStartup({ base, target, before, running: now.running, startup: now.startup })
      return found.held.length === 0 ? [] : [`${name}: ${heldText(name, found)}`]
    }),
  )
  return said.flat()
}

async function startupBefore(app: RecordApp, state: ExecutionState, plan: Plan, name: string, base: string) {
  const startup = state.devices.get(name)?.startup
  if (startup !== undefined) return app.store.get(startup)
  return plannedOf(plan, name).base.startupEqualsRunning ? base : undefined
}
