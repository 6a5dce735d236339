import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { WireReader } from './wire.ts'

// The curves of RFC 5656, as JSON Web Keys call them, with the bytes of a coordinate and the hash that signs.
const CURVES: Readonly<Record<string, { readonly crv: string; readonly bytes: number; readonly hash: string }>> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', bytes: 32, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { crv: 'P-384', bytes: 48, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { crv: 'P-521', bytes: 66, hash: 'sha512' },
}

// The hashes of RSA signatures (RFC 8332). SHA-1 is none of them, as in OpenSSH since 8.2.
const RSA_HASHES: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }

/** The type of a public key: the first text in its bytes (RFC 4253 6.6). Throws RangeError when there is none. */
export function keyTypeOf(key: Uint8Array): string {
  return new WireReader(key).text()
}

/** Whether a signature in the form of SSH over data is that of a public key. */
export function isSignedBy(key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const reader = new WireReader(signature)
    const algorithm = reader.text()
    const value = reader.string()
    const type = keyTypeOf(key)
    if (type === 'ssh-ed25519') return algorithm === type && verify(null, data, publicKey(key), value)
    if (type === 'ssh-rsa') {
      const hash = RSA_HASHES[algorithm]
      return hash !== undefined && verify(hash, data, publicKey(key), value)
    }
    const curve = CURVES[type]
    if (curve === undefined || algorithm !== type) return false
    return verify(curve.hash, data, { key: publicKey(key), dsaEncoding: 'ieee-p1363' }, ecdsaValue(value, curve.bytes))
  } catch {
    return false
  }
}

function publicKey(key: Uint8Array) {
  return createPublicKey({ key: jsonWebKey(key), format: 'jwk' })
}

function jsonWebKey(key: Uint8Array): JsonWebKey {
  const reader = new WireReader(key)
  const type = reader.text()
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: reader.string().toString('base64url') }
  if (type === 'ssh-rsa') {
    const e = unsigned(reader.string()).toString('base64url')
    return { kty: 'RSA', e, n: unsigned(reader.string()).toString('base64url') }
  }
  const { crv = '', bytes = 0 } = CURVES[type] ?? {}
  reader.text()
  const point = reader.string()
  const x = point.subarray(1, 1 + bytes).toString('base64url')
  return { kty: 'EC', crv, x, y: point.subarray(1 + bytes).toString('base64url') }
}

function unsigned(mpint: Buffer) {
  const first = mpint.findIndex((byte) => byte !== 0)
  return mpint.subarray(first < 0 ? mpint.length : first)
}

function ecdsaValue(value: Buffer, bytes: number) {
  const reader = new WireReader(value)
  const padded = (number: Buffer) => Buffer.concat([Buffer.alloc(bytes - number.length), number])
  const r = padded(unsigned(reader.string()))
  return Buffer.concat([r, padded(unsigned(reader.string()))])
}
