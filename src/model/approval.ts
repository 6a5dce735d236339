import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'

/**
 * A person's decision about one plan digest (docs/approvals.md). Times are ISO 8601 in UTC. How and when the approver proved
 * who they are is in `approver`.
 */
export interface ApprovalStatement {
  readonly v: 3
  readonly kind: 'eosflow.approval'
  readonly plan: string
  /** The store that counts its uses, by its id. */
  readonly store: string
  readonly decision: 'approve' | 'reject'
  readonly approver: Principal
  readonly notBefore: string
  readonly expires: string
  /** How many executions may use it. */
  readonly maxRuns: number
  readonly nonce: string
  readonly comment: string
  /** The digest of the policy that the plan was made under, or null in local mode. */
  readonly policy: string | null
}

/** What vouches for a statement on another machine than the one it was made on. */
export type ApprovalSignature =
  /** SSHSIG over the statement's canonical JSON in the namespace `approval@eosflow`, armored as `ssh-keygen -Y sign` prints it. */
  | { readonly kind: 'ssh'; readonly armored: string }
  /** Ed25519 over the DSSE PAE of statement and proof as canonical JSON: the installation of `key` has seen who approved. Both in base64. */
  | { readonly kind: 'server'; readonly key: string; readonly signature: string; readonly proof?: SeenProof }
  /** `hmac:` over the statement's canonical JSON under the install key: good where that key is shared. */
  | { readonly kind: 'seal'; readonly seal: string }
  | PasskeySignature
  | ReviewSignature

/** What a passkey has signed in a browser, over the digest of the statement (WebAuthn Level 3). Each part is in base64url, but for the key. */
export interface PasskeySignature {
  readonly kind: 'webauthn'
  /** The id of the passkey. */
  readonly credential: string
  /** Its public key as it was trusted then: SubjectPublicKeyInfo in base64. With it the signature can be verified wherever the record is. */
  readonly key: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

/** Ed25519 over the DSSE PAE of statement and review as canonical JSON: the installation of `key` has read this review on a forge. Both in base64. */
export interface ReviewSignature {
  readonly kind: 'review'
  readonly key: string
  readonly signature: string
  readonly review: SeenReview
}

/** What an installation has read of a review, and of what makes it count. Times are ISO 8601 in UTC. */
export interface SeenReview {
  /** `forge:HOST/OWNER/REPO`. */
  readonly issuer: string
  /** The pull request, by its number, and the end of its branch. */
  readonly pull: { readonly number: number; readonly head: string }
  /** The branch that it goes into, and its end when the file of reviewers was read there. */
  readonly base: { readonly branch: string; readonly commit: string }
  /** The digest of that file. */
  readonly reviewers: string
  readonly account: { readonly id: number; readonly login: string }
  readonly review: { readonly id: string; readonly at: string }
  /** The comment that shows the plan: its number, its account, when it was written or edited last, and the digest of its text. */
  readonly comment: { readonly id: number; readonly account: number; readonly at: string; readonly text: string }
}

/** What an installation has seen of a person's login: what the token said, and which key of the issuer had signed it. Never the token. */
export interface SeenProof {
  readonly issuer: string
  readonly claims: JsonObject
  /** The SHA-256 thumbprint of the issuer's key (RFC 7638). */
  readonly thumbprint: string
}

/** A statement on its way between two machines, or kept with what vouches for it. */
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
