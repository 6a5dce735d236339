import { hash as digestOf } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'

/** `prev` and `hash` are those of its chain, 32 bytes each. */
export interface ChainRow {
  readonly seq: number
  /** Canonical JSON of the event, with its number in its chain as `seq`. */
  readonly body: string
  readonly prev: Uint8Array
  readonly hash: Uint8Array
}

export interface ChainPoint {
  readonly seq: number
  readonly hash: Uint8Array
}

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

// Writes a number into some bytes, the highest byte first.
function setNumber(bytes: Uint8Array, from: number, value: number, length = 8): void {
  for (let at = from + length - 1, rest = value; at >= from; at -= 1, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256
}

// Writes a digest, given as text of one byte to a character, into some bytes.
function setDigest(bytes: Uint8Array, from: number, digest: string): void {
  for (let at = 0; at < 32; at += 1) bytes[from + at] = digest.charCodeAt(at)
}

export function hexOf(bytes: Uint8Array): string {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString('hex')
}

/** Whether two digests are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0
}

export const REGISTER_CHAIN = 'register'

/** A point of one of many chains: how many records it has up to there, and the hash of the newest, 32 bytes. */
export interface LinkPoint {
  readonly n: number
  readonly hash: Uint8Array
}

/** `prev` and `hash` are 32 bytes each. */
export interface LinkRow extends LinkPoint {
  /** The place among all records of the store: known only once the row is written, so later rows vouch for it. */
  readonly pos: number
  readonly covers: readonly number[]
  readonly prev: Uint8Array
  /** Canonical JSON of the record, with `n` as its `seq`; empty where `digest` is there instead. */
  readonly body: string
  /** The SHA-256 of the body in hex, of a record that whoever reads the chain is not shown. */
  readonly digest?: string
}

/** The point before the first row of a chain, bound to its name and that of the store: sha256("eosflow-chain-v1\0" || origin || "\0" || chain). */
export function linkGenesis(origin: string, chain: string): LinkPoint {
  return { n: 0, hash: Buffer.from(digestOf('sha256', `eosflow-chain-v1\0${origin}\0${chain}`, 'binary'), 'latin1') }
}

const [PREV_AT, COUNT_AT, COVERS_AT, HASH] = [9, 41, 45, 32] as const
const COVERING_NONE = new Uint8Array(COVERS_AT + HASH)

/** The hash of a row: sha256(0x02 || u64be(n) || prev || u32be(number of covered) || u64be of each || sha256(body)) (docs/adr/0075). */
export function linkHash(row: HashedRow): Uint8Array {
  return Buffer.from(digestOfLink(row), 'latin1')
}

export function isHashed(row: HashedRow & Pick<LinkRow, 'hash'>): boolean {
  const { hash } = row
  const digest = digestOfLink(row)
  if (hash.length !== HASH) return false
  for (let at = 0; at < HASH; at += 1) if (hash[at] !== digest.charCodeAt(at)) return false
  return true
}

type HashedRow = Pick<LinkRow, 'n' | 'prev' | 'covers' | 'body' | 'digest'>

// Digests as text of one byte to a character: handing over buffers takes longer than hashing.
function digestOfLink({ n, prev, covers, body, digest }: HashedRow) {
  const bodyAt = COVERS_AT + 8 * covers.length
  const link = covers.length === 0 ? COVERING_NONE : new Uint8Array(bodyAt + HASH)
  link[0] = 2
  setNumber(link, 1, n)
  // A row that was altered may have less.
  if (prev.length < HASH) link.fill(0, PREV_AT, COUNT_AT)
  link.set(prev.length > HASH ? prev.subarray(0, HASH) : prev, PREV_AT)
  setNumber(link, COUNT_AT, covers.length, 4)
  for (const [index, position] of covers.entries()) setNumber(link, COVERS_AT + 8 * index, position)
  if (digest === undefined) setDigest(link, bodyAt, digestOf('sha256', body, 'binary'))
  else link.set(Buffer.from(digest, 'hex').subarray(0, HASH), bodyAt)
  return digestOf('sha256', link, 'binary')
}

interface Span {
  readonly first: number
  readonly last: number
}

/** Records are asked for that are sealed in a segment, and its file is not at its place, or cannot be read (`cause`). Kind `store`. */
export class MissingSegmentError extends EosflowError {
  constructor(path: string, { first, last }: Span, cause?: Error & { readonly code: string }) {
    const what = cause === undefined ? 'is missing' : `cannot be read (${cause.code})`
    super('store', `the segment ${path} ${what}: it has the records from ${first} to ${last}`, {
      hint:
        cause === undefined
          ? 'Put the file back from where it is kept: segments never change.'
          : 'Give this user the right to read it, or put the file back from where it is kept.',
      cause,
    })
    this.name = 'MissingSegmentError'
  }
}
