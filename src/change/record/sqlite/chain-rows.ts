import {
  allRows,
  type ChainRows,
  type FoundChainRow,
  type FoundRegisterRow,
  foundRow,
  inOrder,
  type StoredChainRow,
} from '../chains/chain-rows.ts'
import { REGISTER_CHAIN } from '../seal/link.ts'
import { AMONG, type RowReader, type Value } from './connection.ts'
import { EVENT_ROW, positionsIn, REGISTER_ROW, type RowColumns, storedRow } from './kept-rows.ts'

interface Block {
  readonly rows: number
  readonly bodies: string | null
  readonly links: Buffer | null
  // How many rows have others than of 32 bytes.
  readonly odd: number
  readonly others: string | null
}

// How many rows are asked for at once.
const BATCH = 200
const HASH = 32

const CERTAIN = ['chain', 'n', 'pos', 'covers'] as const
// Those that may be empty; of them the table of executions has the first one alone.
const POSSIBLE = ['plan', 'type', 'mirror', 'execution', 'receiver', 'schedule', 'instant'] as const
// What is there of a column that may be empty has a sign before it.
const SIGN = '='

type FoundRow = Omit<StoredChainRow, 'covers'> & Pick<RowColumns, 'covers'>

const EVENT =
  'e.execution AS chain, e.n, e.pos, e.covers, e.prev, e.hash, e.body, NULL AS mirror, NULL AS execution, NULL AS type, e.plan, NULL AS receiver, NULL AS schedule, NULL AS instant'
const REGISTER = `'register' AS chain, r.n, r.pos, r.covers, r.prev, r.hash, r.body, r.mirror, r.execution, r.type, r.plan,
  r.receiver, r.schedule, r.instant`
const BETWEEN = `SELECT * FROM (SELECT ${EVENT}, p.hash AS before FROM event e LEFT JOIN event p ON p.execution = e.execution AND p.n = e.n - 1
    WHERE e.pos BETWEEN ? AND ? ORDER BY e.pos LIMIT ?)
  UNION ALL
  SELECT * FROM (SELECT ${REGISTER}, p.hash AS before FROM register r LEFT JOIN register p ON p.n = r.n - 1
    WHERE r.mirror IS NULL AND r.pos BETWEEN ? AND ? ORDER BY r.pos LIMIT ?)`

const MIRRORS_BEHIND = `WITH begun AS MATERIALIZED (SELECT coalesce(column1, (SELECT n FROM register WHERE mirror IS NULL AND pos < ? ORDER BY pos DESC LIMIT 1), 0) AS n,
    iif(column1 IS NULL, ?, 0) AS pos FROM (VALUES (?))),
  span AS MATERIALIZED (SELECT n, pos, (SELECT n FROM register m WHERE m.n > b.n AND m.pos > ? ORDER BY m.n LIMIT 1) AS ends FROM begun b)
  SELECT ${REGISTER}, p.hash AS before FROM span s CROSS JOIN register r ON r.n > s.n AND r.n < coalesce(s.ends, ${Number.MAX_SAFE_INTEGER})
    LEFT JOIN register p ON p.n = r.n - 1 WHERE r.mirror IS NOT NULL AND r.pos >= s.pos ORDER BY r.n`

// The hash of the row of a place, and the positions up to there from the last row on that covers others: what is before is covered.
const PLACE_IN = (table: string, own: string) =>
  `SELECT a.place, (SELECT t.hash FROM ${table} t WHERE ${own} AND t.n = a.n) AS hash,
    (SELECT json_group_array(pos) FROM (SELECT t.pos FROM ${table} t WHERE ${own} AND t.n <= a.n AND t.n >= coalesce(
      (SELECT max(t.n) FROM ${table} t WHERE ${own} AND t.n <= a.n AND t.covers <> '[]'), 1) ORDER BY t.n)) AS positions
    FROM asked a WHERE a.chain`
const PLACES = `WITH asked AS MATERIALIZED (SELECT key AS place, value ->> 0 AS chain, value ->> 1 AS n FROM json_each(?))
  ${PLACE_IN('event', 't.execution = a.chain')} <> '${REGISTER_CHAIN}'
  UNION ALL ${PLACE_IN('register', 'true')} = '${REGISTER_CHAIN}' ORDER BY place`

const REGISTER_ROWS = `SELECT ${REGISTER} FROM register r WHERE r.n > ? ORDER BY r.n LIMIT ${BATCH}`
const REGISTER_BLOCK = blockOf(REGISTER_ROWS, { isRegister: true })
const EVENT_ROWS = `SELECT ${EVENT} FROM event e WHERE (e.execution, e.n) > (?, ?) ORDER BY e.execution, e.n LIMIT ${BATCH}`
const EVENT_BLOCK = blockOf(EVENT_ROWS)

/** The rows of all chains in SQLite. */
export function chainRowsOver(asked: RowReader): ChainRows {
  const found = (text: string, ...values: readonly Value[]) => asked.all<FoundRow>(text, ...values).map(foundIn)
  return {
    ...allRows(
      BATCH,
      async (n) => rowsOfBlock(asked, REGISTER_BLOCK, n) ?? found(REGISTER_ROWS, n),
      async (chain, n) => rowsOfBlock(asked, EVENT_BLOCK, chain, n) ?? found(EVENT_ROWS, chain, n),
    ),
    rowsBetween: async (from, through, limit) =>
      found(BETWEEN, from, through, limit, from, through, limit).toSorted(inOrder).slice(0, limit),
    mirrorsBetween: async (from, through, executions) =>
      found(
        `SELECT ${REGISTER}, p.hash AS before FROM json_each(?) x CROSS JOIN register r ON r.execution = x.value AND r.mirror IS NOT NULL
          LEFT JOIN register p ON p.n = r.n - 1 WHERE r.pos BETWEEN ? AND ? ORDER BY r.n`,
        JSON.stringify(executions),
        from,
        through,
      ),
    mirrorsBehind: async (n, from, through) => found(MIRRORS_BEHIND, from, from, n ?? null, through),
    rowsOf: async (execution) =>
      asked
        .all<RowColumns>(`SELECT ${EVENT_ROW} FROM event e WHERE e.execution = ? ORDER BY e.n`, execution)
        .map(storedRow),
    registerAbout: async (words, through) =>
      asked
        .all<RowColumns & Pick<FoundRegisterRow, 'mirror'>>(
          `WITH word AS MATERIALIZED (SELECT value FROM json_each(?)), about AS (
            SELECT f.n FROM word CROSS JOIN register f ON f.execution = word.value AND f.mirror IS NOT NULL
            UNION ALL SELECT f.n FROM word CROSS JOIN register f ON f.plan = word.value AND f.plan IS NOT NULL
            UNION ALL SELECT f.n FROM word CROSS JOIN register f ON f.receiver = word.value AND f.receiver IS NOT NULL)
            SELECT ${REGISTER_ROW}, r.mirror FROM register r WHERE r.n >= (SELECT min(n) FROM about) AND r.n <= ? ORDER BY r.n`,
          JSON.stringify(words),
          through,
        )
        .map((row) => ({ ...storedRow(row), mirror: row.mirror })),
    placesAt: async (places) =>
      asked
        .all<{ readonly hash: Buffer | null; readonly positions: string }>(PLACES, JSON.stringify(places))
        .map(({ hash, positions }) => ({ hash: hash ?? undefined, positions: positionsIn(positions) })),
    namingAny: async (texts) => {
      const rows = asked.all<{ execution: string }>(
        `SELECT DISTINCT e.execution FROM event e WHERE EXISTS (SELECT 1 FROM json_each(?) t WHERE instr(e.body, t.value) > 0) ORDER BY e.execution`,
        JSON.stringify(texts),
      )
      return rows.map(({ execution }) => execution)
    },
  }
}

/** Throws `store` where one of these indexes is gone. */
export function foundByType(asked: RowReader, types: readonly string[], through: number): readonly FoundChainRow[] {
  const by = <Row>(columns: string, index: string, condition: string) =>
    asked.all<Row>(
      `SELECT ${columns} FROM register r INDEXED BY ${index} WHERE ${condition} AND r.type ${AMONG} AND r.n <= ? ORDER BY r.n`,
      JSON.stringify(types),
      through,
    )
  const found = by<FoundRow>(REGISTER, 'register_type', 'r.mirror IS NULL').map(foundIn)
  const areFoundBy = (column: 'receiver' | 'schedule') => {
    const others = by<Pick<FoundRow, 'n'>>('r.n', `register_${column}`, `r.${column} IS NOT NULL`)
    const own = found.filter(({ columns }) => columns[column] !== null)
    return own.length === others.length && own.every(({ row }, at) => row.n === others[at]?.n)
  }
  return areFoundBy('receiver') && areFoundBy('schedule') ? found : []
}

// The type of a record of an execution is in no column.
function foundIn({ covers, type, ...found }: FoundRow) {
  const isRegister = found.chain === REGISTER_CHAIN
  return foundRow({ ...found, covers: positionsIn(covers), ...(isRegister ? { type } : {}) })
}

interface BlockQuestion {
  readonly text: string
  readonly width: number
}

function blockOf(rows: string, { isRegister = false } = {}): BlockQuestion {
  const possible = isRegister ? POSSIBLE : POSSIBLE.slice(0, 1)
  const others = [...CERTAIN, ...possible.map((name) => `ifnull('${SIGN}' || ${name}, '')`)]
  const text = `SELECT count(*) AS rows, group_concat(body, char(10)) AS bodies, CAST(group_concat(prev || hash, '') AS BLOB) AS links,
    total(length(prev) <> ${HASH} OR length(hash) <> ${HASH}) AS odd, group_concat(${others.join(' || char(10) || ')}, char(10)) AS others
    FROM (${rows})`
  return { text, width: others.length }
}

function rowsOfBlock(asked: RowReader, { text, width }: BlockQuestion, ...values: readonly Value[]) {
  const block = asked.one<Block>(text, ...values)
  if (block === undefined || block.rows === 0) return []
  const { rows, bodies, links, odd, others } = block
  const [lines, columns] = [bodies?.split('\n') ?? [], others?.split('\n') ?? []]
  const isWhole = lines.length === rows && columns.length === width * rows && odd === 0
  if (!isWhole || links === null) return undefined
  let chain: string | undefined
  let before: Buffer = NONE
  return lines.map((body, index) => {
    const from = index * width
    const named = columns[from] ?? ''
    // Mostly it is the chain of the row before, and goes on from that row: what is the same object is compared, and looked up, sooner.
    const isNext = named === chain
    const own = named === chain ? chain : alone(named)
    chain = own
    const at = 2 * index * HASH
    const prev = isNext && isSame(links, at - HASH, at) ? before : links.subarray(at, at + HASH)
    const hash = links.subarray(at + HASH, at + 2 * HASH)
    // Of each chain the newest hash is kept: not the whole block with it.
    before = columns[from + width] === own ? hash : Buffer.from(hash)
    return rowIn(columns, from, width, { chain: own, body, prev, hash: before })
  })
}

const NONE = Buffer.alloc(0)

function alone(name: string) {
  return Buffer.from(name, 'utf8').toString('utf8')
}

function isSame(links: Buffer, one: number, other: number) {
  return links.compare(links, other, other + HASH, one, one + HASH) === 0
}

type Linked = Pick<FoundChainRow, 'chain'> & Pick<FoundChainRow['row'], 'body' | 'prev' | 'hash'>

const [PLAN, TYPE, MIRROR, EXECUTION, RECEIVER, SCHEDULE, INSTANT] = [4, 5, 6, 7, 8, 9, 10] as const

function rowIn(columns: readonly string[], from: number, width: number, linked: Linked) {
  const { chain, body, prev, hash } = linked
  const possible = (place: number) => {
    const text = place < width ? columns[from + place] : undefined
    return text === undefined || text === '' ? null : text.slice(SIGN.length)
  }
  return foundIn({
    chain,
    n: Number(columns[from + 1]),
    pos: Number(columns[from + 2]),
    covers: columns[from + 3] ?? '',
    ...{ prev, hash, body },
    plan: possible(PLAN),
    type: possible(TYPE),
    mirror: possible(MIRROR),
    execution: possible(EXECUTION),
    receiver: possible(RECEIVER),
    schedule: possible(SCHEDULE),
    instant: possible(INSTANT),
  })
}
