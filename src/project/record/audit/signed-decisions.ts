import { approvalChallenge, statementText } from '../../../change/policy/statement.ts'
import { reviewVerifies, serverVerifies } from '../../../change/policy/statement-signature.ts'
import type { KeptDecision } from '../../../change/record/audit/kept-decision.ts'
import type { ChainFault } from '../../../change/record/seal/chain.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../model/approval.ts'
import { EosflowError } from '../../../model/error.ts'
import { assertionFault } from '../../identity/passkey/webauthn-assertion.ts'
import { APPROVAL_NAMESPACE } from '../../identity/ssh/ssh-allowed-signers.ts'
import { ED25519, readSshSignature, verifiesEd25519 } from '../../identity/ssh/ssh-signature.ts'
import { sshKeyType } from '../../identity/ssh/ssh-wire.ts'

/** The signatures under the decisions of a record, each by the key that it names. Whose keys these are is not asked. */
export interface JudgedDecisions {
  readonly verified: number
  /** Signed by an SSH key of a kind that only `ssh-keygen` verifies. */
  readonly unchecked: number
  readonly fault?: ChainFault
}

/** Verifies what was signed in a record: SSH keys of Ed25519, installations and passkeys. A decision without a signature is under the seal of its store. */
export function judgeDecisions(decisions: readonly KeptDecision[]): JudgedDecisions {
  const judged = decisions.flatMap(({ seq, statement, signature }) =>
    signature === undefined || signature.kind === 'seal' ? [] : [{ seq, verdict: verdictOn(statement, signature) }],
  )
  const bad = judged.find(({ verdict }) => verdict === 'bad')
  return {
    verified: judged.filter(({ verdict }) => verdict === 'good').length,
    unchecked: judged.filter(({ verdict }) => verdict === 'unchecked').length,
    ...(bad === undefined
      ? {}
      : { fault: { seq: bad.seq, reason: 'the signature of the decision is not one over its statement' } }),
  }
}

function verdictOn(
  statement: ApprovalStatement,
  signature: Exclude<ApprovalSignature, { readonly kind: 'seal' }>,
): 'good' | 'bad' | 'unchecked' {
  switch (signature.kind) {
    case 'server':
      return serverVerifies(statement, signature) ? 'good' : 'bad'
    case 'review':
      return reviewVerifies(statement, signature) ? 'good' : 'bad'
    case 'webauthn': {
      const demand = { challenge: approvalChallenge(statement), key: Buffer.from(signature.key, 'base64') }
      return assertionFault(signature, demand) === undefined ? 'good' : 'bad'
    }
    case 'ssh':
      return sshVerdict(statement, signature.armored)
  }
}

function sshVerdict(statement: ApprovalStatement, armored: string): 'good' | 'bad' | 'unchecked' {
  try {
    const signature = readSshSignature(armored)
    if (signature.namespace !== APPROVAL_NAMESPACE) return 'bad'
    if (sshKeyType(signature.key) !== ED25519) return 'unchecked'
    return verifiesEd25519(statementText(statement), signature) ? 'good' : 'bad'
  } catch (error) {
    if (error instanceof EosflowError) return 'bad'
    throw error
  }
}
