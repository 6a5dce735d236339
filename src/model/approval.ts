import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'

/** A person's decision about one plan digest (docs/approvals.md). Times are ISO 8601 in UTC. */
export interface ApprovalStatement {
  readonly v: 3
  readonly kind: 'eosflow.approval'
  readonly plan: string
  readonly store: string
  readonly decision: 'approve' | 'reject'
  readonly approver: Principal
  readonly notBefore: string
  readonly expires: string
  readonly maxRuns: number
  readonly nonce: string
  readonly comment: string
  /** The digest of the policy that the plan was made under, or null in local mode. */
  readonly policy: string | null
}

export type ApprovalSignature =
  | { readonly kind: 'ssh'; readonly armored: string }
  /** Ed25519 over the DSSE PAE of statement and proof as canonical JSON: the installation of `key` has seen who approved. Both in base64. */
  | { readonly kind: 'server'; readonly key: string; readonly signature: string; readonly proof?: SeenProof }
  /** `hmac:` over the statement's canonical JSON under the install key: good where that key is shared. */
  | { readonly kind: 'seal'; readonly seal: string }
  | PasskeySignature
  | ReviewSignature

export interface PasskeySignature {
  readonly kind: 'webauthn'
  readonly credential: string
  /** Its public key as it was trusted then: SubjectPublicKeyInfo in base64. */
  readonly key: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

export interface ReviewSignature {
  readonly kind: 'review'
  readonly key: string
  readonly signature: string
  readonly review: SeenReview
}

/** Times are ISO 8601 in UTC. */
export interface SeenReview {
  readonly issuer: string
  readonly pull: { readonly number: number; readonly head: string }
  readonly base: { readonly branch: string; readonly commit: string }
  readonly reviewers: string
  readonly account: { readonly id: number; readonly login: string }
  readonly review: { readonly id: string; readonly at: string }
  readonly comment: { readonly id: number; readonly account: number; readonly at: string; readonly text: string }
}

export interface SeenProof {
  readonly issuer: string
  readonly claims: JsonObject
  /** The SHA-256 thumbprint of the issuer's key (RFC 7638). */
  readonly thumbprint: string
}

export interface SignedStatement {
  readonly statement: ApprovalStatement
  readonly signature: ApprovalSignature
}

/** The nine conditions under which an approved plan may be sent, by name (docs/approvals.md#what-is-judged). */
export type Condition =
  | 'signature'
  | 'digest'
  | 'time'
  | 'authority'
  | 'rejection'
  | 'uses'
  | 'definition'
  | 'drift'
  | 'diff'
