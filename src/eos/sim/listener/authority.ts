import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { definedItems } from '../../../model/json.ts'

/** Pieces of ASN.1 in DER, the distinguished encoding that certificates are written in (ITU-T X.690). */

function element(tag: number, ...content: readonly Uint8Array[]) {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

const sequence = (...content: readonly Uint8Array[]) => element(0x30, ...content)
const set = (...content: readonly Uint8Array[]) => element(0x31, ...content)
const boolean = (value: boolean) => element(0x01, Buffer.from([value ? 0xff : 0]))
const octets = (...content: readonly Uint8Array[]) => element(0x04, ...content)
const utf8 = (text: string) => element(0x0c, Buffer.from(text, 'utf8'))

// A value that is not negative, from its bytes, highest first.
function integer(bytes: Uint8Array) {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first))
  return (digits[0] ?? 0) < 0x80 ? element(0x02, digits) : element(0x02, Buffer.from([0]), digits)
}

// Bits in whole bytes, of which the last `unused` do not count.
function bits(bytes: Uint8Array, unused = 0) {
  return element(0x03, Buffer.from([unused]), bytes)
}

function tagged(number: number, content: Uint8Array, form: 'around' | 'in place') {
  return element((form === 'around' ? 0xa0 : 0x80) + number, content)
}

function identifier(dotted: string) {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

// A time of the years 1950 to 2049, to the second and in UTC.
function utcTime(time: Date) {
  const digits = time.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '').slice(2)
  return element(0x17, Buffer.from(digits, 'ascii'))
}

// Seven bits a byte, highest first; all but the last say that more follow.
function base128(value: number) {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(128 + (rest % 128))
  return digits
}

function lengthOf(length: number) {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 + bytes.length, ...bytes])
}

export interface CertificateKey {
  readonly private: KeyObject
  readonly pem: string
  readonly public: Buffer
  /** The SHA-1 of the public point (RFC 5280 4.2.1.2): a label, not a protection. */
  readonly label: Buffer
}

/** Makes a key. */
export function certificateKey(): CertificateKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    private: privateKey,
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public: spki,
    label: createHash('sha1').update(spki.subarray(-POINT_BYTES)).digest(),
  }
}

// An uncompressed point of P-256: the last bytes of its SubjectPublicKeyInfo.
const POINT_BYTES = 65

interface CertificateContent {
  readonly subject: string
  readonly issuer: string
  readonly key: CertificateKey
  readonly issuerKey: CertificateKey
  // `authority` may sign others, `server` stands for `names`, `client` logs its subject in.
  readonly use: 'authority' | 'server' | 'client'
  readonly names?: readonly string[]
  readonly valid?: readonly [Date, Date]
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'))
const COMMON_NAME = identifier('2.5.4.3')
const FOR_EVERY_CLOCK = [new Date('2020-01-01T00:00:00Z'), new Date('2049-12-31T23:59:59Z')] as const

/** Signs an X.509 v3 certificate (RFC 5280) with the key of its issuer and gives it as PEM. */
export function certificate(content: CertificateContent): string {
  const { subject, issuer, key, issuerKey, valid = FOR_EVERY_CLOCK } = content
  const toSign = sequence(
    tagged(0, integer(Buffer.from([2])), 'around'),
    integer(serial()),
    ECDSA_WITH_SHA256,
    name(issuer),
    sequence(...valid.map(utcTime)),
    name(subject),
    key.public,
    tagged(3, sequence(...extensions(content)), 'around'),
  )
  return pem(sequence(toSign, ECDSA_WITH_SHA256, bits(sign('sha256', toSign, issuerKey.private))))
}

// Nineteen digits of base 256, the first below 128: positive, and within the twenty that RFC 5280 allows.
function serial() {
  const bytes = randomBytes(19)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1
  return bytes
}

function name(common: string) {
  return sequence(set(sequence(COMMON_NAME, utf8(common))))
}

function extensions({ use, names = [], key, issuerKey }: CertificateContent) {
  return definedItems(
    extension('2.5.29.14', octets(key.label), false),
    extension('2.5.29.35', sequence(tagged(0, issuerKey.label, 'in place')), false),
    extension('2.5.29.19', use === 'authority' ? sequence(boolean(true)) : sequence(), true),
    extension('2.5.29.15', KEY_USAGE[use], true),
    use !== 'authority' && extension('2.5.29.37', sequence(identifier(EXTENDED_USE[use])), false),
    names.length !== 0 && extension('2.5.29.17', sequence(...names.map(alternativeName)), false),
  )
}

const KEY_USAGE = {
  authority: bits(Buffer.from([0b0000_0110]), 1),
  server: bits(Buffer.from([0b1000_0000]), 7),
  client: bits(Buffer.from([0b1000_0000]), 7),
}

const EXTENDED_USE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' }

function extension(id: string, value: Buffer, critical: boolean) {
  return sequence(identifier(id), ...(critical ? [boolean(true)] : []), octets(value))
}

function alternativeName(value: string) {
  if (isIPv4(value)) return tagged(7, Buffer.from(value.split('.').map(Number)), 'in place')
  if (value === '::1') return tagged(7, Buffer.from([...new Array<number>(15).fill(0), 1]), 'in place')
  return tagged(2, Buffer.from(value, 'ascii'), 'in place')
}

function pem(der: Buffer) {
  const rows = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...rows, '-----END CERTIFICATE-----', ''].join('\n')
}

export interface Identity {
  readonly key: string
  readonly cert: string
}

const NAME = 'eosflow simulated switches'
const LOOPBACK = ['localhost', '127.0.0.1', '::1']

/** The switches share one key, so that a fabric of hundreds is up at once; each has a certificate of its own for its name and for loopback. */
export class Authority {
  readonly cert: string
  readonly #own = certificateKey()
  readonly #switches = certificateKey()

  constructor() {
    this.cert = certificate({ subject: NAME, issuer: NAME, key: this.#own, issuerKey: this.#own, use: 'authority' })
  }

  serverIdentity(name: string): Identity {
    const names = isDnsName(name) && !LOOPBACK.includes(name) ? [...LOOPBACK, name] : LOOPBACK
    return this.#issue(this.#switches, { subject: name, use: 'server', names })
  }

  clientIdentity(user: string): Identity {
    return this.#issue(certificateKey(), { subject: user, use: 'client' })
  }

  #issue(key: CertificateKey, content: Pick<CertificateContent, 'subject' | 'use' | 'names'>): Identity {
    return { key: key.pem, cert: certificate({ ...content, key, issuer: NAME, issuerKey: this.#own }) }
  }
}

function isDnsName(name: string) {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)
}
