import { changeRead } from '../../../change/plan/change-read.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { gateDemands } from '../../../change/policy/gate-answer.ts'
import {
  APPROVED_ACTS,
  type ApprovalDemand,
  LOCAL_DEMAND,
  sharedKinds,
  unionOf,
} from '../../../change/policy/obligations.ts'
import { withOneMore } from '../../../change/policy/quorum.ts'
import { alike, type BreakGlass } from '../../../change/policy/rule-match.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { type ActSubject, decided, decidedFor, type PolicyContext, policyDevices } from './authority.ts'
import { changeTime } from './change-time.ts'

export interface DemandQuestion {
  readonly isAsked: boolean
  readonly breakGlass?: BreakGlass | undefined
  /** The switch that is about to be changed; absent: the first. From it on the windows of a rule with `instead` must hold the change. */
  readonly device?: string | undefined
  readonly isLive?: boolean | undefined
}

/** Every approval that a plan needs before whoever is calling may send it: what the rules demand for each switch that it changes, and what the workflow itself asks. */
export function demandsOn(
  app: PolicyContext,
  caller: SilentCaller,
  { content }: ShownPlan,
  asking: DemandQuestion,
): readonly ApprovalDemand[] {
  return withOneMore(demandsOfRules(app, caller, content, asking), content.requesters)
}

function demandsOfRules(
  app: PolicyContext,
  caller: SilentCaller,
  content: ShownPlan['content'],
  { isAsked, breakGlass, device, isLive = false }: DemandQuestion,
): readonly ApprovalDemand[] {
  const { about, made } = actsOn(app, caller, content, { breakGlass, device, isLive })
  if (made.every(({ emergency }) => emergency !== undefined)) return []
  const asked = isAsked ? [workflowDemand(content)] : []
  const own = [...asked, ...gateDemands(content.gate ?? [])]
  // Whoever may not send it is told so by the engine; approvals are asked for all the same.
  if (made.some(({ effect }) => effect === 'deny')) return [LOCAL_DEMAND, ...demandsOfEach(app, caller, about), ...own]
  const { approvals } = unionOf(made.map(({ obligations }) => obligations))
  // What the workflow asks for beside rules that all let an approval carry, or all take a review, does not say otherwise. A gate has not said so.
  const kinds = sharedKinds(approvals)
  const reviews = approvals.length > 0 && approvals.every(({ proof }) => proof?.includes('review'))
  const beside = {
    ...(kinds.length > 0 && { carry: { kinds } }),
    ...(reviews && { takesReview: true as const }),
  }
  return [...approvals, ...own.map((demand) => (asked.includes(demand) ? { ...demand, ...beside } : demand))]
}

/** Whether all that sends a plan is allowed by a broken glass, so that neither approvals nor the gate of the policy are asked for. */
export function isByBrokenGlass(
  app: PolicyContext,
  caller: SilentCaller,
  { content }: ShownPlan,
  breakGlass: BreakGlass | undefined,
): boolean {
  if (breakGlass === undefined) return false
  return actsOn(app, caller, content, { breakGlass }).made.every(({ emergency }) => emergency !== undefined)
}

function actsOn(
  app: PolicyContext,
  caller: SilentCaller,
  content: ShownPlan['content'],
  { breakGlass, device, isLive = false }: Omit<DemandQuestion, 'isAsked'>,
) {
  const devices = content.waves.flat()
  const about: ActSubject = {
    devices,
    workflow: content.workflow.file,
    underway: isLive || 'demands',
    lasts: changeTime(content, device === undefined ? (content.waves[0] ?? []) : [device]),
    change: () => changeRead(content),
  }
  const whole = breakGlass === undefined ? about : { ...about, breakGlass }
  return { about: whole, made: APPROVED_ACTS.map((action) => decided(app, caller, action, whole)) }
}

function demandsOfEach(
  { project, clock }: PolicyContext,
  caller: SilentCaller,
  { devices = [], ...about }: ActSubject,
) {
  const at = clock.now()
  const [loaded, inventory] = [project.policy(), project.inventory()]
  if (loaded === undefined) return []
  const files = { policy: () => loaded, inventory: () => inventory }
  // What is demanded for one switch is demanded for every switch that the same rules are about.
  const subjects = policyDevices(files, devices)
  const places = APPROVED_ACTS.map((action) => ({
    action,
    alike: alike(loaded.policy, { ...about, devices: subjects, action }),
  }))
  const principals = [caller.principal, { ...caller.principal, authenticatedAt: new Date(at).toISOString() }]
  const all = principals.flatMap((principal) =>
    places.flatMap(({ action, alike: sets }) =>
      sets.map(([place]) =>
        decidedFor({ project: files }, { principal, at }, action, {
          ...about,
          devices: place === undefined ? [] : [place.name],
        }),
      ),
    ),
  )
  return unionOf(all.map(({ obligations }) => obligations)).approvals
}

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
