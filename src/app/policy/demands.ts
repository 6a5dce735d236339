import type { Store } from '../../journal/store.ts'
import type { ShownPlan } from '../../plan/plan.ts'
import { alike } from '../../policy/alike.ts'
import { withOneMore } from '../../policy/known-people.ts'
import { LOCAL_DEMAND } from '../../policy/local-demand.ts'
import { APPROVED_ACTS, type ApprovalDemand, unionOf } from '../../policy/obligations.ts'
import type { BreakGlass } from '../../policy/rule-match.ts'
import type { SilentCaller } from '../caller.ts'
import { type ActSubject, decided, decidedFor, type PolicyContext, policyDevices } from './authority.ts'

/**
 * Every approval that a plan needs before whoever is calling may send it: what the rules demand for each switch that it
 * changes, and what the workflow itself asks. None for a broken glass.
 */
export function demandsOn(
  app: PolicyContext,
  caller: SilentCaller,
  { content }: ShownPlan,
  asking: { readonly isAsked: boolean; readonly breakGlass?: BreakGlass | undefined },
): readonly ApprovalDemand[] {
  return withOneMore(demandsOfRules(app, caller, content, asking), content.requesters)
}

function demandsOfRules(
  app: PolicyContext,
  caller: SilentCaller,
  content: ShownPlan['content'],
  { isAsked, breakGlass }: Parameters<typeof demandsOn>[3],
): readonly ApprovalDemand[] {
  const devices = content.waves.flat()
  const about = { devices, workflow: content.workflow.file, underway: true }
  const whole = breakGlass === undefined ? about : { ...about, breakGlass }
  const made = APPROVED_ACTS.map((action) => decided(app, caller, action, whole))
  if (made.every(({ emergency }) => emergency !== undefined)) return []
  const own = isAsked ? [workflowDemand(content)] : []
  // Whoever may not send it is told so by the engine; approvals are asked for all the same.
  if (made.some(({ effect }) => effect === 'deny')) return [LOCAL_DEMAND, ...demandsOfEach(app, caller, whole), ...own]
  return [...unionOf(made.map(({ obligations }) => obligations)).approvals, ...own]
}

/**
 * What is demanded for any act on any of the switches, where not every act is allowed on all of them: a denial of one, or a login that
 * has grown too old for one, makes another need no fewer approvals.
 */
function demandsOfEach(
  { project, clock }: PolicyContext,
  caller: SilentCaller,
  { devices = [], ...about }: ActSubject,
): readonly ApprovalDemand[] {
  const at = clock.now()
  const [loaded, inventory] = [project.policy(), project.inventory()]
  if (loaded === undefined) return []
  const files = { policy: () => loaded, inventory: () => inventory }
  // What is demanded for one switch is demanded for every switch that the same rules are about.
  const places = alike(loaded.policy, policyDevices(files, devices), about.workflow)
  const principals = [caller.principal, { ...caller.principal, authenticatedAt: new Date(at).toISOString() }]
  const all = principals.flatMap((principal) =>
    places.flatMap(([place]) =>
      APPROVED_ACTS.map((action) =>
        decidedFor({ project: files }, { principal, at }, action, {
          ...about,
          devices: place === undefined ? [] : [place.name],
        }),
      ),
    ),
  )
  return unionOf(all.map(({ obligations }) => obligations)).approvals
}

/** The workflow's own demand; its groups are roles of the policy. */
function workflowDemand({ approve }: ShownPlan['content']): ApprovalDemand {
  const { from = [], count = 1, notRequester = false } = approve ?? {}
  return { ...LOCAL_DEMAND, distinct: 'person', from, count, notRequester }
}

/** The emergency in which an execution was started, as its record says; undefined for any other. */
export async function breakGlassOf(
  { store }: { readonly store: Pick<Store, 'read'> },
  execution: string,
): Promise<BreakGlass | undefined> {
  const used = (await store.read(execution)).find((event) => event.type === 'BreakGlassUsed')
  return used === undefined ? undefined : { reason: used.reason, since: Date.parse(used.at) }
}
