import { createHash, verify } from 'node:crypto'
import { publicKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import { SshReader, sshKeyType, sshString, strictBase64 } from './ssh-wire.ts'

export interface SshSignature {
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
