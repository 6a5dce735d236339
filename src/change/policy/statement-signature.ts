import type {
  ApprovalSignature,
  ApprovalStatement,
  ReviewSignature,
  SeenProof,
  SeenReview,
} from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { isSignedBy, type SigningKey } from '../../model/ed25519.ts'
import { preAuthEncoding } from '../../model/pre-auth-encoding.ts'
import { provenText, reviewedText, statementText } from './statement.ts'

// What the body of a signed statement is, as DSSE names it.
const PAYLOAD_TYPE = 'application/vnd.eosflow.approval+json'

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
