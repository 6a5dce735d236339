import type { Database, Statement } from 'better-sqlite3'
import { canonicalJson } from '../../model/canonical-json.ts'
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

  constructor(database: Database, origin: string, keys: StoreKeys) {
    this.#origin = origin
    this.#keys = keys
    this.#upsert = database.prepare('INSERT OR REPLACE INTO mark(name, seq, hash, latest, seal) VALUES (?, ?, ?, ?, ?)')
    this.#select = database.prepare('SELECT seq, hash, latest, seal FROM mark WHERE name = ?')
  }

  /** Sets a mark. */
  set(name: MarkName, { seq, hash, latest }: StoreHead): void {
    this.#upsert.run(name, seq, hash, latest ?? null, this.#sealOf(name, { seq, hash, latest }))
  }

  /** Reads a mark. Throws BrokenChainError when it is gone or its seal does not fit. */
  get(name: MarkName): StoreHead {
    const row = this.#select.get(name)
    if (row === undefined) throw new BrokenChainError({ seq: 0, reason: `the sealed ${name} of the chain is gone` })
    const mark = { seq: row.seq, hash: row.hash, latest: row.latest ?? undefined }
    if (row.seal === this.#sealOf(name, mark)) return mark
    throw new BrokenChainError({ seq: row.seq, reason: `the seal on the ${name} of the chain is broken` })
  }

  #sealOf(name: MarkName, { seq, hash, latest }: StoreHead): string {
    const content = { name, origin: this.#origin, seq, hash: Buffer.from(hash).toString('hex'), latest: latest ?? null }
    return this.#keys.seal(canonicalJson(content))
  }
}
