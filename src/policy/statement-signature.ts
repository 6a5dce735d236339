import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto'
import type { ApprovalSignature, ApprovalStatement, SeenProof } from '../model/approval.ts'
import { provenText, statementText } from './statement.ts'

/** What the body of a signed statement is, as DSSE names it. */
const PAYLOAD_TYPE = 'application/vnd.eosflow.approval+json'

/** The fixed beginnings of an Ed25519 private and public key in DER (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** The pre-authentication encoding of DSSE 1.0: what is signed, so that a body of one type is never taken for another. */
export function preAuthEncoding(type: string, body: string): Buffer {
  const part = (text: string): string => `${Buffer.byteLength(text)} ${text}`
  return Buffer.from(`DSSEv1 ${part(type)} ${part(body)}`)
}

/** The key with which an installation vouches for the people that it has seen. */
export interface ServerKey {
  /** The raw public key, 32 bytes in base64. */
  readonly publicKey: string
  sign(statement: ApprovalStatement, proof?: SeenProof): ApprovalSignature & { readonly kind: 'server' }
}

/** Derives the installation's signing key from its install key (HKDF-SHA256, RFC 5869): the same wherever that is shared. */
export function serverKeyOf(installKey: string): ServerKey {
  const seed = Buffer.from(hkdfSync('sha256', installKey, '', 'eosflow-approval-v1/server', 32))
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key)
    .export({ format: 'der', type: 'spki' })
    .subarray(SPKI.length)
    .toString('base64')
  return {
    publicKey,
    sign: (statement, proof) => ({
      kind: 'server',
      key: publicKey,
      signature: sign(null, signedBytes(statement, proof), key).toString('base64'),
      ...(proof === undefined ? {} : { proof }),
    }),
  }
}

/** Whether a signature is one over the statement by the key that it names. Whose key that is is not asked. */
export function serverVerifies(
  statement: ApprovalStatement,
  { key, signature, proof }: ApprovalSignature & { readonly kind: 'server' },
): boolean {
  const point = Buffer.from(key, 'base64')
  const bytes = Buffer.from(signature, 'base64')
  if (point.length !== 32 || bytes.length !== 64) return false
  return verify(null, signedBytes(statement, proof), keyObject(point), bytes)
}

function signedBytes(statement: ApprovalStatement, proof: SeenProof | undefined): Buffer {
  const body = proof === undefined ? statementText(statement) : provenText(statement, proof)
  return preAuthEncoding(PAYLOAD_TYPE, body)
}

function keyObject(point: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, point]), format: 'der', type: 'spki' })
}
