import { sign } from 'node:crypto'
import { privateKeyOf } from '../../../model/ed25519.ts'
import { armoredSshSignature, ED25519, signedData } from './ssh-signature.ts'
import { SshReader, sshString, strictBase64 } from './ssh-wire.ts'

export interface OpenEd25519Key {
  readonly key: Buffer
  sign(message: string, namespace: string): string
}

const ARMOR =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n(?<body>[A-Za-z0-9+/=\r\n]+?)\r?\n-----END OPENSSH PRIVATE KEY-----\r?\n?$/
const MAGIC = 'openssh-key-v1\0'

/** Reads an Ed25519 key that no passphrase protects (OpenSSH, PROTOCOL.key). Undefined for every other content: one under a passphrase, one of another kind, a public key. */
export function readOpenEd25519(text: string): OpenEd25519Key | undefined {
  const body = ARMOR.exec(text)?.groups?.body
  const bytes = body === undefined ? undefined : strictBase64(body.replace(/[\r\n]/g, ''))
  if (bytes === undefined) return undefined
  const reader = new SshReader(bytes)
  if (reader.take(MAGIC.length).toString('latin1') !== MAGIC) return undefined
  const [cipher, derivation] = [reader.text(), reader.text()]
  reader.string()
  if (cipher !== 'none' || derivation !== 'none' || reader.uint32() !== 1) return undefined
  const key = reader.string()
  if (new SshReader(key).text() !== ED25519) return undefined
  const seed = seedIn(new SshReader(reader.string()))
  const privateKey = privateKeyOf(seed)
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
