import { changeRead } from '../../../change/plan/change-read.ts'
import type { PlanContent, ShownPlan } from '../../../change/plan/plan.ts'
import {
  APPROVED_ACTS,
  type ApprovalDemand,
  LOCAL_DEMAND,
  sharedKinds,
  unionOf,
} from '../../../change/policy/approval-case.ts'
import { alike, type BreakGlass } from '../../../change/policy/decide.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import { gateDemands } from '../../../change/policy/gate-answer.ts'
import { rolesOf } from '../../../change/policy/policy.ts'
import { withOneMore } from '../../../change/policy/quorum.ts'
import { passedSince } from '../../../change/policy/window.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { TIMER_RESERVE } from '../../../change/workflow/timers.ts'
import type { ApprovalStatement } from '../../../model/approval.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Principal } from '../../../model/principal.ts'
import { demandWords } from '../../../report/policy/explanation.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { InputError } from '../../system/process/input-error.ts'
import { type ActSubject, decided, decidedFor, type PolicyContext, policyDevices } from './authority.ts'

type Terms = Pick<PlanContent, 'atomic' | 'concurrency' | 'timers'>

/**
 * For how long a window must be open when a change begins on these switches, in milliseconds: the verification of every
 * wave from theirs on that is confirmed after theirs, one commit timer, and the reserve (docs/policy.md#windows-and-freezes).
 */
export function changeTime(content: Terms & Pick<PlanContent, 'waves'>, devices: readonly string[]): number {
  const { waves, atomic } = content
  const first = Math.max(
    waves.findIndex((wave) => wave.some((name) => devices.includes(name))),
    0,
  )
  const left = atomic === 'change' ? waves.slice(first, first + 1) : waves.slice(first)
  return timeOf(
    content,
    left.map((wave) => wave.length),
  )
}

export function leastChangeTime(terms: Terms): number {
  return timeOf(terms, [1])
}

function timeOf({ concurrency, timers }: Terms, waves: readonly number[]) {
  const rounds = waves.reduce((sum, switches) => sum + Math.ceil(switches / concurrency), 0)
  return (rounds * timers.verifyWithin + timers.confirmWithin + TIMER_RESERVE) * 1000
}

interface DemandQuestion {
  readonly isAsked: boolean
  readonly breakGlass?: BreakGlass | undefined
  // The switch that is about to be changed; absent: the first. From it on the windows of a rule with `instead` must hold the change.
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

export interface ApprovalTerms {
  readonly policy: string | null
  readonly anyStore: boolean
  /** `isAsked`: the workflow itself asks for an approval. */
  demandsOn(
    plan: ShownPlan,
    isAsked: boolean,
    at?: Pick<DemandQuestion, 'device' | 'isLive'>,
  ): readonly ApprovalDemand[]
  mayDecide(
    statement: Pick<ApprovalStatement, 'decision' | 'notBefore'>,
    signer: Principal,
    plan: ShownPlan,
  ): { readonly effect: 'allow' | 'deny'; readonly reason: string }
  /** What has gone by since the first approval was given, both in milliseconds since the epoch, so that none carries; undefined where nothing has. */
  passedSince(first: number, now: number): string | undefined
  /** The roles that somebody had at a time, milliseconds since the epoch. */
  rolesOf(principal: Principal, at: number): readonly string[]
}

export const localTerms: ApprovalTerms = {
  policy: null,
  anyStore: false,
  demandsOn: (_plan, isAsked) => (isAsked ? [LOCAL_DEMAND] : []),
  mayDecide: ({ decision }, signer) => decideLocal(signer, decision === 'approve' ? 'plan.approve' : 'plan.reject'),
  passedSince: () => undefined,
  rolesOf: () => [],
}

export function termsOf(app: PolicyContext, caller: SilentCaller, breakGlass?: BreakGlass): ApprovalTerms {
  const loaded = policyNow(app)
  if (loaded === undefined) return localTerms
  if ('fault' in loaded) return unreadableTerms(loaded.fault)
  return {
    policy: loaded.digest,
    anyStore: loaded.policy.approvals === 'anyStore',
    demandsOn: (plan, isAsked, at) => demandsOn(app, caller, plan, { isAsked, breakGlass, ...at }),
    mayDecide: ({ decision, notBefore }, principal, { content }) => {
      const action = decision === 'approve' ? 'plan.approve' : 'plan.reject'
      const about = { devices: content.waves.flat(), workflow: content.workflow.file }
      return decidedFor(app, { principal, at: Date.parse(notBefore) }, action, about)
    },
    passedSince: (first, now) => passedSince(loaded.policy, first, now),
    rolesOf: (principal, at) => rolesOf(loaded.policy, principal, at),
  }
}

function unreadableTerms(reason: string): ApprovalTerms {
  return {
    policy: 'unreadable',
    anyStore: false,
    demandsOn: () => [],
    mayDecide: () => ({ effect: 'deny', reason }),
    passedSince: () => reason,
    rolesOf: () => [],
  }
}

function policyNow({ project, words }: Pick<PolicyContext, 'project' | 'words'>) {
  try {
    return project.policy()
  } catch (error) {
    if (error instanceof InputError) return { fault: `the policy is not good: ${words({ code: 'validate' })}` }
    if (error instanceof EosflowError && error.kind === 'not-authorised') return { fault: error.message }
    throw error
  }
}

/** What a plan needs by the policy before whoever is calling may send it, one line each; none in local mode. */
export function demandLines(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): readonly string[] {
  if (app.project.policy() === undefined) return []
  const demands = demandsOn(app, caller, plan, { isAsked: plan.content.approve !== null })
  return demands.map((demand) => `Policy: ${demand.by} demands ${demandWords(demand)}`)
}
