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

/** Writes a number into some bytes, the highest byte first. */
export function setNumber(bytes: Uint8Array, from: number, value: number, length = 8): void {
  for (let at = from + length - 1, rest = value; at >= from; at -= 1, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256
}

/** Writes a digest, given as text of one byte to a character, into some bytes. */
export function setDigest(bytes: Uint8Array, from: number, digest: string): void {
  for (let at = 0; at < 32; at += 1) bytes[from + at] = digest.charCodeAt(at)
}

export function hexOf(bytes: Uint8Array): string {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString('hex')
}

/** Whether two digests are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0
}
