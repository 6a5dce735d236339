import type { Inventory } from '../../../change/inventory/inventory.ts'
import { allowedTo } from '../../../change/policy/approver-words.ts'
import type { ChangeSource } from '../../../change/policy/change-match.ts'
import type { Ground, PolicyDecision } from '../../../change/policy/decide.ts'
import { decide, isEverAllowed } from '../../../change/policy/decide.ts'
import { decideLocal } from '../../../change/policy/decision.ts'
import { NO_OBLIGATIONS } from '../../../change/policy/obligations.ts'
import type { BreakGlass, PolicyDevice } from '../../../change/policy/rule-match.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Principal, Scope } from '../../../model/principal.ts'
import { demandWords } from '../../../report/policy/decision-words.ts'
import type { Denials } from '../../app/denial.ts'
import type { JudgedAtHand, Project } from '../../files/project.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'

/** Where something is decided. */
export interface PolicyContext extends WordedHost {
  readonly project: Pick<Project, 'policy' | 'inventory' | 'published' | 'inForce'>
  readonly store: Pick<Store, 'as' | 'get' | 'read'>
  readonly clock: Pick<Clock, 'now'>
  /** Where denials go; absent: straight to the store. */
  readonly denials?: Denials
}

/** What an act is about, as far as the policy looks at it. */
export interface ActSubject {
  /** Switches, by their names in the inventory. */
  readonly devices?: readonly string[]
  /** The workflow's file, by its path from the project's root. */
  readonly workflow?: string
  /** For how many milliseconds the windows must be open. */
  readonly lasts?: number
  /** Whether it belongs to a change that is live: then no window stands against it any more. */
  readonly underway?: boolean | 'demands'
  readonly breakGlass?: BreakGlass
  /** Whether it only makes stricter: it is judged also where what is in force cannot be read. */
  readonly brakes?: boolean
  /** What its plan changes; absent where no plan is known. */
  readonly change?: ChangeSource
}

/** A decision, and the digest of the policy that it was made by; null in local mode. */
export interface DecisionOfPolicy extends PolicyDecision {
  readonly policy: string | null
}

/** An act that is allowed, and how that is judged once more, by the policy that is in force then. */
export interface AllowedAct extends DecisionOfPolicy {
  readonly again: () => Promise<AllowedAct>
}

/** Decides for whoever is calling, as of now. Throws InputError when the policy is not good. */
export function decided(
  { project, clock }: Pick<PolicyContext, 'project' | 'clock'>,
  { principal }: SilentCaller,
  action: Scope,
  about: ActSubject = {},
): DecisionOfPolicy {
  return decidedFor({ project }, { principal, at: clock.now() }, action, about)
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

/** Who looks at the record needs no bundle that can be read, nor does whoever only makes stricter. */
const READING: ReadonlySet<Scope> = new Set([
  'workflow.list',
  'plan.read',
  'execution.read',
  'audit.read',
  'plan.reject',
])

function isFree(action: Scope, brakes = false): boolean {
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

/** Whether a rule lets whoever is calling do something about any switch or workflow. Where none does, there is nothing to look for. */
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

/**
 * Requires that whoever is calling may do something, before anything is done about it. A denial goes on record and throws
 * `not-authorised`, or `window-closed` when only a window or a freeze stands against it. Throws InputError when the policy is not good.
 */
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

async function allowedAgain(...asked: Parameters<typeof requireAllowed>): Promise<AllowedAct> {
  await asked[0].project.published?.renew()
  return requireAllowed(...asked)
}

/** A denial as it goes on record. */
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
    ...(workflow === undefined ? {} : { workflow }),
    ...(plan === undefined ? {} : { plan }),
  } as const
}

/** More names than this are no line to paste, and no selector. */
const MOST_NAMES = 50

/** A denial as it is thrown. */
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

/** Which rules allow what none allows this caller; of a rule that denies, or that waits for a time, the reason says it. */
function whoElse(
  { project }: Partial<Pick<PolicyContext, 'project'>>,
  action: Scope,
  { ground }: DecisionOfPolicy,
): string | undefined {
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

/** Switches by their names, with the tags that rules look at; one that has left the inventory has none. */
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

/** The switches of an inventory that was read, by their names: every state of every switch of a large change asks for all of them. */
const devicesByName = new WeakMap<Pick<Inventory, 'devices'>, ReadonlyMap<string, PolicyDevice>>()

/** Where a policy was lost, what only reads is kept from all but the user of this machine, who can read its files anyway. */
function isKept({ isLost }: JudgedAtHand, { auth, kind }: Principal, brakes: boolean): boolean {
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
