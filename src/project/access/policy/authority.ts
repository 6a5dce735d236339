import type { Inventory } from '../../../change/inventory/inventory.ts'
import { allowedTo } from '../../../change/policy/approver-words.ts'
import type { ChangeSource } from '../../../change/policy/change-match.ts'
import { decide, type Ground, isEverAllowed, type PolicyDecision } from '../../../change/policy/decide.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import { NO_OBLIGATIONS } from '../../../change/policy/obligations.ts'
import type { BreakGlass, PolicyDevice } from '../../../change/policy/rule-match.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Principal, Scope } from '../../../model/principal.ts'
import { demandWords } from '../../../report/policy/explanation.ts'
import type { Denials } from '../../app/app.ts'
import type { JudgedAtHand, Project } from '../../files/project.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'

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

function keptBack(action: Scope): DecisionOfPolicy {
  const reason = `no policy of this store can be read: ${action} is for the user of the machine alone`
  return { effect: 'deny', ground: 'condition', rules: [], reason, obligations: NO_OBLIGATIONS, policy: null }
}

function locally(principal: Principal, action: Scope): DecisionOfPolicy {
  const { effect, rule, reason } = decideLocal(principal, action)
  const ground = effect === 'allow' ? 'allowed' : 'denied'
  return { effect, ground, rules: [rule], reason, obligations: NO_OBLIGATIONS, policy: null }
}
