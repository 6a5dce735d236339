import { createHash } from 'node:crypto'
import type {
  ApprovalSignature,
  ApprovalStatement,
  ReviewSignature,
  SeenProof,
  SeenReview,
} from '../../model/approval.ts'
import { canonicalJson, hmac } from '../../model/digest.ts'
import { isSignedBy, type SigningKey } from '../../model/ed25519.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type ApprovalJudgement,
  type ApprovalOnRecord,
  type ApprovalRefusal,
  type Decision,
  gone,
  notUndone,
  proofOf,
  spentOn,
} from './approval-case.ts'
import { asked, countedFor, type WeighedApproval } from './quorum.ts'

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

// What the body of a signed statement is, as DSSE names it.
const PAYLOAD_TYPE = 'application/vnd.eosflow.approval+json'

/** The pre-authentication encoding of DSSE 1.0: what is signed, so that a body of one type is never taken for another. */
export function preAuthEncoding(type: string, body: string): Buffer {
  const part = (text: string) => `${Buffer.byteLength(text)} ${text}`
  return Buffer.from(`DSSEv1 ${part(type)} ${part(body)}`)
}

type ServerSignature = ApprovalSignature & { readonly kind: 'server' }

/** Vouches by the server key of an installation for a person that it has seen. */
export function serverSignature(key: SigningKey, statement: ApprovalStatement, proof?: SeenProof): ServerSignature {
  return {
    kind: 'server',
    key: key.publicKey,
    signature: key.sign(signedBytes(statement, proof)),
    ...definedMembers({ proof }),
  }
}

/** Vouches by the server key of an installation for a review that it has read. */
export function reviewSignature(key: SigningKey, statement: ApprovalStatement, review: SeenReview): ReviewSignature {
  return { kind: 'review', key: key.publicKey, signature: key.sign(reviewedBytes(statement, review)), review }
}

/** Whether a signature is one over the statement and the review by the key that it names. */
export function reviewVerifies(statement: ApprovalStatement, { key, signature, review }: ReviewSignature): boolean {
  return isSignedBy(key, reviewedBytes(statement, review), signature)
}

function reviewedBytes(statement: ApprovalStatement, review: SeenReview) {
  return preAuthEncoding(PAYLOAD_TYPE, reviewedText(statement, review))
}

/** Whether a signature is one over the statement by the key that it names. Whose key that is is not asked. */
export function serverVerifies(statement: ApprovalStatement, { key, signature, proof }: ServerSignature): boolean {
  return isSignedBy(key, signedBytes(statement, proof), signature)
}

function signedBytes(statement: ApprovalStatement, proof: SeenProof | undefined) {
  const body = proof === undefined ? statementText(statement) : provenText(statement, proof)
  return preAuthEncoding(PAYLOAD_TYPE, body)
}

export interface StatementRequest {
  readonly plan: string
  readonly store: string
  readonly decision: 'approve' | 'reject'
  readonly approver: Principal
  /** Wall time in milliseconds since the epoch. */
  readonly now: number
  /** How long the decision holds, in milliseconds. */
  readonly validFor: number
  readonly maxRuns?: number
  /** 16 random bytes as hex: what one use of the approval is counted by. */
  readonly nonce: string
  readonly comment: string
  readonly policy: string | null
}

/** Writes a decision down as the statement that is sealed or signed, and journalled (docs/approvals.md#verify-one-by-hand). */
export function statementFor(request: StatementRequest): ApprovalStatement {
  return {
    v: 3,
    kind: 'eosflow.approval',
    plan: request.plan,
    store: request.store,
    decision: request.decision,
    approver: request.approver,
    notBefore: new Date(request.now).toISOString(),
    expires: new Date(request.now + request.validFor).toISOString(),
    maxRuns: request.maxRuns ?? 1,
    nonce: request.nonce,
    comment: request.comment,
    policy: request.policy,
  }
}

/** What is sealed and signed: the statement's canonical JSON (RFC 8785). */
export function statementText(statement: ApprovalStatement): string {
  return canonicalJson(asJson(statement))
}

export function provenText(statement: ApprovalStatement, proof: SeenProof): string {
  return canonicalJson({ statement: asJson(statement), proof: asJson(proof) })
}

export function reviewedText(statement: ApprovalStatement, review: SeenReview): string {
  return canonicalJson({ statement: asJson(statement), review: asJson(review) })
}

/**
 * The seal on a statement in the store: `hmac:` over its canonical JSON, and over that of its signature, under the install key, so that
 * a row that somebody else wrote into the store is not an approval.
 */
export function sealOf(key: string, statement: ApprovalStatement, signature?: ApprovalSignature): string {
  if (signature === undefined) return hmac(key, statementText(statement))
  return hmac(key, canonicalJson({ statement: asJson(statement), signature: asJson(signature) }))
}

/**
 * What a passkey signs for a statement: SHA-256 over a name, a zero byte and the statement, so that a signature that was made for anything
 * else is never an approval.
 */
export function approvalChallenge(statement: ApprovalStatement): Buffer {
  return createHash('sha256').update('eosflow-approval-v3\0').update(statementText(statement)).digest()
}

/** What a login for one decision names it by, as the nonce of its ID token: SHA-256 over the statement in base64url. */
export function statementNonce(statement: ApprovalStatement): string {
  return createHash('sha256').update(statementText(statement)).digest('base64url')
}

function asJson(value: ApprovalStatement | ApprovalSignature | SeenProof | SeenReview) {
  return value as unknown as Json
}
