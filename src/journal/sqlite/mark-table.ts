import type { Database, Statement } from 'better-sqlite3'
import { BrokenChainError } from '../chain.ts'
import type { StoreHead } from '../store.ts'
import type { StoreKeys } from './store-keys.ts'

/** `head`: the newest record. `verified`: up to here the chain was walked when the store was last opened. */
export type MarkName = 'head' | 'verified'

interface MarkRow {
  readonly seq: number
  readonly hash: Uint8Array
  readonly latest: string | null
  readonly seal: string
}

/**
 * Points of the chain, sealed with a key derived from the install key, so that who can write to the file and has no
 * key can neither cut the tail nor write the chain anew. Against who has the key, only a copy elsewhere helps.
 */
export class MarkTable {
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #upsert: Statement<[string, number, Uint8Array, string | null, string]>
  readonly #select: Statement<[string], MarkRow>

  /** The newest seal that was computed: the head that one append has sealed is what the next one begins with. */
  #sealed: { readonly content: string; readonly seal: string } | undefined

  constructor(database: Database, origin: string, keys: StoreKeys) {
    this.#origin = origin
    this.#keys = keys
    // Not REPLACE, which deletes and inserts: that would dirty a page of the index on the name with every transaction.
    this.#upsert = database.prepare(`INSERT INTO mark(name, seq, hash, latest, seal) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT(name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, latest = excluded.latest, seal = excluded.seal`)
    this.#select = database.prepare('SELECT seq, hash, latest, seal FROM mark WHERE name = ?')
  }

  /** Sets a mark. */
  set(name: MarkName, mark: StoreHead): void {
    const content = this.#contentOf(name, mark)
    const seal = this.#keys.seal(content)
    this.#upsert.run(name, mark.seq, mark.hash, mark.latest ?? null, seal)
    this.#sealed = { content, seal }
  }

  /** Reads a mark. Throws BrokenChainError when it is gone or its seal does not fit. */
  get(name: MarkName): StoreHead {
    const row = this.#select.get(name)
    if (row === undefined) throw new BrokenChainError({ seq: 0, reason: `the sealed ${name} of the chain is gone` })
    const mark = { seq: row.seq, hash: row.hash, latest: row.latest ?? undefined }
    if (row.seal === this.#sealOf(this.#contentOf(name, mark))) return mark
    throw new BrokenChainError({ seq: row.seq, reason: `the seal on the ${name} of the chain is broken` })
  }

  #sealOf(content: string): string {
    if (this.#sealed?.content !== content) this.#sealed = { content, seal: this.#keys.seal(content) }
    return this.#sealed.seal
  }

  /** Canonical JSON: the members are in the order of their names. */
  #contentOf(name: MarkName, { seq, hash, latest }: StoreHead): string {
    const bytes = Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength)
    return JSON.stringify({ hash: bytes.toString('hex'), latest: latest ?? null, name, origin: this.#origin, seq })
  }
}
