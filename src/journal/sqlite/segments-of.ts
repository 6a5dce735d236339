import type { Database } from 'better-sqlite3'
import { type ChainPoint, type ChainRow, genesis } from '../chain.ts'
import { ofType } from '../of-type.ts'
import { segmentFolder } from '../segment-folder.ts'
import { parseRow } from './read-row.ts'
import { IS_SEALING } from './schema.ts'
import type { SegmentRecord } from './segment-file.ts'
import { Segments } from './segments.ts'

/** The segments of a store, by the records in it that say which there are. `base`: up to where the store is sealed, if anything is. */
export function segmentsOf(
  database: Database,
  path: string,
  { origin, base }: { readonly origin: string; readonly base: ChainPoint | undefined },
): Segments {
  const start = genesis(origin)
  return new Segments({
    folder: segmentFolder(path),
    start,
    base: base ?? start,
    records: () => (base === undefined ? [] : sealedIn(database)),
  })
}

/** The same of a file that is only read. */
export function segmentsIn(database: Database, path: string, origin: string): Segments {
  const last = sealedIn(database).at(-1)
  const base = last === undefined ? undefined : { seq: last.last, hash: Buffer.from(last.root, 'base64') }
  return segmentsOf(database, path, { origin, base })
}

/** The segments that the records of a store speak of, in order. */
export function sealedIn(database: Database): readonly SegmentRecord[] {
  const sealings = database.prepare<[], ChainRow>(
    `SELECT seq, body, prev, hash FROM journal WHERE ${IS_SEALING} ORDER BY seq`,
  )
  return ofType('StoreSealed', sealings.all().map(parseRow))
}
