import type { SegmentFiles } from '../chains/retired-segments.ts'
import type { Journal } from '../journal.ts'
import { KeyRing } from '../key-ring.ts'
import type { ForeignAppend, ReadOnlyOptions } from '../sqlite/open-read-only.ts'
import type { Actor } from '../store.ts'
import { closedUnless, partsOver, reader, requireOurs } from './open-store.ts'
import { SqliteChainsStore, type SqliteChainsStoreParts } from './sqlite-chains-store.ts'

/** What a store of chains that is only read needs from outside. */
export interface ReadOnlyChainsOptions extends ReadOnlyOptions {
  readonly segments?: SegmentFiles
}

/** A store whose appends are taken elsewhere. */
class ReadOnlyChainsStore extends SqliteChainsStore {
  readonly #elsewhere: ForeignAppend

  constructor(parts: SqliteChainsStoreParts, elsewhere: ForeignAppend) {
    super(parts)
    this.#elsewhere = elsewhere
  }

  override as(actor: Actor): Journal {
    return { append: this.#elsewhere(actor), read: (execution) => this.read(execution) }
  }
}

/** Opens a store for reading, beside the connection of this process that writes. It is there already, of this layout. Throws `store`. */
export async function openChainsReadOnly({
  installKey,
  elsewhere,
  ...options
}: ReadOnlyChainsOptions): Promise<SqliteChainsStore> {
  const connection = reader(options.path)
  return closedUnless(connection, async () => {
    requireOurs(connection.database, options.path)
    const keys = new KeyRing(installKey)
    const parts = await partsOver(connection, keys, { ...options, installKey, checkpointKey: () => undefined })
    return new ReadOnlyChainsStore(parts, elsewhere)
  })
}
