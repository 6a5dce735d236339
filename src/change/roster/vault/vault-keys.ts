import { createHash, pbkdf2Sync } from 'node:crypto'

export interface DerivedKeys {
  readonly cipher: Buffer
  readonly hmac: Buffer
  readonly counter: Buffer
}

const ROUNDS = 10_000

/** Deriving takes milliseconds by design, one envelope is often that of a group and read for each of its hosts, and a process may read an inventory more than once. */
export class VaultKeys {
  readonly #known = new Map<string, DerivedKeys>()

  of(secret: string, salt: Buffer): DerivedKeys {
    const name = `${createHash('sha256').update(secret).digest('hex')} ${salt.toString('hex')}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const bytes = pbkdf2Sync(secret, salt, ROUNDS, 80, 'sha256')
    const made = { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), counter: bytes.subarray(64) }
    this.#known.set(name, made)
    return made
  }
}
