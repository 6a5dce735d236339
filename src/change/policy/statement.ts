import { createHash } from 'node:crypto'
import type {
  ApprovalSignature,
  ApprovalStatement,
  ReviewSignature,
  SeenProof,
  SeenReview,
} from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { canonicalJson, hmac } from '../../model/digest.ts'
import { isSignedBy, type SigningKey } from '../../model/ed25519.ts'
import type { Json } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'

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
