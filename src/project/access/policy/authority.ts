import type { Inventory } from '../../../change/inventory/inventory.ts'
import { NO_OBLIGATIONS } from '../../../change/policy/approval-case.ts'
import {
  type BreakGlass,
  decide,
  type Ground,
  isEverAllowed,
  type PolicyDecision,
  type PolicyDevice,
} from '../../../change/policy/decide.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import type { ChangeSource } from '../../../change/policy/policy.ts'
import { allowedTo } from '../../../change/policy/quorum.ts'
import type { EventBody, EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { type AppendCondition, type PolicyCondition, PolicyMovedError } from '../../../change/record/store/journal.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Principal, Scope } from '../../../model/principal.ts'
import { demandWords } from '../../../report/policy/explanation.ts'
import { short } from '../../../report/text/text.ts'
import type { Denials, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { JudgedAtHand, Project } from '../../files/project.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

export interface PolicyContext extends WordedHost {
  readonly project: Pick<Project, 'policy' | 'inventory' | 'published' | 'inForce'>
  readonly store: Pick<Store, 'as' | 'get' | 'read'>
  readonly clock: Pick<Clock, 'now'>
  readonly denials?: Denials
}

export interface ActSubject {
  readonly devices?: readonly string[]
  readonly workflow?: string
  /** For how many milliseconds the windows must be open. */
  readonly lasts?: number
  readonly underway?: boolean | 'demands'
  readonly breakGlass?: BreakGlass
  readonly brakes?: boolean
  readonly change?: ChangeSource
}

export interface DecisionOfPolicy extends PolicyDecision {
  readonly policy: string | null
}

export interface AllowedAct extends DecisionOfPolicy {
  readonly again: () => Promise<AllowedAct>
}

/** Throws InputError when the policy is not good. */
export function decided(
  { project, clock }: Pick<PolicyContext, 'project' | 'clock'>,
  { principal }: SilentCaller,
  action: Scope,
  about: ActSubject = {},
): DecisionOfPolicy {
  return decidedFor({ project }, { principal, at: clock.now() }, action, about)
}

export function isAllowed(...asked: Parameters<typeof decided>): boolean {
  return decided(...asked).effect === 'allow'
}

/** Decides for somebody at a time, milliseconds since the epoch. Throws InputError when the policy is not good. */
export function decidedFor(
  { project }: Pick<PolicyContext, 'project'>,
  { principal, at }: { readonly principal: Principal; readonly at: number },
  action: Scope,
  { devices = [], brakes = false, ...about }: ActSubject = {},
): DecisionOfPolicy {
  const judging = judgingFor(project, action, brakes)
  const loaded = judging.policy()
  if (loaded === undefined) return isKept(judging, principal, brakes) ? keptBack(action) : locally(principal, action)
  const request = { ...about, principal, action, at, devices: policyDevices(judging, devices) }
  return { ...decide(loaded.policy, request), policy: loaded.digest }
}

const READING: ReadonlySet<Scope> = new Set([
  'workflow.list',
  'plan.read',
  'execution.read',
  'audit.read',
  'plan.reject',
])

function isFree(action: Scope, brakes = false) {
  return brakes || READING.has(action)
}

function judgingFor(
  project: Pick<Project, 'policy' | 'inventory' | 'inForce'>,
  action: Scope,
  brakes: boolean,
): JudgedAtHand {
  const { inForce } = project
  if (inForce?.instead !== undefined && isFree(action, brakes)) return inForce.instead
  return inForce ?? project
}

export function mayEver(
  { project, clock }: Pick<PolicyContext, 'project' | 'clock'>,
  { principal }: SilentCaller,
  action: Scope,
): boolean {
  const judging = judgingFor(project, action, false)
  const loaded = judging.policy()
  if (loaded === undefined && isKept(judging, principal, false)) return false
  if (loaded === undefined) return locally(principal, action).effect === 'allow'
  return isEverAllowed(loaded.policy, { principal, action, at: clock.now() })
}

/** Requires that whoever is calling may do something, before anything is done about it. A denial goes on record and throws `not-authorised`, or `window-closed` when only a window or a freeze stands against it. */
export async function requireAllowed(
  app: PolicyContext,
  caller: SilentCaller,
  action: Scope,
  about: ActSubject & { readonly plan?: string } = {},
): Promise<AllowedAct> {
  await app.project.inForce?.published?.renew().catch((error: unknown) => {
    if (!isFree(action, about.brakes)) throw error
  })
  const made = decided(app, caller, action, about)
  if (made.effect === 'allow') return { ...made, again: () => allowedAgain(app, caller, action, about) }
  const denial = denialRecord(caller.principal, action, about, made)
  if (app.denials === undefined) await app.store.as(caller.principal).append(undefined, [denial])
  else await app.denials.put(denial)
  throw denialError(app, action, about, made)
}

async function allowedAgain(...asked: Parameters<typeof requireAllowed>) {
  await asked[0].project.published?.renew()
  return requireAllowed(...asked)
}

export function denialRecord(
  principal: Principal,
  needs: Scope,
  { devices = [], workflow, plan }: ActSubject & { readonly plan?: string },
  { reason, rules, policy }: Pick<DecisionOfPolicy, 'reason' | 'rules' | 'policy'>,
) {
  return {
    type: 'AccessDenied',
    principal,
    needs,
    reason,
    rules,
    ...(policy === null ? {} : { policy }),
    ...(devices.length === 0 ? {} : { devices }),
    ...definedMembers({ workflow, plan }),
  } as const
}

const MOST_NAMES = 50

export function denialError(
  app: WordedHost & Partial<Pick<PolicyContext, 'project'>>,
  action: Scope,
  { devices = [], workflow }: ActSubject,
  made: DecisionOfPolicy,
): EosflowError {
  const named = devices.length === 0 || devices.length > MOST_NAMES ? undefined : devices
  const next =
    made.policy === null
      ? {
          hint: 'Without a policy only a person may do more than read and plan: write policy.yaml, or call as a person.',
        }
      : hinted(app, { code: 'explain-policy', action, devices: named, workflow, allowed: whoElse(app, action, made) })
  const decision = { rules: made.rules, demands: made.obligations.approvals.map(demandWords) }
  return new EosflowError(KINDS[made.ground], made.reason, { ...next, decision })
}

function whoElse({ project }: Partial<Pick<PolicyContext, 'project'>>, action: Scope, { ground }: DecisionOfPolicy) {
  const policy = ground === 'no-rule' ? project?.policy()?.policy : undefined
  return policy === undefined ? undefined : allowedTo(policy, action)
}

const KINDS: Readonly<Record<Ground, 'not-authorised' | 'window-closed'>> = {
  denied: 'not-authorised',
  'no-rule': 'not-authorised',
  condition: 'not-authorised',
  closed: 'window-closed',
  allowed: 'not-authorised',
}

export function policyDevices(
  project: Pick<JudgedAtHand, 'inventory'>,
  names: readonly string[],
): readonly PolicyDevice[] {
  if (names.length === 0) return []
  const inventory = project.inventory()
  const byName = devicesByName.get(inventory) ?? new Map(inventory.devices.map((device) => [device.name, device]))
  devicesByName.set(inventory, byName)
  return names.map((name) => byName.get(name) ?? { name, tags: {} })
}

const devicesByName = new WeakMap<Pick<Inventory, 'devices'>, ReadonlyMap<string, PolicyDevice>>()

function isKept({ isLost }: JudgedAtHand, { auth, kind }: Principal, brakes: boolean) {
  return isLost === true && !brakes && (auth !== 'os' || kind !== 'person')
}

function keptBack(action: Scope) {
  return undecided(`no policy of this store can be read: ${action} is for the user of the machine alone`)
}

/** The denial where no rule was asked. */
export function undecided(reason: string): DecisionOfPolicy {
  return { effect: 'deny', ground: 'condition', rules: [], reason, obligations: NO_OBLIGATIONS, policy: null }
}

function locally(principal: Principal, action: Scope): DecisionOfPolicy {
  const { effect, rule, reason } = decideLocal(principal, action)
  const ground = effect === 'allow' ? 'allowed' : 'denied'
  return { effect, ground, rules: [rule], reason, obligations: NO_OBLIGATIONS, policy: null }
}

export interface ActJudgement<Outcome> {
  readonly again: () => Promise<Outcome>
}

// How often something is judged again because another policy came into force meanwhile.
const MOST = 5

/** That what is written is judged by the policy that is in force now: asked before the judgement, and required by the write. */
export async function policyNow({ store }: Pick<ProjectStore, 'store'>): Promise<PolicyCondition> {
  const [bundle] = await store.bundles(1)
  return { policy: Math.max(bundle?.seq ?? 0, (await store.policySeen())?.seq ?? 0) }
}

/** Judges once more what was allowed, and writes it on the condition that no other policy comes into force between the two. Throws as the judgement does, and PolicyMovedError where policies change all the time. */
export async function whileAllowed<Outcome, Written>(
  app: Pick<ProjectStore, 'store'>,
  judged: ActJudgement<Outcome>,
  write: (condition: PolicyCondition, outcome: Outcome) => Promise<Written>,
): Promise<Written> {
  for (let time = 1; ; time += 1) {
    const condition = await policyNow(app)
    const outcome = await judged.again()
    try {
      return await write(condition, outcome)
    } catch (error) {
      if (!(error instanceof PolicyMovedError) || time === MOST) throw error
    }
  }
}

export type SeenPolicy = EventOf<'PolicyLoaded'>

/** The policy that a store demands: the newest that it has seen, unless that was retired. */
export async function demandedPolicy({ store }: Pick<ProjectStore, 'store'>): Promise<SeenPolicy | undefined> {
  const newest = await store.policySeen()
  return newest?.type === 'PolicyLoaded' ? newest : undefined
}

/** A policy that is new here goes on record with its text; where the file is gone, `policy()` throws `not-authorised`, also when it goes while the command runs. */
export async function underSeenPolicy(
  project: Project,
  app: ProjectStore & WordedHost,
  caller: SilentCaller,
): Promise<Project> {
  await recordPolicy(project, app, caller)
  return underDemandedPolicy(project, app)
}

export async function underDemandedPolicy(project: Project, app: ProjectStore & WordedHost): Promise<Project> {
  const demanded = await demandedPolicy(app)
  return {
    ...project,
    policy: () => {
      const loaded = project.policy()
      if (loaded === undefined && demanded !== undefined) throw policyGone(app, demanded)
      return loaded
    },
  }
}

async function recordPolicy(project: Project, app: ProjectStore, caller: SilentCaller) {
  const isSeen = { again: async () => ((await app.store.bundles(1)).length > 0 ? undefined : newPolicy(project, app)) }
  if ((await isSeen.again()) === undefined) return
  await whileAllowed(app, isSeen, async (condition, seen) => {
    if (seen !== undefined) await app.store.as(caller.principal).append(undefined, [seen], [condition])
  })
}

/** The record of a policy that the store has not seen last; undefined where it has, where there is none that is good, and while the clock is wrong. */
export async function newPolicy(
  project: Project,
  app: ProjectStore,
): Promise<Extract<EventBody, { readonly type: 'PolicyLoaded' }> | undefined> {
  const loaded = goodPolicy(project)
  if (loaded === undefined || (await app.clockRule?.fault()) !== undefined) return undefined
  const demanded = await demandedPolicy(app)
  if (demanded?.policy === loaded.digest) return undefined
  const { policy: file } = project.settings
  const content = project.files(file)
  if (content === undefined) return undefined
  const text = await app.store.put(Buffer.from(content).toString('utf8'))
  const before = demanded === undefined ? {} : { before: demanded.policy }
  return { type: 'PolicyLoaded', file, policy: loaded.digest, text, ...before }
}

function goodPolicy(project: Project) {
  try {
    return project.policy()
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

export function policyGone(app: WordedHost, { file, policy }: SeenPolicy): EosflowError {
  return new EosflowError(
    'not-authorised',
    `this store was used under a policy (${file}, ${short(policy)}), and the project has none any more`,
    {
      ...hinted(app, { code: 'retire-policy', file }),
    },
  )
}

type DecisionOnRecord = { readonly rules?: readonly string[]; readonly policy?: string }

/** Writes what the policy allows outside of executions, on the condition of {@link whileAllowed}: the one way in which an act goes on record. */
export function writeAllowed(
  app: Pick<RecordApp, 'store' | 'words' | 'journalAs'>,
  { principal }: SilentCaller,
  allowed: AllowedAct,
  eventsOf: (by: DecisionOnRecord) => readonly EventBody[],
  conditions: readonly AppendCondition[] = [],
): Promise<readonly JournalEvent[]> {
  const judged = { again: () => allowedNow(app, allowed) }
  return whileAllowed(app, judged, (condition, now) =>
    app.journalAs(principal).append(undefined, eventsOf(decidedBy(now)), [...conditions, condition]),
  )
}

/** Judges an act once more. Throws as its first judgement does, also where the store has seen its first policy since, and this project has none. */
export async function allowedNow(app: Pick<RecordApp, 'store' | 'words'>, allowed: AllowedAct): Promise<AllowedAct> {
  const now = await allowed.again()
  const seen = now.policy === null ? await app.store.policySeen() : undefined
  if (seen?.type === 'PolicyLoaded') throw policyGone(app, seen)
  return now
}

function decidedBy({ rules, policy }: Pick<DecisionOfPolicy, 'rules' | 'policy'>): DecisionOnRecord {
  return policy === null ? {} : { rules, policy }
}
