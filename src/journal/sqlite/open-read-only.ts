import Database from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import { signingKeyOf } from '../../model/ed25519.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import type { Journal } from '../journal.ts'
import { KeyRing } from '../key-ring.ts'
import type { Actor } from '../store.ts'
import { BlobTable } from './blob-table.ts'
import { CheckpointTable } from './checkpoint-table.ts'
import { ExecutionTable } from './execution-table.ts'
import { atRest } from './group-commit.ts'
import { MarkTable } from './mark-table.ts'
import { BUSY_MILLISECONDS, refuseStrangers } from './open-store.ts'
import { segmentsOf } from './segments-of.ts'
import { guarded } from './sqlite-error.ts'
import { SqliteStore } from './sqlite-store.ts'
import { originOf } from './store-origin.ts'
import type { SqliteStoreParts } from './store-parts.ts'

/** What a store that is only read needs from outside. */
export interface ReadOnlyOptions {
  readonly path: string
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /** Takes what somebody appends to the thread that writes. */
  readonly elsewhere: ForeignAppend
}

/** Who writes in the place of a store that is only read, for an actor. */
export type ForeignAppend = (actor: Actor) => Journal['append']

/** KiB of pages that are kept: what is read here is kept as it was folded. better-sqlite3 would keep 16 MB. */
const CACHE = 4_000

/** A store whose appends are taken elsewhere. */
class ReadOnlyStore extends SqliteStore {
  readonly #elsewhere: ForeignAppend

  constructor(parts: SqliteStoreParts, elsewhere: ForeignAppend) {
    super(parts)
    this.#elsewhere = elsewhere
  }

  override as(actor: Actor): Journal {
    return { append: this.#elsewhere(actor), read: (execution) => this.read(execution) }
  }
}

/**
 * Opens a store for reading, beside the connection of this process that writes: SQLite itself refuses every write of this one
 * (sqlite.org/c3ref/open.html, SQLITE_OPEN_READONLY), also that of a mark. The store is there already, of the present version, and verified
 * by whoever has it open for writing. Reads verify what they give as ever. Throws `store`.
 */
export function openReadOnly({ path, installKey, clock, elsewhere }: ReadOnlyOptions): SqliteStore {
  return guarded(path, () => {
    const keys = new KeyRing(installKey)
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS })
    try {
      database.pragma('query_only = ON')
      database.pragma(`cache_size = -${CACHE}`)
      database.pragma('trusted_schema = OFF')
      refuseStrangers(database, path, { upgrades: false })
      const origin = originOf(database, path, keys)
      const marks = new MarkTable(database, origin, keys)
      const segments = segmentsOf(database, path, { origin, base: marks.find('base') })
      const parts: SqliteStoreParts = {
        segments,
        database,
        path,
        marks,
        keys,
        blobs: new BlobTable(database, keys, (ref) => segments.text(ref)),
        executions: new ExecutionTable(database, origin, keys, marks),
        checkpoints: new CheckpointTable(database, origin, checkpointSigner(signingKeyOf(keys.checkpoint)), false),
        origin,
        clock,
        scrub: (text) => text,
        admit: () => undefined,
        moment: atRest,
      }
      return new ReadOnlyStore(parts, elsewhere)
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}
