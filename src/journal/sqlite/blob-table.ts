import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Database, Statement } from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { ArtefactRef } from '../event.ts'
import type { StoreKeys } from '../store-keys.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Texts encrypted at rest (AES-256-GCM, the reference as additional data), stored once per content under
 * `blob:` and a keyed digest. A row is the 12-byte nonce, the 16-byte tag and the ciphertext.
 */
export class BlobTable {
  readonly #keys: StoreKeys
  readonly #sealed: (ref: ArtefactRef) => Uint8Array | undefined
  readonly #insert: Statement<[string, Uint8Array]>
  readonly #select: Statement<[string], Uint8Array>

  /** `sealed` gives a row that is no longer in the table, from where older rows are kept. */
  constructor(
    database: Database,
    keys: StoreKeys,
    sealed: (ref: ArtefactRef) => Uint8Array | undefined = () => undefined,
  ) {
    this.#keys = keys
    this.#sealed = sealed
    this.#insert = database.prepare('INSERT INTO blob(ref, bytes) VALUES (?, ?) ON CONFLICT(ref) DO NOTHING')
    this.#select = database.prepare<[string], Uint8Array>('SELECT bytes FROM blob WHERE ref = ?').pluck()
  }

  /** Keeps a text and returns its reference; the same text has the same reference and is kept once. */
  put(text: string): ArtefactRef {
    const content = Buffer.from(text)
    const ref = `blob:${this.#keys.name(content)}`
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#keys.blob, iv).setAAD(Buffer.from(ref))
    const sealed = Buffer.concat([cipher.update(content), cipher.final()])
    this.#insert.run(ref, Buffer.concat([iv, cipher.getAuthTag(), sealed]))
    return ref
  }

  /** The text behind a reference. Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): string {
    const bytes = this.#select.get(ref) ?? this.#sealed(ref)
    if (bytes === undefined) throw new EosflowError('store', `the store has no ${ref}`)
    try {
      const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', this.#keys.blob, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(ref)).setAuthTag(tag)
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString()
    } catch (cause) {
      throw new EosflowError('store', `${ref} in the store was altered`, {
        hint: 'Keep the store as evidence, and plan again.',
        cause,
      })
    }
  }
}
