import type { Clock } from '../../model/clock.ts'
import { BrokenChainError, sameBytes } from '../chain.ts'
import { type StoredRow, type WalkPoint, walkRows } from '../chains/rows.ts'
import { linkGenesis, REGISTER_CHAIN } from '../link.ts'
import { AMONG, type Connection } from './connection.ts'
import type { Heads } from './heads.ts'
import { REGISTER_ROW, type RowColumns, storedRow } from './kept-rows.ts'

/** How long the register is not walked again from its beginning, in milliseconds. */
const LONGEST = 60_000
/** So many rows are read at once. */
const ROWS = 1_000

const BEHIND = `SELECT ${REGISTER_ROW} FROM register r WHERE r.n > ? ORDER BY r.n LIMIT ${ROWS}`
const THOSE = `SELECT ${REGISTER_ROW} FROM register r WHERE r.n ${AMONG} ORDER BY r.n`

interface Walked {
  /** Who had written by then, and when the walk began at the beginning. */
  readonly version: number
  readonly since: number
  readonly end: WalkPoint
}

/** What decisions are found with. */
export interface DecisionsParts {
  readonly connection: Connection
  readonly heads: Heads
  readonly origin: string
  readonly clock: Clock
}

/**
 * The decisions about plans, found by a walk over the whole register: whoever can write has no way to hide one, by whatever it would be looked for. The
 * walk is kept, for an execution of many switches asks before each of its timed commits. While nobody else writes to the file only what is new is walked,
 * and each decision that was found is compared with what it was; once anybody has written, or after a minute, everything is walked again.
 */
export class Decisions {
  readonly #parts: DecisionsParts
  #walked: Walked | undefined
  readonly #found = new Map<string, StoredRow[]>()

  constructor(parts: DecisionsParts) {
    this.#parts = parts
  }

  /** The decisions about a plan, in order; the heads were read in the same moment. Throws BrokenChainError where the register is not the one that was sealed. */
  about(plan: string): readonly StoredRow[] {
    const { connection, heads, clock } = this.#parts
    // SQLite never looks again at a page that it has, whose bytes may have been changed past it (sqlite.org/pragma.html#pragma_shrink_memory).
    connection.run('PRAGMA shrink_memory')
    const { foreignWrites: version } = connection
    const now = clock.monotonic()
    const known = this.#walked
    this.#walked = undefined
    const isKept =
      known !== undefined && known.version === version && now - known.since < LONGEST && this.#isAsItWas(plan)
    if (!isKept) this.#found.clear()
    const end = this.#walk(isKept ? known.end : this.#beginning)
    const { n, hash } = heads.present.register
    if (end.n !== n || Buffer.from(end.hash).toString('hex') !== hash)
      throw new BrokenChainError({
        seq: end.uncovered.at(-1) ?? 0,
        reason: 'the register does not end where it was sealed',
      })
    this.#walked = { version, since: isKept ? known.since : now, end }
    return this.#found.get(plan) ?? []
  }

  get #beginning(): WalkPoint {
    return { ...linkGenesis(this.#parts.origin, REGISTER_CHAIN), uncovered: [] }
  }

  #walk(from: WalkPoint): WalkPoint {
    let end = from
    for (;;) {
      const rows = this.#parts.connection.all<RowColumns>(BEHIND, end.n).map(storedRow)
      end = walkRows(end, rows)
      for (const row of rows) this.#heed(row)
      if (rows.length < ROWS) return end
    }
  }

  #heed(row: StoredRow): void {
    if (!row.body.includes('"type":"ApprovalDecided"')) return
    const { type, statement } = JSON.parse(row.body) as { readonly type: string; readonly statement: { plan: string } }
    if (type !== 'ApprovalDecided') return
    const rows = this.#found.get(statement.plan)
    if (rows === undefined) this.#found.set(statement.plan, [row])
    else rows.push(row)
  }

  #isAsItWas(plan: string): boolean {
    const found = this.#found.get(plan) ?? []
    const rows = this.#parts.connection.all<RowColumns>(THOSE, JSON.stringify(found.map(({ n }) => n)))
    return (
      rows.length === found.length &&
      found.every(({ body, hash }, index) => rows[index]?.body === body && sameBytes(rows[index].hash, hash))
    )
  }
}
