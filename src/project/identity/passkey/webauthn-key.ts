import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { givenJson } from '../../../model/json.ts'

const unread = (what: string) => (why: string) => new EosflowError('protocol', `${what} cannot be read: ${why}`)
const unreadCbor = unread('the CBOR')
const unreadData = unread('the authenticator data')
const unreadKey = unread('the public key')

// A value of CBOR (RFC 8949), as far as authenticators write it.
type CborValue = number | string | boolean | null | Buffer | readonly CborValue[] | CborMap

type CborMap = ReadonlyMap<number | string, CborValue>

// CTAP 2.1, section 8: an authenticator nests at most four levels.
const DEEPEST = 4

/** Reads the one value that a CBOR text begins with, and gives how many bytes it has. Only the canonical form of authenticators is read (CTAP 2.1, section 8): shortest lengths, no lengths that are left open, no tags, no floating point, no key twice. */
export function readCbor(bytes: Buffer): { readonly value: CborValue; readonly length: number } {
  const reader = new CborReader(bytes)
  return { value: reader.value(0), length: reader.at }
}

class CborReader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): CborValue {
    const [first = 0] = this.#take(1)
    const kind = first >> 5
    if (kind === 7) return simple(first & 31)
    const count = this.#count(first & 31)
    switch (kind) {
      case 0:
        return count
      case 1:
        return -1 - count
      case 2:
        return this.#take(count)
      case 3:
        return utf8(this.#take(count))
      case 4:
        return this.#list(count, depth + 1)
      case 5:
        return this.#map(count, depth + 1)
      default:
        throw unreadCbor('it holds a tag')
    }
  }

  #list(count: number, depth: number): readonly CborValue[] {
    this.#requireRoom(count, depth)
    return Array.from({ length: count }, () => this.value(depth))
  }

  #map(count: number, depth: number): CborMap {
    this.#requireRoom(count * 2, depth)
    const map = new Map<number | string, CborValue>()
    for (let index = 0; index < count; index += 1) {
      const key = this.value(depth)
      if (typeof key !== 'number' && typeof key !== 'string')
        throw unreadCbor('a key of a map is neither number nor text')
      if (map.has(key)) throw unreadCbor('a key of a map is there twice')
      map.set(key, this.value(depth))
    }
    return map
  }

  // Every member has a byte at least: a length that promises more is not believed.
  #requireRoom(members: number, depth: number) {
    if (depth > DEEPEST) throw unreadCbor('it nests too deeply')
    if (members > this.#bytes.length - this.at) throw unreadCbor('it ends too early')
  }

  #count(low: number) {
    if (low < 24) return low
    if (low > 27) throw unreadCbor('a length is left open')
    const size = 2 ** (low - 24)
    const bytes = this.#take(size)
    const count = size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size)
    if (!Number.isSafeInteger(count)) throw unreadCbor('a number is too large')
    if (count < (low === 24 ? 24 : 2 ** (size * 4))) throw unreadCbor('a number is longer than it needs to be')
    return count
  }

  #take(count: number) {
    if (count > this.#bytes.length - this.at) throw unreadCbor('it ends too early')
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }
}

function simple(low: number): CborValue {
  if (low === 20 || low === 21) return low === 21
  if (low === 22) return null
  throw unreadCbor('it holds a value that authenticators do not write')
}

function utf8(bytes: Buffer) {
  try {
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw unreadCbor('a text of it is not UTF-8')
  }
}

interface WebauthnKey {
  // As COSE names the algorithm (RFC 9053): ECDSA on P-256 with SHA-256, Ed25519, RSASSA-PKCS1-v1_5 with SHA-256.
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256'
  // SubjectPublicKeyInfo (RFC 5280) in base64: the one form in which keys are compared and stored.
  readonly spki: string
  // Whether a signature is one over the bytes.
  verifies(bytes: Buffer, signature: Buffer): boolean
}

const LEAST_RSA_BITS = 2048

/** Reads a public key: SubjectPublicKeyInfo, as `getPublicKey()` of a browser gives it, or a COSE key (RFC 9052, section 7). Throws `protocol`. */
export function readWebauthnKey(bytes: Buffer): WebauthnKey {
  const key = keyIn(bytes)
  const spki = key.export({ format: 'der', type: 'spki' })
  if (isDer(bytes) && !spki.equals(bytes)) throw unreadKey('it is not written in the one form of DER')
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
    throw unreadKey('it is no public key')
  }
}

function algorithmOf(key: KeyObject) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  if (type !== 'rsa') throw unreadKey('its kind is none of ES256, EdDSA and RS256')
  if ((details?.modulusLength ?? 0) < LEAST_RSA_BITS) throw unreadKey(`an RSA key needs ${LEAST_RSA_BITS} bits or more`)
  return 'RS256'
}

function coseMap(bytes: Buffer): CborMap {
  const { value, length } = readCbor(bytes)
  if (!(value instanceof Map) || length !== bytes.length) throw unreadKey('it is neither SubjectPublicKeyInfo nor COSE')
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
      throw unreadKey('its kind is none of ES256, EdDSA and RS256')
  }
}

const shown = (value: CborValue | undefined) => (typeof value === 'number' ? String(value) : 'none')

// RFC 9053, section 7.1: P-256 is 1, Ed25519 is 6.
function requireCurve(cose: CborMap, curve: number) {
  if (cose.get(FIRST) !== curve) throw unreadKey('its curve does not fit its algorithm')
}

function member(cose: CborMap, label: number, length?: number) {
  const value = cose.get(label)
  if (!Buffer.isBuffer(value) || (length !== undefined && value.length !== length)) {
    throw unreadKey('a parameter of it is missing')
  }
  return value.toString('base64url')
}

interface AuthenticatorData {
  // The SHA-256 hash of the RP ID that it has signed for.
  readonly rpIdHash: Buffer
  readonly userPresent: boolean
  readonly userVerified: boolean
  readonly counter: number
  // A credential that was made just now: its id, and its public key as COSE key.
  readonly made?: { readonly id: Buffer; readonly key: Buffer }
}

const HEAD = 37
const FLAGS = 32
const COUNTER = 33
const [UP, UV, BE, BS, AT, ED] = [0x01, 0x04, 0x08, 0x10, 0x40, 0x80]
// WebAuthn Level 3, section 7.1: a credential id has at most 1023 bytes.
const LONGEST_ID = 1023

/** Throws `protocol` when it is none: nothing may be left over. */
export function readAuthenticatorData(bytes: Buffer): AuthenticatorData {
  if (bytes.length < HEAD) throw unreadData('it is too short')
  const flags = bytes[FLAGS] ?? 0
  const has = (bit: number) => (flags & bit) !== 0
  if (has(BS) && !has(BE)) throw unreadData('it says that it is backed up, and that it cannot be')
  const attested = has(AT) ? credentialIn(bytes.subarray(HEAD)) : undefined
  const rest = bytes.subarray(HEAD + (attested?.length ?? 0))
  const extensions = has(ED) ? readCbor(rest) : undefined
  if (extensions !== undefined && !(extensions.value instanceof Map)) throw unreadData('its extensions are no map')
  if (rest.length !== (extensions?.length ?? 0)) throw unreadData('there is more behind its end')
  return {
    rpIdHash: bytes.subarray(0, FLAGS),
    userPresent: has(UP),
    userVerified: has(UV),
    counter: bytes.readUInt32BE(COUNTER),
    ...(attested === undefined ? {} : { made: attested.made }),
  }
}

// WebAuthn Level 3, section 6.5.1: 16 bytes of the model, the length of the id, the id, the key.
function credentialIn(bytes: Buffer) {
  if (bytes.length < 18) throw unreadData('it is too short')
  const length = bytes.readUInt16BE(16)
  if (length > LONGEST_ID || bytes.length < 18 + length) throw unreadData('its credential id is too long')
  const behind = bytes.subarray(18 + length)
  const key = behind.subarray(0, readCbor(behind).length)
  return { made: { id: bytes.subarray(18, 18 + length), key }, length: 18 + length + key.length }
}

interface MadePasskey {
  readonly credential: string
  readonly key: string
}

/** Reads the attestation object of a new passkey (WebAuthn Level 3, section 6.5). Throws `protocol` for one that is for another RP ID, that did not verify its person, or whose key is of no known kind. */
export function madePasskey(attestationObject: Buffer, rpId: string): MadePasskey {
  const { value, length } = readCbor(attestationObject)
  const data = value instanceof Map && length === attestationObject.length ? value.get('authData') : undefined
  if (!Buffer.isBuffer(data)) throw new EosflowError('protocol', 'the attestation object cannot be read')
  const { rpIdHash, userPresent, userVerified, made } = readAuthenticatorData(data)
  if (made === undefined) throw new EosflowError('protocol', 'the authenticator has made no credential')
  if (!rpIdHash.equals(createHash('sha256').update(rpId).digest())) {
    throw new EosflowError('protocol', `the passkey is for another site than ${rpId}`)
  }
  if (!userPresent || !userVerified) {
    throw new EosflowError('protocol', 'the authenticator has not verified who was present', {
      hint: 'Take an authenticator that asks for a PIN, a finger or a face.',
    })
  }
  return { credential: made.id.toString('base64url'), key: readWebauthnKey(made.key).spki }
}

interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

export interface WebauthnAssertion {
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

interface AssertionDemand {
  readonly challenge: Buffer
  readonly key: Buffer
  // Where the page was; absent: anywhere, for whoever only asks whether the signature is one.
  readonly site?: { readonly origin: string; readonly rpId: string }
}

/** What is wrong with an assertion; undefined where it is good (WebAuthn Level 3, section 7.2). */
export function assertionFault(assertion: WebauthnAssertion, demand: AssertionDemand): string | undefined {
  try {
    return faultOf(assertion, demand)
  } catch (error) {
    if (error instanceof EosflowError) return error.message
    throw error
  }
}

function faultOf(assertion: WebauthnAssertion, { challenge, key, site }: AssertionDemand) {
  const [client, data, signature] = [assertion.clientDataJSON, assertion.authenticatorData, assertion.signature].map(
    requiredBytes,
  ) as [Buffer, Buffer, Buffer]
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
  if (!readWebauthnKey(key).verifies(signed, signature)) return 'the signature is not one by its key'
  const { type, challenge: answered, origin, crossOrigin } = readClientData(client)
  const { rpIdHash, userPresent, userVerified } = readAuthenticatorData(data)
  if (type !== 'webauthn.get') return 'it is no answer to a request to sign'
  if (answered !== challenge.toString('base64url')) return 'it is over something else'
  if (crossOrigin) return 'it was made inside a page of another site'
  if (!userPresent) return 'nobody was present when it was made'
  if (!userVerified) return 'the authenticator has not verified who was present'
  if (site === undefined) return undefined
  if (origin !== site.origin) return `it was made at another site than ${site.origin}`
  const wanted = createHash('sha256').update(site.rpId).digest()
  return rpIdHash.equals(wanted) ? undefined : `the authenticator has signed for another site than ${site.rpId}`
}

function requiredBytes(text: string) {
  const bytes = strictBase64Url(text)
  if (bytes === undefined || bytes.length > LONGEST) {
    throw new EosflowError('protocol', 'a part of it is not base64url in its one form')
  }
  return bytes
}

const LONGEST = 16_384

/** Base64url without padding, written in the one canonical way (RFC 4648, section 5); undefined for anything else. */
export function strictBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

// Throws `protocol`.
function readClientData(bytes: Buffer): ClientData {
  const { type, challenge, origin, crossOrigin, topOrigin } = membersOf(bytes)
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    throw new EosflowError('protocol', 'the client data has no type, challenge or origin')
  }
  const isOwnSite = (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined
  return { type, challenge, origin, crossOrigin: !isOwnSite }
}

function membersOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = givenJson(new TextDecoder('utf8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // What is no JSON is refused below.
  }
  throw new EosflowError('protocol', 'the client data is no JSON object')
}
