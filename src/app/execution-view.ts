import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Plan } from '../plan/plan.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { verifyOf } from '../plan/settled.ts'
import { storedPlanText } from '../plan/stored-plan.ts'
import type { ExecutionView } from '../report/view/execution-view.ts'
import type { Moment } from '../report/view/moment.ts'
import { viewOf } from '../report/view/view-of.ts'
import { foldView, newView, type ViewState } from '../report/view/view-state.ts'
import type { Pulse } from '../task/pulse.ts'
import type { ProjectStore } from './project-store.ts'
import { suspensionOf } from './suspension.ts'

/** What the reading of a view needs: a connection that only reads has it too. */
export type ViewSources = Pick<ProjectStore, 'store' | 'claims' | 'clock'>

/** An execution as it is now, and the plan that it is about. */
export interface SeenExecution {
  readonly view: ExecutionView
  /** Absent before it is made, and where it can no longer be read. */
  readonly plan?: Plan
}

/** Reads an execution and says what it is now. `pulses` is what is known of it beside the record. Throws `store`. */
export async function seenExecution(
  sources: ViewSources,
  id: string,
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  const events = await sources.store.read(id)
  return seenFrom(sources, events.reduce(foldView, newView(id)), events, pulses)
}

/** The same of records that are folded already. `events` are all of them. */
export async function seenFrom(
  sources: ViewSources,
  state: ViewState,
  events: readonly JournalEvent[],
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  const plan = await planOf(sources, state.execution)
  const moment = await momentOf(sources, state.execution, events, plan)
  const view = viewOf(state, pulses === undefined ? moment : { ...moment, pulses })
  return plan === undefined ? { view } : { view, plan }
}

/** So many plans of a store are kept: a view is made several times a second, and the plan of many switches is long. */
const KEPT = 8

/** What was read, by the reference that is made of its content. */
const read = new WeakMap<ViewSources['store'], Map<string, Plan>>()

/** A plan that cannot be read ends its execution with the reason; a view of it goes without the plan's times. */
async function planOf({ store }: ViewSources, { plan }: ExecutionState): Promise<Plan | undefined> {
  if (plan === undefined) return undefined
  const kept = read.get(store) ?? new Map<string, Plan>()
  read.set(store, kept)
  const known = kept.get(plan.ref)
  if (known !== undefined) return known
  try {
    const found = readRecordedPlan(await storedPlanText(store, plan.ref))
    kept.set(plan.ref, found)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  } catch {
    return undefined
  }
}

async function momentOf(
  { store, claims, clock }: ViewSources,
  state: ExecutionState,
  events: readonly JournalEvent[],
  plan: Plan | undefined,
): Promise<Moment> {
  const suspension = await suspensionOf({ store, claims }, state, events)
  const decisions = state.plan === undefined ? [] : await store.approvals(state.plan.digest)
  return {
    now: clock.now(),
    isRunning: await claims.isClaimed(state.id),
    ...(suspension === undefined ? {} : { suspension }),
    ...(plan === undefined ? {} : { terms: (device) => verifyOf(plan.content, device) }),
    decisions: decisions.map(({ event }) => event),
  }
}
