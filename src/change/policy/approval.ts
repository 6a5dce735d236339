import type { ApprovalSignature, ApprovalStatement, Condition } from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { PlanRun } from '../../model/plan-run.ts'
import type { Principal } from '../../model/principal.ts'
import { type ApprovalDemand, proofOf } from './obligations.ts'
import { asked, countedFor, type WeighedApproval } from './quorum.ts'
import { type ApprovalOnRecord, gone, notUndone, spentOn } from './spent.ts'
import { sealOf } from './statement.ts'

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

/** Judges whether a plan may be sent: the nine conditions (docs/approvals.md#what-is-judged) in one place, at the start of an execution and again right before each timed commit. */
export function judgeApprovals(facts: ApprovalCase): ApprovalJudgement {
  const moved = staleness(facts)
  if (moved !== undefined) return moved
  const own = decisionsAbout(facts)
  const genuine = own.filter((decision) => isGenuine(decision, facts))
  const reject = genuine.find(({ statement }) => statement.decision === 'reject')
  if (reject !== undefined) return { status: 'rejected', condition: 'rejection', reason: rejection(reject.statement) }
  const forged = own.find((decision) => !genuine.includes(decision))
  if (forged !== undefined) return { status: 'tampered', condition: 'signature', reason: forgery(forged) }
  return asked(voicesOf(genuine, facts), facts)
}

export function countOf(demand: ApprovalDemand, facts: ApprovalCase): number {
  const own = decisionsAbout(facts)
  if (own.some((one) => !isGenuine(one, facts))) return 0
  const approvals = own.filter(({ statement }) => statement.decision === 'approve')
  return countedFor(demand, voicesOf(approvals, facts), facts).length
}

/** Until when a plan that is approved stays so, if nothing happens but that time passes, in milliseconds since the epoch; undefined where it is not approved. */
export function approvedUntil(facts: ApprovalCase): number | undefined {
  const isApproved = (now: number) => judgeApprovals({ ...facts, now }).status === 'approved'
  if (!isApproved(facts.now)) return undefined
  const ages = [facts.longest, ...facts.demands.flatMap(({ maxAge }) => maxAge ?? [])]
  const ends = facts.decisions.flatMap(({ statement: { notBefore, expires } }) => [
    Date.parse(expires),
    ...ages.map((age) => Date.parse(notBefore) + age),
  ])
  return ends.toSorted((a, b) => b - a).find((end) => end <= facts.now || isApproved(end - 1))
}

function decisionsAbout({ decisions, plan, carry }: ApprovalCase) {
  return decisions.filter(({ statement: { plan: of, decision } }) => {
    if (of === plan.digest || of === carry?.plan) return true
    return decision === 'reject' && carry?.others.includes(of) === true
  })
}

function voicesOf(genuine: readonly Decision[], facts: ApprovalCase): readonly WeighedApproval[] {
  const { plan, carry } = facts
  const isMeant = ({ statement }: Decision) =>
    statement.plan === plan.digest || carry?.nonces.includes(statement.nonce) === true
  return genuine.filter((one) => isOfPerson(one) && isMeant(one)).map(voiceIn(facts))
}

function staleness({ moment, plan, sources, moved, change }: ApprovalCase): ApprovalRefusal | undefined {
  if (plan.recomputed !== plan.digest) {
    return stale('digest', `the stored plan has the digest ${plan.recomputed}, not ${plan.digest}`)
  }
  if (moved.length > 0) return stale('definition', moved.join('; '))
  const changed = Object.entries(sources).find(
    ([, compared]) => compared !== undefined && compared.planned !== compared.found,
  )
  if (changed !== undefined) return stale('definition', `${changed[0]} has changed since the plan was made`)
  if (change === undefined) {
    return moment === 'commit' ? stale('drift', 'what the switch shows was not read before the commit') : undefined
  }
  const { device, base, diff, shown } = change
  if (base.planned !== base.found) {
    return stale('drift', `${device}: running-config has changed since the plan was made`, device)
  }
  if (diff.planned !== diff.found) {
    return stale('diff', `${device}: the switch would make another change than the approved one`, device)
  }
  if (shown.planned !== shown.found) {
    return stale('diff', `${device}: the plan shows another change than the one that would be made`, device)
  }
  return undefined
}

function stale(condition: ApprovalRefusal['condition'], reason: string, device?: string): ApprovalRefusal {
  return { status: 'stale', condition, reason, ...definedMembers({ device }) }
}

function isGenuine({ statement, signature, seal, intact, signer }: Decision, { key, formerKeys = [] }: ApprovalCase) {
  const isSealed = [key, ...formerKeys].some((own) => seal === sealOf(own, statement, signature))
  return intact && isSealed && signer.status !== 'forged'
}

function forgery({ signer }: Decision) {
  return signer.status === 'forged'
    ? signer.reason
    : 'a recorded decision about this plan was altered after it was made'
}

function rejection({ approver, comment }: ApprovalStatement) {
  return comment === ''
    ? `${approver.id} rejected this plan`
    : `${approver.id} rejected this plan: ${comment.replace(/\s+/g, ' ')}`
}

function isOfPerson({ statement, signer }: Decision) {
  return statement.approver.kind === 'person' && (signer.status !== 'proved' || signer.principal.kind === 'person')
}

function voiceIn(facts: ApprovalCase): (decision: Decision) => WeighedApproval {
  return ({ statement, record, signature, signer, roles, entitled, loaded }) => {
    const passing =
      facts.moment === 'confirm'
        ? undefined
        : (timeFlaw(statement, loaded, facts) ?? useFlaw({ statement, record }, facts) ?? carryFlaw(statement, facts))
    const other = undoFlaw({ statement, record }, facts) ?? otherPlanFlaw(statement, facts)
    const flaw =
      storeFlaw(statement, facts) ?? passing ?? other ?? authorityFlaw({ statement, signer, entitled }, facts)
    const principal = signer.status === 'proved' ? signer.principal : statement.approver
    const proof = proofOf(signature)
    return {
      statement,
      principal,
      roles,
      ...definedMembers({ proof }),
      ...(statement.plan === facts.plan.digest ? {} : { isCarried: true }),
      ...definedMembers({ flaw }),
    }
  }
}

function storeFlaw(
  { store, notBefore }: ApprovalStatement,
  { store: here }: ApprovalCase,
): ApprovalRefusal | undefined {
  const lost = beforeRestoration({ notBefore }, here.restored)
  if (lost !== undefined) return { status: 'unentitled', condition: 'uses', reason: lost }
  return store === here.id || here.any
    ? undefined
    : { status: 'unentitled', condition: 'uses', reason: otherStore(store, here.id) }
}

/** That an approval may have been used in records that are lost; undefined where the store was not restored behind it. */
export function beforeRestoration(
  { notBefore }: Pick<ApprovalStatement, 'notBefore'>,
  restored: string | undefined,
): string | undefined {
  if (restored === undefined || Date.parse(notBefore) > Date.parse(restored)) return undefined
  return `the approval is from before the store was restored from a backup, ${restored}, and may have been used since the backup: approve the plan again`
}

export function otherStore(store: string, here: string): string {
  return `the approval is for the store ${store}, and this is ${here}`
}

function timeFlaw(
  statement: ApprovalStatement,
  loaded: Decision['loaded'],
  facts: ApprovalCase,
): ApprovalRefusal | undefined {
  const now = Math.max(facts.now, facts.highestWallTimeSeen)
  const { notBefore } = statement
  if (!(now >= Date.parse(notBefore))) {
    return { status: 'missing', condition: 'time', reason: `the approval holds only from ${notBefore} on` }
  }
  const ends = Math.min(Date.parse(statement.expires), Date.parse(notBefore) + facts.longest)
  const isOver = !(now < ends) || !(facts.monotonic - loaded.monotonic < ends - loaded.wall)
  return isOver ? { status: 'expired', condition: 'time', reason: expiry(statement, ends, facts) } : undefined
}

function expiry({ expires }: ApprovalStatement, ends: number, { now, highestWallTimeSeen }: ApprovalCase) {
  const reason = `the approval expired at ${Number.isNaN(ends) ? expires : new Date(ends).toISOString()}`
  if (highestWallTimeSeen > now) {
    return `${reason}; the clock was set back, the newest record is of ${new Date(highestWallTimeSeen).toISOString()}`
  }
  return now < ends ? `${reason}, by the time that has passed since it was read; the clock was set back` : reason
}

function useFlaw(given: ApprovalOnRecord, facts: ApprovalCase): ApprovalRefusal | undefined {
  const reason = spentOn(given, facts)
  return reason === undefined ? undefined : { status: 'used', condition: 'uses', reason }
}

function undoFlaw(given: ApprovalOnRecord, { undone }: ApprovalCase): ApprovalRefusal | undefined {
  const reason = undone && notUndone(given, undone)
  return reason === undefined ? undefined : { status: 'used', condition: 'uses', reason }
}

function carryFlaw(
  { plan: of, nonce }: ApprovalStatement,
  { plan, carry, uses, execution }: ApprovalCase,
): ApprovalRefusal | undefined {
  if (of === plan.digest || carry === undefined) return undefined
  if (uses.some((use) => use.nonce === nonce && use.execution === execution)) return undefined
  const { later, passed } = carry
  if (later !== undefined) return { status: 'used', condition: 'uses', reason: gone(later) }
  if (passed === undefined) return undefined
  return { status: 'expired', condition: 'time', reason: `the approval does not carry: ${passed}` }
}

function otherPlanFlaw({ plan }: ApprovalStatement, { plan: own, carry }: ApprovalCase): ApprovalRefusal | undefined {
  if (plan === own.digest || carry?.because === undefined) return undefined
  return stale('digest', `the approval does not carry: ${carry.because}`)
}

function authorityFlaw(
  { statement, signer, entitled }: Pick<Decision, 'statement' | 'signer' | 'entitled'>,
  { sources }: ApprovalCase,
): ApprovalRefusal | undefined {
  if (signer.status !== 'proved') return { status: 'unentitled', condition: 'authority', reason: signer.reason }
  if (entitled.effect === 'deny') return { status: 'unentitled', condition: 'authority', reason: entitled.reason }
  if (statement.policy === sources['the policy'].found) return undefined
  return stale('definition', `${signer.principal.id} approved this plan under another policy`)
}
