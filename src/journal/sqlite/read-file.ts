import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { sameBytes } from '../chain.ts'
import type { ChainsTrail } from '../chains/read-trail.ts'
import type { SegmentFiles } from '../chains/retired-segments.ts'
import type { KeyRing } from '../key-ring.ts'
import { REGISTER_CHAIN } from '../link.ts'
import type { Connection } from './connection.ts'
import { reader, requireOurs } from './open-store.ts'
import { readMoment, requireUndamaged } from './read-chains.ts'
import { newestOf } from './records.ts'

/**
 * Reads the file of a store as it lies there, changing nothing in it, beside whoever has it open: what it was at one moment. A sound record is given
 * only where SQLite finds every page of the file in order. Throws `store` for what is no store of this layout.
 */
export function readChainsFile(path: string, keys: KeyRing | undefined, files: SegmentFiles): Promise<ChainsTrail> {
  return withMoment(path, keys, files, async (_, trail) => trail)
}

/** The same, and gives what is read of that moment besides. */
export async function withMoment<T>(
  path: string,
  keys: KeyRing | undefined,
  files: SegmentFiles,
  read: (connection: Connection, trail: ChainsTrail) => Promise<T>,
): Promise<T> {
  const connection = reader(path)
  try {
    requireOurs(connection.database, path, true)
    connection.run('BEGIN')
    const trail = await readMoment(connection, keys, files)
    if (trail.chains.fault === undefined) requireUndamaged(connection, path)
    return await read(connection, trail)
  } finally {
    connection.close()
  }
}

/** What a store has of records that are looked for. */
export interface FoundRecords {
  readonly origin: string
  /** The newest position in it. */
  readonly newest: number
  /** Whether it has another record in the place of one of them. */
  readonly isOther: boolean
}

/** Looks whether a store has the newest records of some chains, or has not come as far. Throws `store` for a file that is no store of this layout. */
export function lookAtRecords(path: string, heads: readonly ChainHead[]): FoundRecords {
  const connection = reader(path)
  try {
    requireOurs(connection.database, path)
    const { origin } = connection.one<{ origin: string }>('SELECT origin FROM store') ?? { origin: '' }
    const isOther = heads.some(({ chain, n, hash }) => {
      const row =
        chain === REGISTER_CHAIN
          ? connection.one<{ hash: Uint8Array }>('SELECT hash FROM register WHERE n = ?', n)
          : connection.one<{ hash: Uint8Array }>('SELECT hash FROM event WHERE execution = ? AND n = ?', chain, n)
      return row !== undefined && !sameBytes(row.hash, hash)
    })
    return { origin, newest: newestOf(connection), isOther }
  } finally {
    connection.close()
  }
}
