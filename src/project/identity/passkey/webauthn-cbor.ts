import { EosflowError } from '../../../model/error.ts'

/** A value of CBOR (RFC 8949), as far as authenticators write it. */
export type CborValue = number | string | boolean | null | Buffer | readonly CborValue[] | CborMap

export type CborMap = ReadonlyMap<number | string, CborValue>

// CTAP 2.1, section 8: an authenticator nests at most four levels.
const DEEPEST = 4

/** Reads the one value that a CBOR text begins with, and gives how many bytes it has. Only the canonical form of authenticators is read (CTAP 2.1, section 8): shortest lengths, no lengths that are left open, no tags, no floating point, no key twice. */
export function readCbor(bytes: Buffer): { readonly value: CborValue; readonly length: number } {
  const reader = new CborReader(bytes)
  const value = reader.value(0)
  return { value, length: reader.at }
}

class CborReader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): CborValue {
    const [first = 0] = this.#take(1)
    const kind = first >> 5
    if (kind === 7) return simple(first & 31)
    const count = this.#count(first & 31)
    switch (kind) {
      case 0:
        return count
      case 1:
        return -1 - count
      case 2:
        return this.#take(count)
      case 3:
        return utf8(this.#take(count))
      case 4:
        return this.#list(count, depth + 1)
      case 5:
        return this.#map(count, depth + 1)
      default:
        throw unread('it holds a tag')
    }
  }

  #list(count: number, depth: number): readonly CborValue[] {
    this.#requireRoom(count, depth)
    return Array.from({ length: count }, () => this.value(depth))
  }

  #map(count: number, depth: number): CborMap {
    this.#requireRoom(count * 2, depth)
    const map = new Map<number | string, CborValue>()
    for (let index = 0; index < count; index += 1) {
      const key = this.value(depth)
      if (typeof key !== 'number' && typeof key !== 'string') throw unread('a key of a map is neither number nor text')
      if (map.has(key)) throw unread('a key of a map is there twice')
      map.set(key, this.value(depth))
    }
    return map
  }

  // Every member has a byte at least: a length that promises more is not believed.
  #requireRoom(members: number, depth: number): void {
    if (depth > DEEPEST) throw unread('it nests too deeply')
    if (members > this.#bytes.length - this.at) throw unread('it ends too early')
  }

  #count(low: number): number {
    if (low < 24) return low
    if (low > 27) throw unread('a length is left open')
    const size = 2 ** (low - 24)
    const bytes = this.#take(size)
    const count = size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size)
    if (!Number.isSafeInteger(count)) throw unread('a number is too large')
    if (count < (low === 24 ? 24 : 2 ** (size * 4))) throw unread('a number is longer than it needs to be')
    return count
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length - this.at) throw unread('it ends too early')
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }
}

function simple(low: number): CborValue {
  if (low === 20 || low === 21) return low === 21
  if (low === 22) return null
  throw unread('it holds a value that authenticators do not write')
}

function utf8(bytes: Buffer) {
  try {
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw unread('a text of it is not UTF-8')
  }
}

function unread(why: string) {
  return new EosflowError('protocol', `the CBOR cannot be read: ${why}`)
}
