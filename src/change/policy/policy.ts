import { definedMembers } from '../../model/defined-members.ts'
import { digestOf, sha256 } from '../../model/digest.ts'
import type { Json } from '../../model/json.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import type { Gate } from './gate-answer.ts'
import type { PolicyFile } from './policy-schema.ts'

const OWN_WORD: readonly string[] = ['local', 'schedule', 'hook', 'worker']

/** How an identity is called in one word, where a schedule is `schedule:NAME` and a sender of events `hook:NAME`: as a member of a role names it, and as reasons say it. */
export function memberName({ issuer, id }: Pick<Principal, 'issuer' | 'id'>): string {
  return OWN_WORD.includes(issuer) ? id : `${issuer}:sub:${id}`
}

/** The roles that somebody has at a time (milliseconds since the epoch). */
export function rolesOf(policy: Policy, principal: Principal, at: number): readonly string[] {
  return Object.entries(policy.roles).flatMap(([name, { members, maxAuthAgeSec }]) => {
    const isMember = members.some((member) => isCalled(principal, member))
    return isMember && isFresh(principal, maxAuthAgeSec, at) ? [name] : []
  })
}

export function isMeant(to: readonly string[], { kind }: Principal, roles: readonly string[]): boolean {
  return to.some((name) => name === `kind:${kind}` || roles.includes(name))
}

/** Whether somebody logged in no longer ago than `maxAge` seconds. */
export function isFresh({ authenticatedAt }: Principal, maxAge: number | undefined, at: number): boolean {
  if (maxAge === undefined) return true
  const since = Date.parse(authenticatedAt ?? '')
  return at - since <= maxAge * 1000
}

function isCalled(principal: Principal, member: string) {
  const { issuer, kind, groups = [] } = principal
  if (member === `kind:${kind}` || member === memberName(principal)) return true
  return groups.some((group) => member === `${issuer}:group:${group}`)
}

export type Role = PolicyFile['roles'][string]

export type ChangeWindow = PolicyFile['windows'][string]

export type Freeze = PolicyFile['freezes'][number]

/** Durations are in seconds. */
export interface Rule extends Omit<PolicyFile['rules'][number], 'allow' | 'deny'> {
  readonly effect: 'allow' | 'deny'
  readonly actions: readonly Scope[]
}

export type PolicyTest = PolicyFile['tests'][number]

export interface Policy {
  readonly file: string
  readonly roles: Readonly<Record<string, Role>>
  readonly windows: Readonly<Record<string, ChangeWindow>>
  readonly freezes: readonly Freeze[]
  readonly rules: readonly Rule[]
  /** `anyStore`: an approval counts in every store, and is therefore not single-use. */
  readonly approvals?: 'anyStore'
  readonly gate?: Gate
  readonly tests: readonly PolicyTest[]
}

const nothing = { on: {}, when: { noFreeze: false } } as const

/**
 * What holds whatever a policy says: an agent plans and asks, and neither it nor a service ever approves, retires a policy
 * or accepts a clock (docs/policy.md#rules).
 */
export const BUILT_IN_RULES: readonly Rule[] = [
  {
    id: 'builtin-no-agent',
    effect: 'deny',
    actions: [
      'plan.approve',
      'task.push',
      'task.confirm',
      'device.unlock',
      'baseline.set',
      'notice.end',
      'intent.adopt',
      'backup.secrets',
      'worker.drain',
      'policy.edit',
      'bundle.publish',
      'breakglass.use',
    ],
    to: ['kind:agent'],
    ...nothing,
  },
  {
    id: 'builtin-no-service-approval',
    effect: 'deny',
    actions: ['plan.approve', 'plan.reject'],
    to: ['kind:service'],
    ...nothing,
  },
  {
    id: 'builtin-person-only',
    effect: 'deny',
    actions: ['policy.retire', 'clock.accept'],
    to: ['kind:agent', 'kind:service'],
    ...nothing,
  },
]

/** The digest of a policy: over everything that decides, the built-in rules too, and over the texts of the files that say which SSH keys (docs/approvals.md#from-another-machine-by-an-ssh-key) and which passkeys (docs/approvals.md#by-a-passkey) sign for whom. */
export function policyDigest(
  { roles, windows, freezes, rules, approvals, gate }: Policy,
  trust: string | null,
  passkeys: string | null = null,
  reviewers: string | null = null,
): string {
  const decides = {
    roles,
    windows,
    freezes,
    rules,
    trust: trust === null ? null : sha256(trust),
    ...definedMembers({ approvals, gate }),
    ...(passkeys === null ? {} : { passkeys: sha256(passkeys) }),
    ...(reviewers === null ? {} : { reviewers: sha256(reviewers) }),
  }
  // Members of interfaces that are JSON throughout, which an interface cannot say.
  return digestOf(decides as unknown as Json)
}
