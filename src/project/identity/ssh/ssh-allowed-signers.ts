import { createHash, sign, verify } from 'node:crypto'
import { privateKeyOf, publicKeyOf } from '../../../model/ed25519.ts'
import { EosflowError, type Problem, type ValueOrProblems } from '../../../model/error.ts'

// Reads the binary form that SSH gives to keys and signatures (RFC 4251, section 5). Every read throws `protocol` past the end.
class SshReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd() {
    return this.#at === this.#bytes.length
  }

  // The next bytes as they stand.
  take(count: number) {
    if (count > this.#bytes.length - this.#at) throw new EosflowError('protocol', 'it ends too early')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  uint32() {
    return this.take(4).readUInt32BE()
  }

  // A length and that many bytes.
  string() {
    return this.take(this.uint32())
  }

  text() {
    return this.string().toString('utf8')
  }

  requireEnd() {
    if (!this.isAtEnd) throw new EosflowError('protocol', 'there is more behind its end')
  }
}

/** Bytes with their length before them, as SSH writes a string. */
export function sshString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The fingerprint of a public key as `ssh-keygen -l` prints it. */
export function sshFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The kind of a public key, which stands first in it: `ssh-ed25519`. */
export function sshKeyType(key: Buffer): string {
  return new SshReader(key).text()
}

/** Base64 that is written in the one canonical way; undefined for anything else. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

interface SshSignature {
  readonly key: Buffer
  readonly namespace: string
  readonly reserved: Buffer
  readonly hash: 'sha256' | 'sha512'
  readonly signature: Buffer
}

const MAGIC = 'SSHSIG'
const ARMOR = /^-----BEGIN SSH SIGNATURE-----\r?\n(?<body>[A-Za-z0-9+/=\r\n]+?)\r?\n-----END SSH SIGNATURE-----\r?\n?$/

// Longer ones are of no key that anybody uses.
const LONGEST = 16_384

/** Throws `protocol` when it is none. */
export function readSshSignature(armored: string): SshSignature {
  const body = armored.length > LONGEST ? undefined : ARMOR.exec(armored)?.groups?.body
  const bytes = body === undefined ? undefined : strictBase64(body.replace(/[\r\n]/g, ''))
  if (bytes === undefined) throw new EosflowError('protocol', 'it is not an armored SSH signature')
  const reader = new SshReader(bytes)
  if (reader.take(MAGIC.length).toString('latin1') !== MAGIC || reader.uint32() !== 1) {
    throw new EosflowError('protocol', 'it is not an SSH signature of version 1')
  }
  const [key, namespace, reserved, hash] = [reader.string(), reader.text(), reader.string(), reader.text()]
  const signature = reader.string()
  reader.requireEnd()
  if (hash !== 'sha256' && hash !== 'sha512') {
    throw new EosflowError('protocol', `its hash is ${JSON.stringify(hash)}, not sha256 or sha512`)
  }
  return { key, namespace, reserved, hash, signature }
}

/** What an SSH signature is over: not the message, but its hash with the namespace before it. */
export function signedData(
  message: string,
  { namespace, reserved, hash }: Pick<SshSignature, 'namespace' | 'reserved' | 'hash'>,
): Buffer {
  const digest = createHash(hash).update(message).digest()
  return Buffer.concat([Buffer.from(MAGIC), ...[namespace, reserved, hash, digest].map(sshString)])
}

/** Writes a signature in the armor that `ssh-keygen` prints and reads. */
export function armoredSshSignature({ key, namespace, reserved, hash, signature }: SshSignature): string {
  const version = Buffer.from([0, 0, 0, 1])
  const blob = Buffer.concat([
    Buffer.from(MAGIC),
    version,
    ...[key, namespace, reserved, hash, signature].map(sshString),
  ])
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? []
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`
}

/** The one kind of key whose signatures are verified here; others are left to `ssh-keygen`. */
export const ED25519 = 'ssh-ed25519'

/** Whether an Ed25519 signature is one over the message, by the key that it names. */
export function verifiesEd25519(message: string, signature: SshSignature): boolean {
  const key = new SshReader(signature.key)
  const made = new SshReader(signature.signature)
  if (key.text() !== ED25519 || made.text() !== ED25519) return false
  const [point, bytes] = [key.string(), made.string()]
  if (!key.isAtEnd || !made.isAtEnd || point.length !== 32 || bytes.length !== 64) return false
  return verify(null, signedData(message, signature), publicKeyOf(point), bytes)
}

/** Whether the signature of a key on a hardware token says that somebody touched it. */
export function isTouched({ key, signature }: Pick<SshSignature, 'key' | 'signature'>): boolean {
  if (!sshKeyType(key).startsWith('sk-')) return true
  const made = new SshReader(signature)
  made.string()
  made.string()
  // PROTOCOL.u2f: the flags byte behind the signature; bit 0 is the user's presence.
  return ((made.take(1)[0] ?? 0) & 1) === 1
}

interface OpenEd25519Key {
  readonly key: Buffer
  sign(message: string, namespace: string): string
}

const KEY_ARMOR =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n(?<body>[A-Za-z0-9+/=\r\n]+?)\r?\n-----END OPENSSH PRIVATE KEY-----\r?\n?$/
const KEY_MAGIC = 'openssh-key-v1\0'

/** Reads an Ed25519 key that no passphrase protects (OpenSSH, PROTOCOL.key). Undefined for every other content: one under a passphrase, one of another kind, a public key. */
export function readOpenEd25519(text: string): OpenEd25519Key | undefined {
  const body = KEY_ARMOR.exec(text)?.groups?.body
  const bytes = body === undefined ? undefined : strictBase64(body.replace(/[\r\n]/g, ''))
  if (bytes === undefined) return undefined
  const reader = new SshReader(bytes)
  if (reader.take(KEY_MAGIC.length).toString('latin1') !== KEY_MAGIC) return undefined
  const [cipher, derivation] = [reader.text(), reader.text()]
  reader.string()
  if (cipher !== 'none' || derivation !== 'none' || reader.uint32() !== 1) return undefined
  const key = reader.string()
  if (new SshReader(key).text() !== ED25519) return undefined
  const privateKey = privateKeyOf(seedIn(new SshReader(reader.string())))
  return {
    key,
    sign: (message, namespace) => {
      const parts = { key, namespace, reserved: Buffer.alloc(0), hash: 'sha512' } as const
      const made = sign(null, signedData(message, parts), privateKey)
      return armoredSshSignature({ ...parts, signature: Buffer.concat([sshString(ED25519), sshString(made)]) })
    },
  }
}

function seedIn(part: SshReader) {
  part.take(8)
  part.string()
  part.string()
  return part.string().subarray(0, 32)
}

type KeyForm = (reader: SshReader) => string | undefined

// The kinds of keys whose signatures can be verified here or by `ssh-keygen`, each with the form of its key.
const KEY_FORMS: Readonly<Record<string, KeyForm>> = {
  'ssh-ed25519': ed25519,
  'ssh-rsa': rsa,
  'ecdsa-sha2-nistp256': (reader) => ecdsa(reader, 'nistp256', 65),
  'ecdsa-sha2-nistp384': (reader) => ecdsa(reader, 'nistp384', 97),
  'ecdsa-sha2-nistp521': (reader) => ecdsa(reader, 'nistp521', 133),
  'sk-ssh-ed25519@openssh.com': (reader) => ed25519(reader) ?? token(reader),
  'sk-ecdsa-sha2-nistp256@openssh.com': (reader) => ecdsa(reader, 'nistp256', 65) ?? token(reader),
}

const KEY_TYPES: readonly string[] = Object.keys(KEY_FORMS)

// A public key in the binary form of SSH, or why it is not taken. Each key has one form here, so that the same key cannot be two: what has anything
// after its end, or a number that is written longer than it is, is refused.
function readKey(type: string, text: string): Buffer | string {
  const form = Object.hasOwn(KEY_FORMS, type) ? KEY_FORMS[type] : undefined
  if (form === undefined) return `${type} is not a type of key that eosflow can verify`
  const bytes = strictBase64(text)
  const other = `the key is not one of the kind ${type}`
  try {
    if (bytes === undefined || sshKeyType(bytes) !== type) return other
    const reader = new SshReader(bytes)
    reader.string()
    const why = form(reader)
    if (why !== undefined) return why === OTHER ? other : why
    return reader.isAtEnd ? bytes : other
  } catch {
    return other
  }
}

const OTHER = ''

// RFC 8709, section 4.
function ed25519(reader: SshReader): string | undefined {
  const point = Buffer.from(reader.string())
  if (point.length !== 32) return OTHER
  point[31] = (point[31] ?? 0) & 0x7f
  return SMALL_ORDER.includes(point.toString('hex'))
    ? 'anybody can sign for this key: its point has a small order'
    : undefined
}

// The points of small order of edwards25519 in all their encodings, without the bit of the sign (RFC 7748, section 7; libsodium,
// ge25519_has_small_order).
const SMALL_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

// RFC 4253, section 6.6: the exponent, and the modulus.
function rsa(reader: SshReader): string | undefined {
  const [exponent, modulus] = [reader.string(), reader.string()]
  if (!isShortest(exponent) || !isShortest(modulus)) return OTHER
  const bits = (modulus[0] === 0 ? modulus.length - 1 : modulus.length) * 8
  if (bits < 2048) return 'an RSA key needs 2048 bits or more'
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1 && ((modulus.at(-1) ?? 0) & 1) === 1
  // With the exponent 1 a signature is what it signs.
  return isOdd && !(exponent.length === 1 && exponent[0] === 1) ? undefined : 'the key is no RSA key that can be used'
}

// A positive number in as few bytes as it needs (RFC 4251, section 5).
function isShortest(number: Buffer) {
  const [first = 0x80, second = 0] = number
  return first === 0 ? second >= 0x80 : first < 0x80
}

// RFC 5656, section 3.1: the curve, and a point that is not compressed.
function ecdsa(reader: SshReader, curve: string, length: number): string | undefined {
  const isOfCurve = reader.text() === curve
  const point = reader.string()
  return isOfCurve && point.length === length && point[0] === 4 ? undefined : OTHER
}

function token(reader: SshReader): string | undefined {
  return reader.text().startsWith('ssh:') ? undefined : OTHER
}

/** The one public key that a file of `ssh-keygen` holds, or why it is not taken. The comment behind the key is left out. */
export function readPublicKeyFile(text: string): { readonly type: string; readonly key: Buffer } | string {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(text))
    return 'it is a private key, which stays with its owner: name the file that ends in .pub'
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line))
  const [line, ...others] = lines
  if (line === undefined) return 'it holds no key'
  if (others.length > 0) return `it holds ${lines.length} lines: a file with one public key is taken`
  const [type = '', key = ''] = line.trim().split(/[ \t]+/)
  if (/-cert-v\d+@openssh\.com$/.test(type)) return 'it is a certificate: name the public key itself'
  if (KEY_TYPES.includes(type)) {
    const read = readKey(type, key)
    return typeof read === 'string' ? read : { type, key: read }
  }
  const hasOptions = line.split(/[ \t]+/).some((word) => KEY_TYPES.includes(word))
  return hasOptions
    ? 'there is something before the key in its line, and options are not taken over: leave the key alone in the file'
    : 'it is not a public key of SSH: ssh-ed25519 AAAA…'
}

export interface AllowedSigner {
  /** The first is what a policy knows them by; one that begins with `local:` is a local user who is this person. */
  readonly names: readonly [string, ...string[]]
  readonly key: Buffer
  readonly fingerprint: string
  /** What the key may sign; absent: the decisions of a person, and nothing of an installation. */
  readonly namespaces?: readonly string[]
  /** From when and until when its signatures count, milliseconds since the epoch. */
  readonly validAfter?: number
  readonly validBefore?: number
}

export const APPROVAL_NAMESPACE = 'approval@eosflow'

export const SERVER_NAMESPACE = 'server@eosflow'

export const PLAN_NAMESPACE = 'plan@eosflow'

/** The line of a key of an installation, as others take it into their `trust/allowed_signers`. */
export function signerLine(namespace: string, publicKey: string): string {
  return `eosflow namespaces="${namespace}" ${ED25519} ${sshKeyOf(publicKey).toString('base64')}`
}

/** An Ed25519 public key, 32 bytes in base64, in the binary form of SSH (RFC 8709, section 4). */
export function sshKeyOf(publicKey: string): Buffer {
  return Buffer.concat([ED25519, Buffer.from(publicKey, 'base64')].map(sshString))
}

/**
 * Reads a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). Everything that is not understood is refused, since a key
 * that is trusted by mistake approves: patterns, certificate authorities, local times, one key of two persons.
 */
export function parseAllowedSigners(text: string, file: string): ValueOrProblems<readonly AllowedSigner[]> {
  const problems: Problem[] = []
  const signers: AllowedSigner[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const read = readLine(line.trim())
    const why = typeof read === 'string' ? read : conflictOf(read, signers)
    if (typeof read !== 'string' && why === undefined) signers.push(read)
    else problems.push(problem(why ?? '', { file, line: index + 1, column: 1 }))
  }
  const [first, ...others] = problems
  return first === undefined ? { ok: true, value: signers } : { ok: false, problems: [first, ...others] }
}

function problem(message: string, at: Problem['at']): Problem {
  const hint = `Write: bob@example.org namespaces="${APPROVAL_NAMESPACE}" ssh-ed25519 AAAA…`
  return { code: 'bad-allowed-signer', message, at, hint }
}

const LINE =
  /^(?<names>\S+)(?:\s+(?<options>[a-z-]+(?:="[^"]*")?(?:,[a-z-]+(?:="[^"]*")?)*))?\s+(?<type>[a-z0-9@.-]+)\s+(?<key>[A-Za-z0-9+/=]+)(?:\s.*)?$/

function readLine(line: string): AllowedSigner | string {
  const parts = LINE.exec(line)?.groups
  if (parts === undefined) return 'a line has names, options, the type of a key and the key'
  const { names = '', options = '', type = '', key = '' } = parts
  const [first = '', ...others] = names.split(',')
  const bad = [first, ...others].find((name) => !/^[\w.@+:-]+$/.test(name))
  if (bad !== undefined) return `${JSON.stringify(bad)} is not a name: a pattern names nobody`
  const bytes = readKey(type, key)
  if (typeof bytes === 'string') return bytes
  const read = readOptions(options)
  if (typeof read === 'string') return read
  return { names: [first, ...others], key: bytes, fingerprint: sshFingerprint(bytes), ...read }
}

type Options = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>

function readOptions(text: string): Options | string {
  const options: { namespaces?: readonly string[]; validAfter?: number; validBefore?: number } = {}
  for (const [, name = '', value] of text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
    const why = value === undefined ? `the option ${name} is not taken here` : readOption(name, value, options)
    if (why !== undefined) return why
  }
  return options
}

function readOption(
  name: string,
  value: string,
  into: { namespaces?: readonly string[]; validAfter?: number; validBefore?: number },
) {
  switch (name) {
    case 'namespaces': {
      into.namespaces = value.split(',')
      return into.namespaces.every((one) => /^[\w.@+-]+$/.test(one))
        ? undefined
        : 'a namespace is a name, not a pattern'
    }
    case 'valid-after':
    case 'valid-before': {
      const time = trustTimeOf(value)
      if (time === undefined) return `${name} is not a time in UTC: write YYYYMMDDZ or YYYYMMDDHHMM[SS]Z`
      if (name === 'valid-after') into.validAfter = time
      else into.validBefore = time
      return undefined
    }
    default:
      return `the option ${name} is not taken here`
  }
}

/**
 * A time of a file of trusted keys, in milliseconds since the epoch: `YYYYMMDDZ` or `YYYYMMDDHHMM[SS]Z`, and undefined for anything else. A
 * time of day without `Z` would be that of whichever machine looks.
 */
export function trustTimeOf(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour = '00', minute = '00', second = '00'] = parts.slice(1)
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const time = Date.parse(iso)
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? undefined : time
}

function conflictOf({ key, names }: AllowedSigner, all: readonly AllowedSigner[]) {
  const others = all.filter((one) => one.names[0] !== names[0])
  const other = others.find((one) => one.key.equals(key))
  if (other !== undefined) return `the key already belongs to ${other.names[0]}: one key is of one person`
  const shared = names.find((name) => others.some((one) => one.names.includes(name)))
  return shared === undefined ? undefined : `${shared} is a name of two people: one name is of one person`
}

/** Whose key it is, for a namespace at all of the given times; else why it is nobody's. */
export function signerOfKey(
  signers: readonly AllowedSigner[],
  { key, namespace, times }: { readonly key: Buffer; readonly namespace: string; readonly times: readonly number[] },
): AllowedSigner | string {
  const print = sshFingerprint(key)
  const listed = signers.filter((one) => one.key.equals(key))
  const [owner] = listed
  if (owner === undefined) return `the key ${print} is not among the allowed signers`
  const meant = listed.filter(({ namespaces }) =>
    namespaces === undefined ? namespace === APPROVAL_NAMESPACE : namespaces.includes(namespace),
  )
  if (meant.length === 0) return `the key ${print} of ${owner.names[0]} may not sign for ${namespace}`
  const valid = meant.find(({ validAfter = -Infinity, validBefore = Infinity }) =>
    times.every((time) => time >= validAfter && time < validBefore),
  )
  return valid ?? `the key ${print} of ${owner.names[0]} is not valid at that time`
}
