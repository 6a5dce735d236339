import type { ApprovalSignature } from '../../model/approval.ts'
import type { Scope } from '../../model/principal.ts'

/** How a person can prove a decision, as a policy demands it (docs/policy.md#approvals), the strongest first. */
export const PROOFS = ['ssh', 'passkey', 'oidc', 'review'] as const

export type Proof = (typeof PROOFS)[number]

/** A seal says that a local user was logged in on the machine, and nothing of a key or a login for this decision; no more does an installation that has not seen such a login. */
export function proofOf(signature: ApprovalSignature | undefined): Proof | undefined {
  switch (signature?.kind) {
    case 'ssh':
      return 'ssh'
    case 'webauthn':
      return 'passkey'
    case 'server':
      return signature.proof === undefined ? undefined : 'oidc'
    case 'review':
      return 'review'
    default:
      return undefined
  }
}

/** Proofs in words: `an SSH key or a passkey`. */
export function proofWords(proofs: readonly Proof[]): string {
  return PROOFS.flatMap((proof) => (proofs.includes(proof) ? [WORDS[proof]] : [])).join(' or ')
}

const WORDS: Readonly<Record<Proof, string>> = {
  ssh: 'an SSH key',
  passkey: 'a passkey',
  oidc: 'a new login at the identity provider',
  review: 'a review on the forge',
}

export const LOCAL_DEMAND: ApprovalDemand = {
  by: 'the workflow',
  count: 1,
  from: [],
  distinct: 'identity',
  notRequester: false,
  notRunner: false,
}

export interface ApprovalDemand {
  readonly by: string
  /** How many approvals, each of another human or identity (see `distinct`). At least 1. */
  readonly count: number
  /** The roles of the policy whose members count; empty: whoever may approve. */
  readonly from: readonly string[]
  readonly distinct: 'person' | 'identity'
  readonly notRequester: boolean
  readonly notRunner: boolean
  /** Whether only a plan counts that was asked for by people with a trusted key: of anybody else nobody knows whether they approve it themselves. */
  readonly knownRequester?: true
  /** How the approver must have proved the decision: one of these; absent: however they can. */
  readonly proof?: readonly Proof[]
  readonly takesReview?: true
  /** How old an approval may be when it is used, in milliseconds; absent: as old as it says itself. */
  readonly maxAge?: number
  /** In lines of which kinds the base may have changed since an approval was given, so that it counts (docs/approvals.md#an-approval-that-carries); absent: in none. */
  readonly carry?: { readonly kinds: readonly string[] }
  /** One of them is asked for because an event names somebody whom nobody knows as having asked for the plan. */
  readonly forUnknown?: true
}

export interface Obligations {
  readonly approvals: readonly ApprovalDemand[]
  readonly concurrency: readonly { readonly by: string; readonly most: number; readonly devices: readonly string[] }[]
}

export const FOR_UNKNOWN = 'one more because somebody whom the event names is nobody known'

export const APPROVED_ACTS: readonly Scope[] = ['execution.start', 'task.push', 'task.confirm']

export const SENDING_ACTS: readonly Scope[] = ['task.push', 'task.confirm']

export const NO_OBLIGATIONS: Obligations = { approvals: [], concurrency: [] }

export function unionOf(all: readonly Obligations[]): Obligations {
  const approvals = new Map(all.flatMap((one) => one.approvals).map((demand) => [JSON.stringify(demand), demand]))
  const limits = new Map<string, { readonly most: number; readonly devices: Set<string> }>()
  for (const { by, most, devices } of all.flatMap((each) => each.concurrency)) {
    const concerned = limits.get(by)?.devices ?? new Set<string>()
    for (const device of devices) concerned.add(device)
    limits.set(by, { most, devices: concerned })
  }
  const concurrency = [...limits].map(([by, { most, devices }]) => ({ by, most, devices: [...devices] }))
  return { approvals: [...approvals.values()], concurrency }
}

/** The kinds of lines that all demands list, so that an approval which carries over them counts for each; none where one lists none. */
export function sharedKinds(demands: readonly Pick<ApprovalDemand, 'carry'>[]): readonly string[] {
  const [first, ...others] = demands.map(({ carry }) => carry?.kinds ?? [])
  return (first ?? []).filter((kind) => others.every((listed) => listed.includes(kind)))
}
