import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

// The fixed beginning of an Ed25519 private key in DER (RFC 8410, section 7).
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The length of a seed and of a public key, in bytes (RFC 8032, section 5.1.5). */
export const ED25519_BYTES = 32
const SIGNATURE_BYTES = 64

export interface SigningKey {
  /** The raw public key, 32 bytes in base64. */
  readonly publicKey: string
  /** Signs bytes; gives the 64 bytes of the signature in base64. */
  sign(bytes: Uint8Array): string
}

/** The key of a seed of 32 bytes. Throws RangeError for another length. */
export function signingKeyOf(seed: Uint8Array): SigningKey {
  const key = privateKeyOf(seed)
  const publicKey = rawKey(createPublicKey(key)).toString('base64')
  return { publicKey, sign: (bytes) => sign(null, bytes, key).toString('base64') }
}

/** Whether a signature is one over the bytes by a public key, both in base64. Whose key that is is not asked. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const point = Buffer.from(publicKey, 'base64')
  const made = Buffer.from(signature, 'base64')
  if (point.length !== ED25519_BYTES || made.length !== SIGNATURE_BYTES) return false
  return verify(null, bytes, publicKeyOf(point), made)
}

/** The private key of a seed. Throws RangeError when it has not 32 bytes. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.length !== ED25519_BYTES) throw new RangeError(`a seed of ${seed.length} bytes`)
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
}

/** The public key of its 32 bytes. Throws where there are not 32. */
export function publicKeyOf(point: Uint8Array): KeyObject {
  const x = Buffer.from(point).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

/** The 32 bytes of a public key of Ed25519. */
export function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}
