import type { Database, Statement } from 'better-sqlite3'
import { BrokenChainError } from '../chain.ts'
import type { StoreHead } from '../store.ts'
import type { StoreKeys } from '../store-keys.ts'

/**
 * `head`: the newest record. `verified`: up to here the chain was walked when the store was last opened. `executions`: up to here the
 * table of executions is kept; its hash is the sum of the seals of the open ones. `plan-entries`: up to here the records that name
 * plans are counted; its hash is the sums of the seals of their entries. `base`: up to here the records are sealed in segments; absent where
 * none are. `carried`: how many of those are in the store as well; its hash is the digest over their hashes.
 */
export type MarkName = 'head' | 'verified' | 'executions' | 'plan-entries' | 'base' | 'carried'

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
  readonly #delete: Statement<[string]>

  /** The newest seal of each mark that was computed: the head that one append has sealed is what the next one begins with. */
  readonly #sealed = new Map<MarkName, { readonly content: string; readonly seal: string }>()

  constructor(database: Database, origin: string, keys: StoreKeys) {
    this.#origin = origin
    this.#keys = keys
    // Not REPLACE, which deletes and inserts: that would dirty a page of the index on the name with every transaction.
    this.#upsert = database.prepare(`INSERT INTO mark(name, seq, hash, latest, seal) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT(name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, latest = excluded.latest, seal = excluded.seal`)
    this.#delete = database.prepare('DELETE FROM mark WHERE name = ?')
    this.#select = database.prepare('SELECT seq, hash, latest, seal FROM mark WHERE name = ?')
  }

  /** Sets a mark. */
  set(name: MarkName, mark: StoreHead): void {
    const content = this.#contentOf(name, mark)
    const seal = this.#keys.seal(content)
    this.#upsert.run(name, mark.seq, mark.hash, mark.latest ?? null, seal)
    this.#sealed.set(name, { content, seal })
  }

  /** Reads a mark. Throws BrokenChainError when it is gone or its seal does not fit. */
  get(name: MarkName): StoreHead {
    const mark = this.find(name)
    if (mark === undefined) throw new BrokenChainError({ seq: 0, reason: `the sealed ${name} of the chain is gone` })
    return mark
  }

  /** Reads a mark that need not be there. Throws BrokenChainError when its seal does not fit. */
  find(name: MarkName): StoreHead | undefined {
    const row = this.#select.get(name)
    if (row === undefined) return undefined
    const mark = { seq: row.seq, hash: row.hash, latest: row.latest ?? undefined }
    if (this.#isSealed(name, this.#contentOf(name, mark), row.seal)) return mark
    throw new BrokenChainError({ seq: row.seq, reason: `the seal on the ${name} of the chain is broken` })
  }

  /** Takes a mark away, to be sealed by another key. */
  forget(name: MarkName): void {
    this.#delete.run(name)
    this.#sealed.delete(name)
  }

  #isSealed(name: MarkName, content: string, seal: string): boolean {
    const known = this.#sealed.get(name)
    if (known?.content === content) return known.seal === seal
    if (!this.#keys.isSeal(content, seal)) return false
    this.#sealed.set(name, { content, seal })
    return true
  }

  /** Canonical JSON: the members are in the order of their names. */
  #contentOf(name: MarkName, { seq, hash, latest }: StoreHead): string {
    const bytes = Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength)
    return JSON.stringify({ hash: bytes.toString('hex'), latest: latest ?? null, name, origin: this.#origin, seq })
  }
}
