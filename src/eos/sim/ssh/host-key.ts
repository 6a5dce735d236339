import { createHash } from 'node:crypto'
import ssh2 from 'ssh2'

export interface HostKey {
  readonly private: string
  readonly public: string
  readonly fingerprint: string
}

/** Makes an ed25519 host key. About one in two hundred of those that ssh2 1.17.0 makes it cannot read itself: then another is made. */
export function newHostKey(): HostKey {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519').private
    if (!(ssh2.utils.parseKey(made) instanceof Error)) return hostKeyOf(made)
  }
}

/** Reads a given private key, OpenSSH or PEM form. Throws a TypeError for a text that holds none. */
export function hostKeyOf(text: string): HostKey {
  const parsed = ssh2.utils.parseKey(text)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key instanceof Error || key === undefined || !key.isPrivateKey()) throw new TypeError('not a private key')
  const blob = key.getPublicSSH()
  const fingerprint = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  return { private: text, public: `${key.type} ${blob.toString('base64')}`, fingerprint: `SHA256:${fingerprint}` }
}
