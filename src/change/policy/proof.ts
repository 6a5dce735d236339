import type { ApprovalSignature } from '../../model/approval.ts'

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
