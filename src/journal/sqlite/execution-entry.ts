import { hash as hashed } from 'node:crypto'
import type { EventBody } from '../event.ts'

/** What the table of executions keeps of one of them: where its records are, and one digest over all of them. */
export interface ExecutionEntry {
  readonly id: string
  /** Its first and its newest record. */
  readonly first: number
  readonly last: number
  /** How many records it has. */
  readonly records: number
  /** Over the hashes of its records in order: see {@link entryAfter}. 32 bytes. */
  readonly digest: Uint8Array
  /** Whether it has not ended. */
  readonly isOpen: boolean
  /** Whether it has announced an act for which it needs the lease of a switch. */
  readonly hasActed: boolean
}

/** A record of an execution, as its entry counts it. */
export interface CountedRecord {
  readonly seq: number
  readonly hash: Uint8Array
  readonly type: EventBody['type']
  /** Whether it announces an act for which the lease of a switch is needed. */
  readonly isLeased: boolean
}

const NOTHING = new Uint8Array(32)

/** The entry with one more record: digest = sha256(digest before, or 32 zero bytes || hash of the record) (docs/adr/0046). */
export function entryAfter(
  before: ExecutionEntry | undefined,
  id: string,
  { seq, hash, type, isLeased }: CountedRecord,
): ExecutionEntry {
  return {
    id,
    first: before?.first ?? seq,
    last: seq,
    records: (before?.records ?? 0) + 1,
    digest: digestAfter(before?.digest ?? NOTHING, hash),
    isOpen: isOpenAfter(before, type),
    hasActed: before?.hasActed === true || isLeased,
  }
}

/** The digest over the hashes of records, in order. */
export function digestOf(hashes: Iterable<Uint8Array>): Uint8Array {
  let digest: Uint8Array = NOTHING
  for (const hash of hashes) digest = digestAfter(digest, hash)
  return digest
}

/** What is put on record about an execution that has ended, such as a secret that was asked for, does not open it again. */
function isOpenAfter(before: ExecutionEntry | undefined, type: EventBody['type']): boolean {
  if (type === 'ExecutionEnded') return false
  return before === undefined || before.isOpen || type === 'ExecutionRedriven'
}

function digestAfter(digest: Uint8Array, hash: Uint8Array): Uint8Array {
  const both = Buffer.allocUnsafe(digest.length + hash.length)
  both.set(digest)
  both.set(hash, digest.length)
  return Buffer.from(hashed('sha256', both, 'hex'), 'hex')
}

/** What is sealed of an entry: canonical JSON, the members in the order of their names. */
export function entryText(origin: string, entry: ExecutionEntry): string {
  const { id, first, last, records, digest, isOpen, hasActed } = entry
  return JSON.stringify({
    acted: hasActed,
    digest: Buffer.from(digest).toString('hex'),
    execution: id,
    first,
    last,
    open: isOpen,
    origin,
    records,
  })
}

/** The sum of seals, bit by bit without carry: a seal that is added twice is out of it again. */
export function summed(sum: Uint8Array, seal: Uint8Array): Uint8Array {
  return sum.map((byte, at) => byte ^ (seal[at] ?? 0))
}
