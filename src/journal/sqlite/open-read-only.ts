import type { Clock } from '../../model/clock.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import type { SegmentFiles } from '../chains/retired-segments.ts'
import type { Journal } from '../journal.ts'
import { KeyRing } from '../key-ring.ts'
import type { Actor } from '../store.ts'
import { closedUnless, partsOver, reader, requireOurs } from './open-store.ts'
import { SqliteStore, type SqliteStoreParts } from './sqlite-store.ts'

/** What a store that is only read needs from outside. */
export interface ReadOnlyOptions {
  readonly path: string
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /** Takes what somebody appends to the thread that writes. */
  readonly elsewhere: ForeignAppend
  readonly segments?: SegmentFiles
}

/** Who writes in the place of a store that is only read, for an actor. */
export type ForeignAppend = (actor: Actor) => Journal['append']

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

/** Opens a store for reading, beside the connection of this process that writes. It is there already, of this layout. Throws `store`. */
export async function openReadOnly({ installKey, elsewhere, ...options }: ReadOnlyOptions): Promise<SqliteStore> {
  const connection = reader(options.path)
  return closedUnless(connection, async () => {
    requireOurs(connection.database, options.path)
    const keys = new KeyRing(installKey)
    const parts = await partsOver(connection, keys, { ...options, installKey, checkpointKey: () => undefined })
    return new ReadOnlyStore(parts, elsewhere)
  })
}
