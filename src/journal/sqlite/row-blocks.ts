import type { FoundChainRow } from '../chains/chain-rows.ts'
import type { RowReader, Value } from './connection.ts'
import { positionsIn } from './kept-rows.ts'

/** Some rows that follow each other, joined in SQLite: handing them over one by one takes longer than hashing them. */
interface Block {
  readonly rows: number
  /** One body to a line; one that holds a line break was not written by eosflow. Null without rows. */
  readonly bodies: string | null
  /** `prev` and `hash` of each row, one behind the other. */
  readonly links: Buffer | null
  /** How many rows have others than of 32 bytes. */
  readonly odd: number
  /** The other columns, one to a line. */
  readonly others: string | null
}

/** How many rows are asked for at once. */
export const BATCH = 200
const HASH = 32

const CERTAIN = ['chain', 'n', 'pos', 'covers', 'at'] as const
/** Those of the table of executions and then of the register. */
const [OF_EVENT, OF_REGISTER] = [
  ['type', 'plan'],
  ['mirror', 'execution', 'receiver', 'schedule', 'instant'],
] as const
const [TYPE, PLAN, MIRROR, EXECUTION, RECEIVER, SCHEDULE, INSTANT] = [5, 6, 7, 8, 9, 10, 11] as const
/** Columns that may be empty: what is there has a sign before it. */
const SIGN = '='

/** A question whose rows are asked for as one block. */
export interface BlockQuestion {
  readonly text: string
  readonly width: number
}

/** Asks for the rows of a question as one block: each has every column that is read here, but for those that only the register has. */
export function blockOf(rows: string, { isRegister = false } = {}): BlockQuestion {
  const possible = isRegister ? [...OF_EVENT, ...OF_REGISTER] : OF_EVENT
  const others = [...CERTAIN, ...possible.map((name) => `iif(${name} IS NULL, '', '${SIGN}' || ${name})`)]
  const text = `SELECT count(*) AS rows, group_concat(body, char(10)) AS bodies, CAST(group_concat(prev || hash, '') AS BLOB) AS links,
    total(length(prev) <> ${HASH} OR length(hash) <> ${HASH}) AS odd, group_concat(${others.join(' || char(10) || ')}, char(10)) AS others
    FROM (${rows})`
  return { text, width: others.length }
}

/** The rows of such a block; undefined where one cannot be told from the next, as of a store that was altered. */
export function rowsOfBlock(
  asked: RowReader,
  { text, width }: BlockQuestion,
  ...values: readonly Value[]
): readonly FoundChainRow[] | undefined {
  const block = asked.one<Block>(text, ...values)
  if (block === undefined || block.rows === 0) return []
  const { rows, bodies, links, odd, others } = block
  const [lines, columns] = [bodies?.split('\n') ?? [], others?.split('\n') ?? []]
  const isWhole = lines.length === rows && columns.length === width * rows && odd === 0
  if (!isWhole || links === null) return undefined
  return lines.map((body, index) => {
    const from = index * width
    const hash = linkAt(links, 2 * index + 1)
    // Of each chain the newest hash is kept: not the whole block with it.
    const isLast = columns[from + width] !== columns[from]
    return rowIn(columns, from, width, {
      body,
      prev: linkAt(links, 2 * index),
      hash: isLast ? Buffer.from(hash) : hash,
    })
  })
}

function linkAt(links: Buffer, index: number): Buffer {
  return links.subarray(HASH * index, HASH * (index + 1))
}

type Linked = Pick<FoundChainRow['row'], 'body' | 'prev' | 'hash'>

function rowIn(columns: readonly string[], from: number, width: number, { body, prev, hash }: Linked): FoundChainRow {
  const possible = (place: number): string | null => {
    const text = place < width ? columns[from + place] : undefined
    return text === undefined || text === '' ? null : text.slice(SIGN.length)
  }
  const [n, pos, covers = ''] = [Number(columns[from + 1]), Number(columns[from + 2]), columns[from + 3]]
  const mirror = possible(MIRROR)
  return {
    chain: columns[from] ?? '',
    row: { n, pos, covers: positionsIn(covers), prev, hash, body },
    isMirror: mirror !== null,
    mirror,
    execution: possible(EXECUTION),
    before: undefined,
    columns: {
      at: columns[from + 4] ?? '',
      type: possible(TYPE),
      plan: possible(PLAN),
      receiver: possible(RECEIVER),
      schedule: possible(SCHEDULE),
      instant: possible(INSTANT),
    },
  }
}
