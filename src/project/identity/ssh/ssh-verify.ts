import { EosflowError } from '../../../model/error.ts'
import { type AllowedSigner, signerOfKey } from './ssh-allowed-signers.ts'
import { keygenVerifies, type SshPrograms } from './ssh-keygen.ts'
import { ED25519, isTouched, readSshSignature, verifiesEd25519 } from './ssh-signature.ts'
import { sshFingerprint, sshKeyType } from './ssh-wire.ts'

export type VerifiedSsh =
  | { readonly status: 'good'; readonly signer: AllowedSigner; readonly fingerprint: string }
  | { readonly status: 'untrusted' | 'forged'; readonly reason: string }

/** `times`: the key must be valid at each of them, milliseconds since the epoch. */
export interface SshClaim {
  readonly message: string
  readonly armored: string
  readonly namespace: string
  readonly signers: readonly AllowedSigner[]
  readonly times: readonly number[]
}

/**
 * Verifies an SSH signature: Ed25519 here, every other kind of key by `ssh-keygen`. Throws `protocol` when that is needed and
 * is not there.
 */
export async function verifySsh(programs: SshPrograms, claim: SshClaim): Promise<VerifiedSsh> {
  const { message, armored, namespace, signers, times } = claim
  const signature = signatureIn(armored)
  if (typeof signature === 'string') return { status: 'forged', reason: `the signature cannot be read: ${signature}` }
  if (signature.namespace !== namespace) {
    return { status: 'forged', reason: `the signature is for ${JSON.stringify(signature.namespace)}, not ${namespace}` }
  }
  const isGood =
    sshKeyType(signature.key) === ED25519
      ? verifiesEd25519(message, signature)
      : await keygenVerifies(programs, { message, armored, namespace })
  const fingerprint = sshFingerprint(signature.key)
  if (!isGood) return { status: 'forged', reason: `the signature of ${fingerprint} is not one over this statement` }
  if (!isTouched(signature)) return { status: 'forged', reason: `nobody touched the key ${fingerprint} when it signed` }
  const signer = signerOfKey(signers, { key: signature.key, namespace, times })
  if (typeof signer === 'string') return { status: 'untrusted', reason: signer }
  return { status: 'good', signer, fingerprint }
}

function signatureIn(armored: string) {
  try {
    const signature = readSshSignature(armored)
    sshKeyType(signature.key)
    return signature
  } catch (error) {
    if (error instanceof EosflowError) return error.message
    throw error
  }
}
