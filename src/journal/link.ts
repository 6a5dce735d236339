import { createHash, hash as digestOf } from 'node:crypto'

/** The name of the chain of what belongs to no execution, where each execution has a chain of its own, which has its id. */
export const REGISTER_CHAIN = 'register'

/** A point of one of many chains: how many records it has up to there, and the hash of the newest, 32 bytes. */
export interface LinkPoint {
  readonly n: number
  readonly hash: Uint8Array
}

/** One row of one of many chains, as it is stored. `prev` and `hash` are 32 bytes each. */
export interface LinkRow extends LinkPoint {
  /** The place among all records of the store: known only once the row is written, so later rows vouch for it. */
  readonly pos: number
  /** In the first row of an append: the positions of the rows of its chain that none has covered yet. Otherwise none. */
  readonly covers: readonly number[]
  readonly prev: Uint8Array
  /** Canonical JSON of the record, with `n` as its `seq`; empty where `digest` is there instead. */
  readonly body: string
  /** The SHA-256 of the body in hex, of a record that whoever reads the chain is not shown. */
  readonly digest?: string
}

/** The point before the first row of a chain, bound to its name and that of the store: sha256("eosflow-chain-v1\0" || origin || "\0" || chain). */
export function linkGenesis(origin: string, chain: string): LinkPoint {
  return { n: 0, hash: createHash('sha256').update(`eosflow-chain-v1\0${origin}\0${chain}`).digest() }
}

/** The hash of a row: sha256(0x02 || u64be(n) || prev || u32be(number of covered) || u64be of each || sha256(body)) (docs/adr/0075). */
export function linkHash({
  n,
  prev,
  covers,
  body,
  digest = digestOf('sha256', body, 'hex'),
}: Pick<LinkRow, 'n' | 'prev' | 'covers' | 'body' | 'digest'>): Uint8Array {
  const link = Buffer.allocUnsafe(1 + 8 + 32 + 4 + 8 * covers.length + 32)
  link.writeUInt8(2, 0)
  link.writeBigUInt64BE(BigInt(n), 1)
  link.set(prev, 9)
  link.writeUInt32BE(covers.length, 41)
  for (const [index, position] of covers.entries()) link.writeBigUInt64BE(BigInt(position), 45 + 8 * index)
  link.write(digest, 45 + 8 * covers.length, 'hex')
  return Buffer.from(digestOf('sha256', link, 'hex'), 'hex')
}
