import { createRequire } from 'node:module'

const { utils } = createRequire(import.meta.url)('ssh2') as typeof import('ssh2')

/** How the private half is locked: OpenSSH's cipher, and the rounds of its key derivation. */
interface Lock {
  readonly passphrase: string
  readonly cipher: string
  readonly rounds: number
}

/** Makes an ed25519 key pair. About one in two hundred of those that ssh2 1.17.0 makes it cannot read itself: then another is made. */
export function newKeyPair(lock?: Lock): { readonly private: string; readonly public: string } {
  for (;;) {
    const made = lock === undefined ? utils.generateKeyPairSync('ed25519') : utils.generateKeyPairSync('ed25519', lock)
    if (!(utils.parseKey(made.private, lock?.passphrase) instanceof Error)) return made
  }
}
