import { createHash, hash } from 'node:crypto'
import { EosflowError } from '../model/error.ts'

/** One row of the journal as it is stored. `prev` and `hash` are 32 bytes each. */
export interface ChainRow {
  readonly seq: number
  /** Canonical JSON of the event, which holds `seq` too. */
  readonly body: string
  readonly prev: Uint8Array
  readonly hash: Uint8Array
}

/** A point of the chain: the row `seq` and its hash. Seq 0 is the genesis, before the first row. */
export interface ChainPoint {
  readonly seq: number
  readonly hash: Uint8Array
}

/** The first row at which a chain does not hold, and why. */
export interface ChainFault {
  readonly seq: number
  readonly reason: string
}

/** The journal does not verify at row `seq`: kind `store`, and a sign of tampering or of a broken disk, never of a full one. */
export class BrokenChainError extends EosflowError {
  readonly seq: number
  readonly reason: string

  constructor(fault: ChainFault) {
    super('store', `the journal does not verify at record ${fault.seq}: ${fault.reason}`, {
      hint: 'Keep the store as evidence; eosflow recover --scan shows what is on the switches; go on with a copy from before the fault or with a new store.',
    })
    this.name = 'BrokenChainError'
    this.seq = fault.seq
    this.reason = fault.reason
  }
}

/** The point before the first row, bound to the name of the store: sha256("eosflow-audit-v1\0" || origin). */
export function genesis(origin: string): ChainPoint {
  return { seq: 0, hash: createHash('sha256').update(`eosflow-audit-v1\0${origin}`).digest() }
}

const PREV_AT = 9
const CONTENT_AT = PREV_AT + 32

/** The hash of a row: sha256(0x01 || u64be(seq) || prev || sha256(body)) (docs/audit.md#how-it-is-chained). */
export function chainHash(seq: number, prev: Uint8Array, body: string): Uint8Array {
  // In one call and as hex: faster than a Hash object and its Buffer, and hashing is most of what a reader does.
  return chainLink(seq, prev, hash('sha256', body, 'hex'))
}

/** The same of a row of which only the digest of its body is there: sha256 in 64 hex digits. */
export function chainLink(seq: number, prev: Uint8Array, digest: string): Uint8Array {
  const link = Buffer.allocUnsafe(CONTENT_AT + 32)
  link.writeUInt8(1, 0)
  link.writeBigUInt64BE(BigInt(seq), 1)
  link.set(prev, PREV_AT)
  link.write(digest, CONTENT_AT, 'hex')
  return Buffer.from(hash('sha256', link, 'hex'), 'hex')
}

/**
 * The hashes of the rows behind a point, given their bodies: 32 bytes each, one behind the other. The same as {@link chainHash} row by
 * row, with one buffer and with digests as text of one byte to a character: handing over buffers takes longer than hashing.
 */
export function chainHashes({ seq, hash: before }: ChainPoint, bodies: readonly string[]): Uint8Array {
  const link = new Uint8Array(CONTENT_AT + 32)
  link[0] = 1
  link.set(before, PREV_AT)
  let hashes = ''
  for (const [index, body] of bodies.entries()) {
    setNumber(link, 1, seq + 1 + index)
    setDigest(link, CONTENT_AT, hash('sha256', body, 'binary'))
    const linked = hash('sha256', link, 'binary')
    setDigest(link, PREV_AT, linked)
    hashes += linked
  }
  return Buffer.from(hashes, 'binary')
}

/** Writes a number into some bytes, the highest byte first. */
export function setNumber(bytes: Uint8Array, from: number, value: number, length = 8): void {
  for (let at = from + length - 1, rest = value; at >= from; at -= 1, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256
}

/** Writes a digest, given as text of one byte to a character, into some bytes. */
export function setDigest(bytes: Uint8Array, from: number, digest: string): void {
  for (let at = 0; at < 32; at += 1) bytes[from + at] = digest.charCodeAt(at)
}

/** The row that follows a point. */
export function chainRow(after: ChainPoint, body: string): ChainRow {
  const seq = after.seq + 1
  return { seq, body, prev: after.hash, hash: chainHash(seq, after.hash, body) }
}

/** The rows that follow a point. */
export function chainRows(after: ChainPoint, bodies: readonly string[]): readonly ChainRow[] {
  const hashes = chainHashes(after, bodies)
  const hashOf = (index: number): Uint8Array => hashes.subarray(index * 32, index * 32 + 32)
  return bodies.map((body, index) => ({
    seq: after.seq + 1 + index,
    body,
    prev: index === 0 ? after.hash : hashOf(index - 1),
    hash: hashOf(index),
  }))
}

/** Walks rows that should follow `after` without a gap, and names the first one that does not; or says where the run ends. */
export function walkChain(
  after: ChainPoint,
  rows: Iterable<ChainRow>,
): { readonly fault: ChainFault } | { readonly end: ChainPoint } {
  let end = after
  for (const row of rows) {
    const reason = faultOf(end, row)
    if (reason !== undefined) return { fault: { seq: Math.min(row.seq, end.seq + 1), reason } }
    end = { seq: row.seq, hash: row.hash }
  }
  return { end }
}

function faultOf(before: ChainPoint, row: ChainRow): string | undefined {
  if (row.seq > before.seq + 1) return 'the record is missing'
  if (row.seq <= before.seq) return 'the record is out of order'
  if (!sameBytes(row.hash, chainHash(row.seq, row.prev, row.body))) return 'its content was altered'
  if (!sameBytes(row.prev, before.hash)) return `it does not follow record ${before.seq}, one of the two was replaced`
  return undefined
}

/** Whether two digests are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
