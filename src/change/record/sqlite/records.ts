import type { Delivery } from '../audit/audit-trail.ts'
import {
  allRows,
  type ChainRows,
  type FoundChainRow,
  type FoundRegisterRow,
  foundRow,
  inOrder,
  type StoredChainRow,
} from '../chains/chain-rows.ts'
import type { CheckpointRow, Records, RecordView, StoreSaid } from '../chains/records.ts'
import { REGISTER_CHAIN } from '../seal/chain.ts'
import type { RotationRow } from '../store/install-rotation.ts'
import { AMONG, type Connection, type RowReader, type Value, type Views } from './connection.ts'
import type { CommitTurn } from './group-commit.ts'
import type { Heads } from './heads.ts'
import {
  deliveriesIn,
  EVENT_ROW,
  EXECUTION,
  type ExecutionColumns,
  endOf,
  keptOf,
  NEWEST,
  positionsIn,
  REGISTER_ROW,
  type RowColumns,
  type StoredEnd,
  storedRow,
} from './kept-rows.ts'
import { retirementRows } from './retirement.ts'
import { CHECKPOINT, sharedQuestions } from './shared-questions.ts'

const ENDS = `SELECT ${EXECUTION}, e.hash AS stored FROM execution x ${NEWEST} WHERE x.place IN (
  SELECT place FROM execution WHERE is_open = 1 UNION SELECT place FROM execution WHERE id ${AMONG}
  UNION SELECT p.place FROM register r JOIN execution p ON p.id = r.execution WHERE r.n > ? AND r.mirror = 'ended')`
const PUT_CHECKPOINT_HEAD =
  'INSERT INTO checkpoint_head(one, id, seal) VALUES (1, @id, unhex(@seal)) ON CONFLICT DO UPDATE SET id = excluded.id, seal = excluded.seal'

const PUT_DELIVERY = `INSERT INTO delivery(receiver, position, at, fault) VALUES (@receiver, @position, @at, @fault)
  ON CONFLICT DO UPDATE SET position = max(position, excluded.position), at = excluded.at, fault = excluded.fault`

type RegisterColumns = Pick<ExecutionColumns, 'n' | 'hash' | 'seal' | 'uncovered'>

/** What the records in SQLite are asked with: of one moment, where it is that of a view. */
export function recordViewOver(asked: RowReader): RecordView {
  return {
    ...chainRowsOver(asked),
    ...sharedQuestions(async (text, values = []) => asked.all(text.replaceAll(/\$\d/g, '?'), ...values)),
    said: async () => {
      const [row, ...others] = asked.all<StoreSaid & { readonly one: number }>(
        'SELECT one, origin, key_check AS "check" FROM store',
      )
      return row?.one === 1 && others.length === 0 ? { origin: row.origin, check: row.check } : undefined
    },
    rotations: async () =>
      asked.all<RotationRow>(
        "SELECT pos AS seq, body, prev FROM register WHERE mirror IS NULL AND type = 'KeyRotated' AND body ->> '$.key' = 'install' ORDER BY pos",
      ),
    newestPosition: async () => newestOf(asked),
    horizon: async () => newestOf(asked),

    keptRegister: async () =>
      asked
        .all<RegisterColumns & { readonly clock_since: number }>(
          'SELECT n, hash, seal, uncovered, clock_since FROM register_head',
        )
        .map(({ n, hash, seal, uncovered, clock_since }) => ({
          n,
          hash,
          seal,
          positions: positionsIn(uncovered),
          clockSince: clock_since,
        })),
    keptExecutions: async () =>
      asked.all<ExecutionColumns>(`SELECT ${EXECUTION} FROM execution x ORDER BY x.place`).map(keptOf),
    keptHeads: async (executions) =>
      asked
        .all<ExecutionColumns>(
          `SELECT ${EXECUTION} FROM execution x WHERE x.id ${AMONG} ORDER BY x.id`,
          JSON.stringify(executions),
        )
        .map(({ id, n, hash, uncovered }) => ({ chain: id, n, hash, positions: positionsIn(uncovered) })),
    registerEnd: async () => {
      const row = asked.one<RegisterColumns & { readonly stored: Buffer | null }>(
        'SELECT h.n, h.hash, h.seal, h.uncovered, r.hash AS stored FROM register_head h LEFT JOIN register r ON r.n = h.n',
      )
      return row && { ...row, chain: 'register', positions: positionsIn(row.uncovered), isOpen: true, hasActed: false }
    },
    executionEnds: async (behind, named) => asked.all<StoredEnd>(ENDS, JSON.stringify(named), behind).map(endOf),

    checkpointOver: async (execution) =>
      asked.one<CheckpointRow>(
        `SELECT ${CHECKPOINT} FROM execution x JOIN checkpoint c ON c.seq >= x.last
          AND EXISTS (SELECT 1 FROM json_each(c.heads) h WHERE h.key = x.id AND h.value = x.n) WHERE x.id = ? ORDER BY c.id LIMIT 1`,
        execution,
      ),
    deliveries: async () => asked.all<Delivery>('SELECT receiver, position FROM delivery ORDER BY receiver'),
    delivery: async (receiver) => {
      const row = asked.one<Omit<Delivery, 'fault'> & { readonly fault: string | null }>(
        'SELECT receiver, position, at, fault FROM delivery WHERE receiver = ?',
        receiver,
      )
      return row && { ...row, fault: row.fault ?? undefined }
    },
  }
}

export function newestOf(asked: RowReader): number {
  const row = asked.one<{ seq: number }>(
    'SELECT max(coalesce((SELECT max(pos) FROM event), 0), coalesce((SELECT max(pos) FROM register WHERE mirror IS NULL), 0)) AS seq',
  )
  return row?.seq ?? 0
}

export interface RecordsParts {
  readonly connection: Connection
  readonly views: Views
  readonly heads: Heads
  readonly check: string
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number
  readonly writeSoon?: SoonWriter
}

export type SoonWriter = <T>(work: () => T) => Promise<T>

/** Writes soon into a store in SQLite. `turn`: when what nobody waits for is written by itself, if nothing else was that took it along. */
export function soonWriter({ views, heads }: Pick<RecordsParts, 'views' | 'heads'>, turn: CommitTurn): SoonWriter {
  const alone = () => {
    if (heads.joining.isWaiting) heads.change(() => undefined)
  }
  return (work) => {
    const written = heads.joining.add(work)
    // Whoever waits for what was written hears what has failed.
    turn(() => void views.free(alone).catch(() => undefined))
    return written
  }
}

/** The records of a store in SQLite. */
export function sqliteRecords({
  connection,
  views,
  heads,
  check,
  now,
  writeSoon = soonWriter({ views, heads }, (write) => write()),
}: RecordsParts): Records {
  const view = recordViewOver(connection)
  return {
    now: {
      ...view,
      delivery: async (receiver) => {
        connection.moment(() => heads.refresh())
        heads.requireDeliveries()
        return view.delivery(receiver)
      },
    },
    view: (work) => views.view((asked) => work(recordViewOver(asked))),
    retirement: retirementRows(connection, views, now),
    putCheckpoint: (checkpoint) =>
      writeSoon(() => {
        const { key, id, seal } = checkpoint
        const newest = connection.one<{ id: number | null }>('SELECT max(id) AS id FROM checkpoint')?.id ?? 0
        if (key !== check || newest >= id) return false
        connection.run(
          'INSERT INTO checkpoint(id, seq, at, note, heads) VALUES (@id, @seq, @at, @note, @heads)',
          checkpoint,
        )
        connection.run(PUT_CHECKPOINT_HEAD, checkpoint)
        heads.put({ checkpoint: { id, seal } })
        return true
      }),
    putDelivery: (delivery) =>
      views.free(() =>
        heads.change(() => {
          heads.requireDeliveries()
          connection.run(PUT_DELIVERY, { ...delivery, fault: delivery.fault ?? null })
          heads.put({ deliveries: deliveriesIn(connection) })
        }),
      ),
  }
}

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

const [PLAN, TYPE, MIRROR, MIRRORED, RECEIVER, SCHEDULE, INSTANT] = [4, 5, 6, 7, 8, 9, 10] as const

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
    prev,
    hash,
    body,
    plan: possible(PLAN),
    type: possible(TYPE),
    mirror: possible(MIRROR),
    execution: possible(MIRRORED),
    receiver: possible(RECEIVER),
    schedule: possible(SCHEDULE),
    instant: possible(INSTANT),
  })
}
