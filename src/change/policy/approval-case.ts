import type { ApprovalSignature, ApprovalStatement, Condition } from '../../model/approval.ts'
import type { PlanRun, RunEnd } from '../../model/plan-run.ts'
import type { Principal, Scope } from '../../model/principal.ts'

export type Signer =
  | { readonly status: 'proved'; readonly principal: Principal }
  /** The signature is not one over this statement. */
  | { readonly status: 'forged'; readonly reason: string }
  /** The signature is good and the key is nobody's whom the project trusts now. */
  | { readonly status: 'untrusted'; readonly reason: string }

export interface Decision {
  readonly statement: ApprovalStatement
  readonly record: number
  readonly signature?: ApprovalSignature
  readonly seal: string
  readonly intact: boolean
  readonly signer: Signer
  readonly entitled: { readonly effect: 'allow' | 'deny'; readonly reason: string }
  readonly roles: readonly string[]
  /** When this process first saw it: wall time and monotonic time in milliseconds. */
  readonly loaded: { readonly wall: number; readonly monotonic: number }
}

export interface ComparedPart {
  readonly planned: string | null
  readonly found: string | null
}

export interface RecordedUse {
  readonly nonce: string
  readonly execution: string | undefined
}

export interface ShownChange {
  readonly device: string
  readonly base: ComparedPart
  readonly diff: ComparedPart
  readonly shown: ComparedPart
}

/** At a confirm the switch already runs the change under its timer: then neither time nor use matters any more, but whether somebody has taken the approval back, or the right to give it (docs/fault-model.md row 27). */
export type ApprovalStage = 'start' | 'commit' | 'confirm'

export interface UndonePlan {
  /** The execution of it that is taken back; undefined where nobody has said which yet, and the next one is meant. */
  readonly by: string | undefined
  readonly runs: readonly PlanRun[]
  readonly uses: readonly RecordedUse[]
  readonly rejectedBy?: string
}

/** What the approvals of another plan are for a plan that was made again of it (docs/approvals.md#an-approval-that-carries). */
export interface CarryCase {
  readonly plan: string
  readonly nonces: readonly string[]
  /** Every plan to which they have carried, by their digests: whoever rejects one rejects this change. */
  readonly others: readonly string[]
  readonly kinds: readonly string[]
  /** Why they are none for this plan after all; undefined: nothing is wrong. */
  readonly because?: string | undefined
  /** The later plan to which they have carried since; undefined: this one is the last. */
  readonly later?: string | undefined
  /** What has gone by since the first of them was given and ends them all; undefined: nothing. */
  readonly passed?: string | undefined
}

export interface CarryTarget {
  readonly to: string
  readonly seq: number
}

/** Everything that the validity of an approval depends on (docs/approvals.md#what-is-judged). */
export interface ApprovalCase {
  readonly moment: ApprovalStage
  readonly plan: { readonly digest: string; readonly recomputed: string }
  readonly decisions: readonly Decision[]
  readonly demands: readonly ApprovalDemand[]
  readonly requesters: readonly Omit<Principal, 'authenticatedAt'>[]
  readonly people?: readonly string[]
  /** This store, by its id, whether the policy takes approvals that are for another one, and when it was restored from a backup, ISO 8601 in UTC. */
  readonly store: { readonly id: string; readonly any: boolean; readonly restored?: string }
  readonly runners: readonly Principal[]
  readonly uses: readonly RecordedUse[]
  readonly runs: readonly PlanRun[]
  /** The plan that this one takes back, and for which execution; absent for every other plan. */
  readonly undone?: UndonePlan
  /** Whose approvals count for this plan, too; absent for every plan that was not made again of another. */
  readonly carry?: CarryCase
  readonly carriedAway?: CarryTarget | undefined
  /** Wall time in milliseconds since the epoch. */
  readonly now: number
  /** The highest wall time on record, in milliseconds: a clock that was set back does not revive an approval. */
  readonly highestWallTimeSeen: number
  /** Monotonic time in milliseconds: a clock that was set back unseen does not prolong one. */
  readonly monotonic: number
  /** For how many milliseconds the plan lets an approval hold, whatever the approval says. */
  readonly longest: number
  readonly key: string
  /** The install keys before it: the record vouches for when it was written, and nobody else writes there. */
  readonly formerKeys?: readonly string[]
  readonly execution: string
  /**
   * What the plan was made from: the workflow with its files, the policy, this tool and its rules; and what they give for each thing that the plan
   * demands, which is never taken from the plan alone.
   */
  readonly sources: Readonly<
    Record<'the workflow or one of its files' | 'the policy', ComparedPart> &
      Partial<Record<`the version of ${string}`, ComparedPart>> &
      Record<`what the workflow gives for ${string}`, ComparedPart>
  >
  readonly moved: readonly string[]
  readonly change?: ShownChange
}

export interface ApprovalRefusal {
  readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'unentitled' | 'tampered' | 'stale'
  readonly condition: Condition
  readonly reason: string
  readonly device?: string
}

export interface Use {
  readonly nonce: string
  readonly use: number
  /** The policy takes approvals of any store: other stores may use it once more. */
  readonly anyStore?: true
}

export type ApprovalJudgement =
  | { readonly status: 'approved'; readonly approvals: readonly ApprovalStatement[]; readonly uses: readonly Use[] }
  | ApprovalRefusal

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

export type ApprovalUses = Pick<ApprovalCase, 'uses' | 'runs' | 'execution' | 'carriedAway'>

export interface ApprovalOnRecord {
  readonly statement: Pick<ApprovalStatement, 'nonce' | 'notBefore' | 'maxRuns'>
  readonly record: number
}

/** Why an approval is no longer there for an execution; undefined while it is. Whoever used it has had it; so has every execution that was sent while it was on record, whosever approvals that used, and, for those that begin later, one that ended unsent, unless it was refused and nothing had come of it. */
export function spentOn(
  given: ApprovalOnRecord,
  { uses, runs, execution, carriedAway }: ApprovalUses,
): string | undefined {
  const { nonce, maxRuns } = given.statement
  const own = runs.find((run) => run.execution === execution)
  if (isBefore(given, own?.stopped)) {
    return `the approval lapsed when ${execution} was stopped; approve the plan again`
  }
  const isOwn = uses.some((use) => use.nonce === nonce && use.execution === execution)
  if (carriedAway !== undefined && given.record < carriedAway.seq && !isOwn) return gone(carriedAway.to)
  const users = uses.filter((use) => use.nonce === nonce && use.execution !== execution)
  const others = runs.filter((run) => run.execution !== execution)
  const began = own?.began ?? Number.POSITIVE_INFINITY
  const isSent = (run: PlanRun) => uses.some((use) => use.execution === run.execution)
  const had = others.filter((run) => {
    const { ended, stopped } = run
    if (ended !== undefined && !isBefore(given, ended)) return false
    if (isSent(run)) return true
    if (isBefore(given, stopped) && stopped.record < began) return true
    return ended !== undefined && !ended.isRefused && ended.record < began
  })
  const whom = new Set([...users.map((use) => use.execution), ...had.map((run) => run.execution)])
  if (whom.size < maxRuns) return undefined
  const [user] = users
  if (user !== undefined) return `the approval was used by execution ${user.execution}; approve the plan again`
  const open = had.find(({ ended }) => ended === undefined)
  return open === undefined
    ? `the approval lapsed when ${had.at(-1)?.execution} ended; approve the plan again`
    : `the approval is for ${open.execution}, which carries the plan out; approve the plan again when that has ended`
}

/** That an approval is for another plan now than the one that it was given for, or has carried to before. */
export function gone(to: string): string {
  return `the approval has carried to the plan ${to}, and is none for this one any more; approve the plan again`
}

/** Whether an approval was given before an end: by the record, or by the time at which it was signed. Not before one that is not there. */
export function isBefore({ statement, record }: ApprovalOnRecord, end: RunEnd | undefined): end is RunEnd {
  return end !== undefined && (record < end.record || Date.parse(statement.notBefore) < Date.parse(end.at))
}

/**
 * Why the approval of an undo is none for rolling back an execution; undefined where it is. It was given together with an approval of the plan, and
 * is for the next execution that sends that plan, and no longer once somebody has stopped it or has rejected the plan (docs/adr/0110-an-undo-that-is-approved-before.md).
 */
export function notUndone(given: ApprovalOnRecord, { by, runs, uses, rejectedBy }: UndonePlan): string | undefined {
  const sent = sentRuns(runs, uses)
  if (by === undefined) {
    const had = sent.find(({ ended }) => isBefore(given, ended))
    return had && `the undo was approved for ${had.execution}, which has sent the plan; approve it again`
  }
  if (rejectedBy !== undefined) return `${rejectedBy} has rejected the plan, and with it its undo`
  const isOver = ({ ended }: PlanRun) => ended !== undefined && !isBefore(given, ended)
  const next = sent.find((run) => !isOver(run))
  if (next === undefined) return 'the undo was approved when every execution of the plan had ended'
  if (next.execution !== by) {
    return `the undo was approved for ${next.execution}, which was the next to send the plan; approve this rollback by itself`
  }
  const later = sent.slice(sent.indexOf(next) + 1).find((run) => !isOver(run))
  if (later !== undefined) return `the approval of the undo lapsed when ${later.execution} sent the plan again`
  return isBefore(given, next.stopped) ? `the approval of the undo lapsed when ${by} was stopped` : undefined
}

function sentRuns(runs: readonly PlanRun[], uses: UndonePlan['uses']) {
  if (uses.length === 0) return runs.filter(({ ended }) => ended?.isRefused !== true)
  const users = new Set(uses.map(({ execution }) => execution))
  return [...users].flatMap((user) => runs.filter(({ execution }) => execution === user))
}

export interface NamedSigner {
  readonly names: readonly [string, ...string[]]
}

/** An identity with the person that it is, where a line of the trusted keys names the local user as one of that person's names: so nobody approves by a key what they have asked for as a local user. */
export function withPerson<P extends Omit<Principal, 'authenticatedAt'>>(
  principal: P,
  signers: readonly NamedSigner[],
): P {
  const personOf = ({ issuer, id }: Pick<Principal, 'issuer' | 'id'>): { readonly person?: string } => {
    const owner = issuer === 'local' ? signers.find(({ names }) => names.slice(1).includes(id)) : undefined
    return owner === undefined || principal.userNamespace === true ? {} : { person: owner.names[0] }
  }
  const { onBehalfOf } = principal
  const behalf = onBehalfOf === undefined ? {} : { onBehalfOf: { ...onBehalfOf, ...personOf(onBehalfOf) } }
  return { ...principal, ...behalf, ...personOf(principal) }
}

export function peopleOf(signers: readonly NamedSigner[]): readonly string[] {
  return signers.map(({ names: [name] }) => name)
}

/** The requester of whom no trusted key says who it is, by id; undefined where all are people with a key. `people`: the names of those. */
export function strangerAmong(
  requesters: readonly Omit<Principal, 'authenticatedAt'>[],
  people: readonly string[],
): string | undefined {
  const isKnown = ({ person }: Pick<Principal, 'person'>) => person !== undefined && people.includes(person)
  return requesters.find((one) => {
    const { kind, onBehalfOf, named = [] } = one
    const humans = [...(kind === 'person' ? [one] : []), ...(onBehalfOf === undefined ? [] : [onBehalfOf]), ...named]
    return humans.length === 0 || !humans.every(isKnown)
  })?.id
}
