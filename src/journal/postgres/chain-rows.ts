import type { LinkedLine } from '../audit/jsonl-chains.ts'
import { type LinkRow, REGISTER_CHAIN } from '../link.ts'
import type { Questions } from './database.ts'

/** A row as PostgreSQL gives it. */
interface StoredRow {
  readonly chain: string
  readonly n: number
  readonly pos: number
  readonly covers: readonly number[]
  readonly prev: Buffer
  readonly hash: Buffer
  readonly body: string
  /** What the columns say that is mirrored, beside the body. */
  readonly mirror: string | null
  readonly execution: string | null
  /** The hash of the row before; null where there is none. */
  readonly before: Buffer | null
  readonly at: string
  readonly type: string | null
  readonly plan: string | null
  readonly receiver: string | null
  readonly schedule: string | null
  readonly instant: string | null
}

/** A row of a chain, and what is before it. */
export interface RowFound extends LinkedLine {
  /** The hash of the row before it in its chain; undefined where there is none. */
  readonly before: Uint8Array | undefined
}

/** The same, and what is beside its hashed text. */
export interface ChainRowFound extends RowFound {
  readonly mirror: string | null
  readonly execution: string | null
  /** What PostgreSQL has computed from the body, to find the row by. */
  readonly columns: Columns
}

/** The columns of a row that PostgreSQL computes from its body. */
export interface Columns {
  readonly at: string
  readonly type: string | null
  readonly plan: string | null
  /** Of records of the register alone: whom a word is for, and the instant of a schedule. */
  readonly receiver: string | null
  readonly schedule: string | null
  readonly instant: string | null
}

type Ask = Questions['ask']

const EVENT =
  'e.execution AS chain, e.n, e.pos, e.covers, e.prev, e.hash, e.body, NULL AS mirror, NULL AS execution, e.at, e.type, e.plan, NULL AS receiver, NULL AS schedule, NULL AS instant'
const REGISTER = `'register' AS chain, r.n, r.pos, r.covers, r.prev, r.hash, r.body, r.mirror, r.execution, r.at, r.type, r.plan,
  r.receiver, r.schedule, r.instant`

/** Below any number that a row can have: chains begin with 1, and what is before that was not written by eosflow. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER

/** How many rows are asked for at once. */
const BATCH = 2_000

/** Rows between two positions, both included, in order: a mirror behind what it mirrors. At most `limit` of each kind. */
export async function rowsBetween(
  ask: Ask,
  from: number,
  through: number,
  limit: number,
): Promise<readonly ChainRowFound[]> {
  const rows = await ask<StoredRow & Record<string, unknown>>(
    `(SELECT ${EVENT}, p.hash AS before FROM event e LEFT JOIN event p ON p.execution = e.execution AND p.n = e.n - 1
        WHERE e.pos BETWEEN $1 AND $2 ORDER BY e.pos LIMIT $3)
      UNION ALL
      (SELECT ${REGISTER}, p.hash AS before FROM register r LEFT JOIN register p ON p.n = r.n - 1
        WHERE r.mirror IS NULL AND r.pos BETWEEN $1 AND $2 ORDER BY r.pos LIMIT $3)`,
    [from, through, limit],
  )
  return rows.map(foundIn).toSorted(inOrder).slice(0, limit)
}

/** The mirrors of records between two positions. */
export async function mirrorsBetween(ask: Ask, from: number, through: number): Promise<readonly ChainRowFound[]> {
  const rows = await ask<StoredRow & Record<string, unknown>>(
    `SELECT ${REGISTER}, p.hash AS before FROM register r LEFT JOIN register p ON p.n = r.n - 1
      WHERE r.mirror IS NOT NULL AND r.pos BETWEEN $1 AND $2 ORDER BY r.n`,
    [from, through],
  )
  return rows.map(foundIn)
}

/** The rows of the register, in order. */
export async function* registerRows(ask: Ask): AsyncGenerator<ChainRowFound> {
  for (let last = BEFORE_ALL; ; ) {
    const rows = await ask<StoredRow & Record<string, unknown>>(
      `SELECT ${REGISTER}, NULL AS before FROM register r WHERE r.n > $1 ORDER BY r.n LIMIT ${BATCH}`,
      [last],
    )
    yield* rows.map(foundIn)
    if (rows.length < BATCH) return
    last = rows.at(-1)?.n ?? last
  }
}

/** The rows of every execution, one execution after the other. */
export async function* executionRows(ask: Ask): AsyncGenerator<ChainRowFound> {
  for (let [chain, last] = ['', BEFORE_ALL]; ; ) {
    const rows = await ask<StoredRow & Record<string, unknown>>(
      `SELECT ${EVENT}, NULL AS before FROM event e WHERE (e.execution, e.n) > ($1, $2) ORDER BY e.execution, e.n LIMIT ${BATCH}`,
      [chain, last],
    )
    yield* rows.map(foundIn)
    const end = rows.at(-1)
    if (end === undefined || rows.length < BATCH) return
    ;[chain, last] = [end.chain, end.n]
  }
}

/** The positions of the rows of a chain up to one of them which none of those up to there covers. */
export async function positionsUpTo(ask: Ask, chain: string, n: number): Promise<readonly number[]> {
  const [table, own] = chain === REGISTER_CHAIN ? ['register', 'true'] : ['event', 't.execution = $2']
  const rows = await ask<{ readonly pos: number }>(
    `SELECT t.pos FROM ${table} t WHERE ${own} AND t.n <= $1 AND t.n >= coalesce((SELECT max(t.n) FROM ${table} t
      WHERE ${own} AND t.n <= $1 AND t.covers <> '{}'), 1) ORDER BY t.n`,
    chain === REGISTER_CHAIN ? [n] : [n, chain],
  )
  return rows.map(({ pos }) => pos)
}

function foundIn(stored: StoredRow): ChainRowFound {
  const { chain, n, pos, covers, prev, hash, body, mirror, execution, before } = stored
  const { at, type, plan, receiver, schedule, instant } = stored
  const row: LinkRow = { n, pos, covers, prev, hash, body }
  return {
    chain,
    row,
    isMirror: mirror !== null,
    mirror,
    execution,
    before: before ?? undefined,
    columns: { at, type, plan, receiver, schedule, instant },
  }
}

/** The order of an export: by position, a mirror behind what it mirrors. */
export function inOrder(one: LinkedLine, other: LinkedLine): number {
  return one.row.pos - other.row.pos || Number(one.isMirror) - Number(other.isMirror)
}
