import {
  type AllowedSigner,
  APPROVAL_NAMESPACE,
  SERVER_NAMESPACE,
  signerOfKey,
} from '../../identity/ssh-allowed-signers.ts'
import type { SshPrograms } from '../../identity/ssh-keygen.ts'
import { ED25519 } from '../../identity/ssh-signature.ts'
import { verifySsh } from '../../identity/ssh-verify.ts'
import { sshString } from '../../identity/ssh-wire.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import type { Principal } from '../../model/principal.ts'
import type { Signer } from '../../policy/approval-case.ts'
import { sealOf, statementText } from '../../policy/statement.ts'
import { serverKeyOf, serverVerifies } from '../../policy/statement-signature.ts'

/** Whom a machine believes: the keys it trusts, and its own. */
export interface Trust {
  readonly signers: readonly AllowedSigner[]
  /** The install key; absent on a machine that only verifies. */
  readonly key?: string
  readonly programs: SshPrograms
  /** Wall time in milliseconds since the epoch: a key has to be valid now, and when it signed. */
  readonly now: number
}

/** Who stands behind a signed statement. Throws `protocol` when `ssh-keygen` is needed and is not there. */
export async function signerOf(
  statement: ApprovalStatement,
  signature: ApprovalSignature,
  trust: Trust,
): Promise<Signer> {
  switch (signature.kind) {
    case 'ssh':
      return sshSigner(statement, signature.armored, trust)
    case 'server':
      return serverSigner(statement, signature, trust)
    case 'seal':
      return sealSigner(statement, signature.seal, trust)
  }
}

const timesOf = ({ notBefore }: ApprovalStatement, { now }: Trust): readonly number[] => [Date.parse(notBefore), now]

/** The person whose key it is. What the statement says about its approver must fit: the name, or the fingerprint of the key. */
async function sshSigner(statement: ApprovalStatement, armored: string, trust: Trust): Promise<Signer> {
  const found = await verifySsh(trust.programs, {
    message: statementText(statement),
    armored,
    namespace: APPROVAL_NAMESPACE,
    signers: trust.signers,
    times: timesOf(statement, trust),
  })
  if (found.status !== 'good') return found
  const { issuer, id } = statement.approver
  const { names } = found.signer
  if (issuer !== 'ssh' || (id !== found.fingerprint && !names.includes(id))) {
    return { status: 'forged', reason: `the statement is of ${id}, and the key that signed it is of ${names[0]}` }
  }
  return { status: 'proved', principal: sshPrincipal(names[0], statement.notBefore) }
}

/** A person who proves who they are by an SSH key, each time anew. */
export function sshPrincipal(name: string, at: string): Principal {
  return { issuer: 'ssh', id: name, kind: 'person', auth: 'ssh', person: name, authenticatedAt: at }
}

/** An identity that an installation has seen: this one, or one whose key is trusted for that. */
function serverSigner(
  statement: ApprovalStatement,
  signature: ApprovalSignature & { readonly kind: 'server' },
  trust: Trust,
): Signer {
  if (!serverVerifies(statement, signature)) {
    return { status: 'forged', reason: 'the signature of the installation is not one over this statement' }
  }
  const proved: Signer = { status: 'proved', principal: statement.approver }
  if (trust.key !== undefined && serverKeyOf(trust.key).publicKey === signature.key) return proved
  const key = Buffer.concat([ED25519, Buffer.from(signature.key, 'base64')].map(sshString))
  const times = timesOf(statement, trust)
  const server = signerOfKey(trust.signers, { key, namespace: SERVER_NAMESPACE, times })
  return typeof server === 'string' ? { status: 'untrusted', reason: server } : proved
}

function sealSigner(statement: ApprovalStatement, seal: string, { key }: Trust): Signer {
  if (key === undefined) return { status: 'untrusted', reason: 'only who has the install key can verify a seal' }
  if (seal === sealOf(key, statement)) return { status: 'proved', principal: statement.approver }
  return { status: 'forged', reason: 'the seal was not made with the install key of this project' }
}
