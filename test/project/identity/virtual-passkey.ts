import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** An authenticator with one passkey, written from WebAuthn Level 3, sections 5.8.1 and 6.1, beside what verifies it. */
export interface VirtualPasskey {
  readonly credential: string
  /** SubjectPublicKeyInfo in base64. */
  readonly key: string
  /** The same key for COSE (RFC 9053). */
  readonly cose: Buffer
  /** What a browser gives for a challenge in base64url. */
  answer(challenge: string, saying?: Saying): Answer
}

/** What a browser gives, each part in base64url. */
export interface Answer {
  readonly credential: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

/** What is otherwise than in a genuine answer. */
export interface Saying {
  readonly origin?: string
  readonly rpId?: string
  readonly flags?: number
  readonly counter?: number
  readonly type?: string
  readonly client?: Readonly<Record<string, unknown>>
  /** Bytes behind the counter. */
  readonly behind?: Buffer
}

/** The kinds of keys that are taken. */
export type Algorithm = 'ES256' | 'EdDSA' | 'RS256'

/** User present and verified, nothing backed up. */
export const UP_UV = 0x05

/** Where the genuine answers are made. */
export const SITE = { origin: 'https://noc.example.com', rpId: 'noc.example.com' }

const url = (bytes: Buffer) => bytes.toString('base64url')
const hash = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

/** Makes a new passkey. */
export function virtualPasskey(algorithm: Algorithm = 'ES256', name = 'a passkey'): VirtualPasskey {
  const { publicKey, privateKey } = pairOf(algorithm)
  const credential = url(hash(name))
  return {
    credential,
    key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    cose: coseOf(algorithm, publicKey),
    answer: (challenge, saying = {}) => {
      const client = clientData(challenge, saying)
      const data = authenticatorData(saying)
      const signed = Buffer.concat([data, hash(client)])
      const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', signed, privateKey)
      return { credential, clientDataJSON: url(client), authenticatorData: url(data), signature: url(signature) }
    },
  }
}

/** The JSON of a browser. */
export function clientData(
  challenge: string,
  { type = 'webauthn.get', origin = SITE.origin, client = {} }: Saying = {},
) {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...client }))
}

/** The bytes of an authenticator. */
export function authenticatorData({
  rpId = SITE.rpId,
  flags = UP_UV,
  counter = 0,
  behind = Buffer.alloc(0),
}: Saying = {}) {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([hash(rpId), Buffer.from([flags]), count, behind])
}

/** The attestation object of a new passkey, without attestation: `{ fmt: "none", attStmt: {}, authData }`. */
export function attestationOf({ credential, cose }: VirtualPasskey, saying: Saying = {}) {
  const id = Buffer.from(credential, 'base64url')
  const length = Buffer.from([id.length >> 8, id.length & 255])
  const behind = Buffer.concat([Buffer.alloc(16, 7), length, id, cose])
  const data = authenticatorData({ flags: UP_UV | 0x40, ...saying, behind })
  const head = Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex')
  const size = data.length < 256 ? [0x58, data.length] : [0x59, data.length >> 8, data.length & 255]
  return Buffer.concat([head, Buffer.from(size), data])
}

function pairOf(algorithm: Algorithm) {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 })
}

/** A COSE key, its labels and lengths written out in hex (RFC 9053, section 7; RFC 8230, section 4). */
function coseOf(algorithm: Algorithm, publicKey: KeyObject) {
  const { x = '', y = '', n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const part = (text: string) => Buffer.from(text, 'base64url')
  const hex = (text: string) => Buffer.from(text, 'hex')
  if (algorithm === 'ES256') return Buffer.concat([hex('a5010203262001215820'), part(x), hex('225820'), part(y)])
  if (algorithm === 'EdDSA') return Buffer.concat([hex('a4010103272006215820'), part(x)])
  return Buffer.concat([hex('a401030339010020590100'), part(n), hex('2143'), part(e)])
}
