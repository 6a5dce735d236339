import { createHash } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'

/** Reads the binary form that SSH gives to keys and signatures (RFC 4251, section 5). Every read throws `protocol` past the end. */
export class SshReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The next bytes as they stand. */
  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new EosflowError('protocol', 'it ends too early')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  uint32(): number {
    return this.take(4).readUInt32BE()
  }

  /** A length and that many bytes. */
  string(): Buffer {
    return this.take(this.uint32())
  }

  text(): string {
    return this.string().toString('utf8')
  }

  requireEnd(): void {
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
