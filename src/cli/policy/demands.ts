import type { Scope } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { LOCAL_DEMAND } from '../../policy/local-demand.ts'
import { type ApprovalDemand, unionOf } from '../../policy/obligations.ts'
import type { BreakGlass } from '../../policy/rule-match.ts'
import type { Desk } from '../desk.ts'
import { type Court, decided } from './authority.ts'

/** What a change does, so that all that any of it demands is demanded of its plan. */
const ACTS: readonly Scope[] = ['execution.start', 'task.push', 'task.confirm']

/**
 * Every approval that a plan needs before whoever is calling may send it: what the rules demand for each switch that it
 * changes, and what the workflow itself asks. None for a broken glass.
 */
export function demandsOn(
  court: Court,
  { content }: Plan,
  { isAsked, breakGlass }: { readonly isAsked: boolean; readonly breakGlass?: BreakGlass | undefined },
): readonly ApprovalDemand[] {
  const devices = content.waves.flat()
  const about = { devices, workflow: content.workflow.file, underway: true }
  const made = ACTS.map((action) => decided(court, action, breakGlass === undefined ? about : { ...about, breakGlass }))
  if (made.every(({ emergency }) => emergency !== undefined)) return []
  const own = isAsked ? [workflowDemand(content)] : []
  // Whoever may not send it is told so by the engine; an approval is asked for all the same.
  if (made.some(({ effect }) => effect === 'deny')) return [LOCAL_DEMAND, ...own]
  return [...unionOf(made.map(({ obligations }) => obligations)).approvals, ...own]
}

/** The workflow's own demand; its groups are roles of the policy. */
function workflowDemand({ approve }: Plan['content']): ApprovalDemand {
  const { from = [], count = 1, notRequester = false } = approve ?? {}
  return { ...LOCAL_DEMAND, distinct: 'person', from, count, notRequester }
}

/** The emergency in which an execution was started, as its record says; undefined for any other. */
export async function breakGlassOf({ store }: Pick<Desk, 'store'>, execution: string): Promise<BreakGlass | undefined> {
  const used = (await store.read(execution)).find((event) => event.type === 'BreakGlassUsed')
  return used === undefined ? undefined : { reason: used.reason, since: Date.parse(used.at) }
}
