import type { Database, Statement } from 'better-sqlite3'
import { type ChainFault, type ChainPoint, type ChainRow, chainHashes, sameBytes, walkChain } from '../chain.ts'

/** Some rows that follow each other, joined in SQLite: handing them over one by one takes longer than hashing them. */
interface Block {
  readonly rows: number
  readonly last: number
  /** One body to a line; a body that holds a line break was not written by eosflow. */
  readonly bodies: string
  /** In upper-case hex, as are the hashes. */
  readonly prevs: string
  readonly hashes: string
}

const ROWS = 500
const HASH = 32
const HEX = 2 * HASH

/** Walks the chain of a journal block by block: the same judgement as {@link walkChain}, which names the fault, in less time. */
export class BlockWalk {
  readonly #block: Statement<[after: number, limit: number], Block>
  readonly #since: Statement<[after: number], ChainRow>

  constructor(database: Database) {
    this.#block = database.prepare(`SELECT count(*) AS rows, coalesce(max(seq), 0) AS last,
      group_concat(body, char(10)) AS bodies, group_concat(hex(prev), '') AS prevs, group_concat(hex(hash), '') AS hashes
      FROM (SELECT seq, body, prev, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?)`)
    this.#since = database.prepare('SELECT seq, body, prev, hash FROM journal WHERE seq > ? ORDER BY seq')
  }

  /** The rows behind a point, each of which must follow the one before; names the first that does not, or says where they end. */
  walk(after: ChainPoint): { readonly fault: ChainFault } | { readonly end: ChainPoint } {
    let end = after
    for (;;) {
      const block = this.#block.get(end.seq, ROWS)
      if (block === undefined || block.rows === 0) return { end }
      const next = endOfBlock(end, block)
      if (next === undefined) return walkChain(end, this.#since.iterate(end.seq))
      end = next
    }
  }
}

/** Where a block ends, if every row of it holds. */
function endOfBlock(after: ChainPoint, { rows, last, bodies, prevs, hashes }: Block): ChainPoint | undefined {
  if (last !== after.seq + rows) return undefined
  const lines = bodies.split('\n')
  if (lines.length !== rows) return undefined
  const before = Buffer.from(after.hash).toString('hex').toUpperCase()
  if (prevs !== before + hashes.slice(0, -HEX)) return undefined
  const stored = Buffer.from(hashes, 'hex')
  if (!sameBytes(stored, chainHashes(after, lines))) return undefined
  return { seq: last, hash: stored.subarray(-HASH) }
}
