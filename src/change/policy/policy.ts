import { definedMembers } from '../../model/defined-members.ts'
import { digestOf, sha256 } from '../../model/digest.ts'
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/principal.ts'
import type { Gate } from './gate-schema.ts'
import type { PolicyFile } from './policy-schema.ts'

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
