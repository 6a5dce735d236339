import { hash as hashed } from 'node:crypto'
import { NOTHING_SEALED } from './seal-sum.ts'

/** What is kept of records that belong together: where they are, how many, and one digest over all of them. */
export interface RecordCount {
  /** The first and the newest record. */
  readonly first: number
  readonly last: number
  readonly records: number
  /** Over the hashes of the records in order: see {@link countedAfter}. 32 bytes. */
  readonly digest: Uint8Array
}

/** The count with one more record: digest = sha256(digest before, or 32 zero bytes || hash of the record) (docs/adr/0046). */
export function countedAfter(
  before: RecordCount | undefined,
  { seq, hash }: { readonly seq: number; readonly hash: Uint8Array },
): RecordCount {
  return {
    first: before?.first ?? seq,
    last: seq,
    records: (before?.records ?? 0) + 1,
    digest: digestOf([hash], before?.digest),
  }
}

const HASH = 32

/** The digest over the hashes of records, in order, behind the digest of those before them. */
export function digestOf(hashes: Iterable<Uint8Array>, before: Uint8Array = NOTHING_SEALED): Uint8Array {
  const link = new Uint8Array(2 * HASH)
  link.set(before)
  for (const hash of hashes) {
    link.set(hash, HASH)
    // As text of one byte to a character: handing over a buffer takes longer than hashing.
    const digest = hashed('sha256', link, 'binary')
    for (let at = 0; at < HASH; at += 1) link[at] = digest.charCodeAt(at)
  }
  return link.slice(0, HASH)
}
