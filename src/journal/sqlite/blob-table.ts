import type { Database, Statement } from 'better-sqlite3'
import { openText, sealText } from '../blob-format.ts'
import type { ArtefactRef } from '../event.ts'
import type { StoreKeys } from '../store-keys.ts'

/** Texts encrypted at rest, stored once per content. */
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
    const { ref, bytes } = sealText(this.#keys, text)
    this.#insert.run(ref, bytes)
    return ref
  }

  /** The text behind a reference. Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): string {
    return openText(this.#keys, ref, this.#select.get(ref) ?? this.#sealed(ref))
  }
}
