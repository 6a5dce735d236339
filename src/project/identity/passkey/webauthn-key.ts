import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { type CborMap, type CborValue, readCbor } from './webauthn-cbor.ts'

export interface WebauthnKey {
  /** As COSE names the algorithm (RFC 9053): ECDSA on P-256 with SHA-256, Ed25519, RSASSA-PKCS1-v1_5 with SHA-256. */
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256'
  /** SubjectPublicKeyInfo (RFC 5280) in base64: the one form in which keys are compared and stored. */
  readonly spki: string
  /** Whether a signature is one over the bytes. */
  verifies(bytes: Buffer, signature: Buffer): boolean
}

const LEAST_RSA_BITS = 2048

/** Reads a public key: SubjectPublicKeyInfo, as `getPublicKey()` of a browser gives it, or a COSE key (RFC 9052, section 7). Throws `protocol`. */
export function readWebauthnKey(bytes: Buffer): WebauthnKey {
  const key = keyIn(bytes)
  const spki = key.export({ format: 'der', type: 'spki' })
  if (isDer(bytes) && !spki.equals(bytes)) throw unread('it is not written in the one form of DER')
  const algorithm = algorithmOf(key)
  const hash = algorithm === 'EdDSA' ? null : 'sha256'
  return {
    algorithm,
    spki: spki.toString('base64'),
    verifies: (signed, signature) => verify(hash, signed, key, signature),
  }
}

// A sequence of DER begins so; a COSE key begins as a map of CBOR.
const isDer = (bytes: Buffer) => bytes[0] === 0x30

function keyIn(bytes: Buffer) {
  const cose = isDer(bytes) ? undefined : coseMap(bytes)
  try {
    return cose === undefined
      ? createPublicKey({ key: bytes, format: 'der', type: 'spki' })
      : createPublicKey({ key: jwkOf(cose), format: 'jwk' })
  } catch (error) {
    if (error instanceof EosflowError) throw error
    throw unread('it is no public key')
  }
}

function algorithmOf(key: KeyObject): WebauthnKey['algorithm'] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  if (type !== 'rsa') throw unread('its kind is none of ES256, EdDSA and RS256')
  if ((details?.modulusLength ?? 0) < LEAST_RSA_BITS) throw unread(`an RSA key needs ${LEAST_RSA_BITS} bits or more`)
  return 'RS256'
}

function coseMap(bytes: Buffer): CborMap {
  const { value, length } = readCbor(bytes)
  if (!(value instanceof Map) || length !== bytes.length) throw unread('it is neither SubjectPublicKeyInfo nor COSE')
  return value
}

// The parameters of COSE keys by their labels: RFC 9052, section 7.1, and RFC 9053, section 7; of RSA RFC 8230, section 4.
const KEY_TYPE = 1
const ALGORITHM = 3
const [FIRST, SECOND, THIRD] = [-1, -2, -3]

function jwkOf(cose: CborMap): JsonWebKey {
  const kind = `${shown(cose.get(KEY_TYPE))} ${shown(cose.get(ALGORITHM))}`
  switch (kind) {
    case '2 -7':
      requireCurve(cose, 1)
      return { kty: 'EC', crv: 'P-256', x: member(cose, SECOND, 32), y: member(cose, THIRD, 32) }
    case '1 -8':
      requireCurve(cose, 6)
      return { kty: 'OKP', crv: 'Ed25519', x: member(cose, SECOND, 32) }
    case '3 -257':
      return { kty: 'RSA', n: member(cose, FIRST), e: member(cose, SECOND) }
    default:
      throw unread('its kind is none of ES256, EdDSA and RS256')
  }
}

const shown = (value: CborValue | undefined) => (typeof value === 'number' ? String(value) : 'none')

// RFC 9053, section 7.1: P-256 is 1, Ed25519 is 6.
function requireCurve(cose: CborMap, curve: number) {
  if (cose.get(FIRST) !== curve) throw unread('its curve does not fit its algorithm')
}

function member(cose: CborMap, label: number, length?: number) {
  const value = cose.get(label)
  if (!Buffer.isBuffer(value) || (length !== undefined && value.length !== length)) {
    throw unread('a parameter of it is missing')
  }
  return value.toString('base64url')
}

function unread(why: string) {
  return new EosflowError('protocol', `the public key cannot be read: ${why}`)
}
