import type { ExecutionState } from '../../change/engine/state.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import { readShownPlan } from '../../change/plan/recorded-plan.ts'
import { verifyOf } from '../../change/plan/settled.ts'
import type { Pulse } from '../../change/task/act/pulse.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { ExecutionView } from '../../report/view/execution-view.ts'
import { viewOf } from '../../report/view/view-of.ts'
import type { Decision, ViewContext } from '../../report/view/view-state.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import { type KeptExecution, keptExecutions } from './executions/kept-executions.ts'
import { leftAloneOf } from './executions/left-alone-executions.ts'
import { rollbackLinks } from './plans/rollback-links.ts'
import { suspensionSince } from './requests/suspension.ts'
import { afterOf } from './schedules/kept-afters.ts'
import { unservedSites } from './sites/unserved.ts'

export type ViewSources = Pick<ProjectStore, 'store' | 'claims' | 'clock' | 'shared'> &
  Partial<Pick<ProjectStore, 'notes'>>

export interface SeenExecution {
  readonly view: ExecutionView
  /** Absent before it is made, and where it can no longer be read. */
  readonly plan?: ShownPlan
}

/** `pulses` is what is known of it beside the record. Throws `store`. */
export async function seenExecution(
  sources: ViewSources,
  id: string,
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  return seenFrom(sources, await keptExecutions(sources.store).of(id), pulses)
}

export async function seenFrom(
  sources: ViewSources,
  { view: state, taken, deaths }: KeptExecution,
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  const plan = await planOf(sources, state.execution)
  const moment = await momentOf(sources, state.execution, { taken, deaths }, plan)
  const view = viewOf(state, pulses === undefined ? moment : { ...moment, pulses })
  return plan === undefined ? { view } : { view, plan }
}

// So many plans of a store are kept: a view is made several times a second, and the plan of many switches is long.
const KEPT = 8

const read = new WeakMap<ViewSources['store'], Map<string, ShownPlan>>()

async function planOf({ store }: ViewSources, { plan }: ExecutionState) {
  if (plan === undefined) return undefined
  const kept = read.get(store) ?? new Map<string, ShownPlan>()
  read.set(store, kept)
  const known = kept.get(plan.ref)
  if (known !== undefined) return known
  try {
    const found = readShownPlan(await store.get(plan.ref))
    kept.set(plan.ref, found)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  } catch {
    return undefined
  }
}

async function decisionsOn(
  store: ViewSources['store'],
  { plan, rebases }: ExecutionState,
): Promise<readonly Decision[]> {
  if (plan === undefined) return []
  const own = await keptExecutions(store).decisionsAbout(plan.digest)
  if (rebases === undefined) return own
  const nonces = (await store.carried(rebases)).findLast(({ to }) => to === plan.digest)?.nonces ?? []
  const before = await keptExecutions(store).decisionsAbout(rebases)
  return [...before.filter(({ statement }) => nonces.includes(statement.nonce)), ...own]
}

async function momentOf(
  sources: ViewSources,
  state: ExecutionState,
  { taken, deaths }: Pick<KeptExecution, 'taken' | 'deaths'>,
  plan: ShownPlan | undefined,
): Promise<ViewContext> {
  const { store, claims, clock } = sources
  const suspension = await suspensionSince({ store, claims }, state, taken)
  const unserved = await unservedSites(sources, state)
  const leftAlone = await leftAloneOf(sources, state, deaths)
  const after = plan?.content.after === undefined ? undefined : await afterOf(sources, state.id)
  const decisions = await decisionsOn(store, state)
  const rollback = await rollbackLinks(sources, state)
  return {
    now: clock.now(),
    isRunning: await claims.isClaimed(state.id),
    ...definedMembers({ suspension }),
    ...(unserved.length === 0 ? {} : { unserved }),
    ...definedMembers({ leftAlone }),
    ...(plan === undefined ? {} : { terms: (device) => verifyOf(plan.content, device) }),
    decisions,
    ...definedMembers({ after, rollback }),
  }
}
