import {
  type ExecutionHead,
  type ExecutionMessage,
  type PlacedRow,
  type RecordRows,
  type RegisteredRow,
  type RegisterHead,
  registeredQuery,
  type StoredRow,
} from '../chains/record-rows.ts'
import { AMONG, type Connection, type Value } from './connection.ts'
import { MAY_TURN, requireOwnTables } from './database-file.ts'
import type { Heads } from './heads.ts'
import { EVENT_ROW, EXECUTION, type ExecutionColumns, REGISTER_ROW, type RowColumns, storedRow } from './kept-rows.ts'
import { foundByType } from './records.ts'

const EVENTS = `SELECT ${EVENT_ROW} FROM event e WHERE`
const PLACES = 'SELECT e.pos, e.execution, e.n, e.hash FROM event e WHERE'
const TURNS = `${PLACES} e.execution ${AMONG}`
const REGISTERED = `SELECT ${REGISTER_ROW} FROM register r WHERE r.mirror IS NULL`
const EXECUTIONS = `SELECT ${EXECUTION} FROM execution x WHERE`
// CROSS JOIN has SQLite look up what is on the right for each row on the left, in place of a look at the whole register
// (sqlite.org/optoverview.html#crossjoin).
const OF_SCHEDULES = `WITH named AS (SELECT DISTINCT schedule FROM register WHERE schedule IS NOT NULL),
  fired AS (SELECT schedule, (SELECT r.instant FROM register r WHERE r.schedule = named.schedule AND r.type = 'ScheduleFired'
    ORDER BY r.instant DESC LIMIT 1) AS instant FROM named),
  found AS (
    SELECT r.n FROM named CROSS JOIN register r ON r.schedule = named.schedule AND r.instant IS NULL
    UNION SELECT r.n FROM fired CROSS JOIN register r ON r.schedule = fired.schedule AND r.instant = fired.instant
    UNION SELECT r.n FROM named CROSS JOIN register r ON r.n IN (SELECT w.n FROM register w WHERE w.schedule = named.schedule AND w.instant IS NOT NULL
      ORDER BY w.instant DESC, w.pos DESC LIMIT ?))
  SELECT ${REGISTER_ROW} FROM found CROSS JOIN register r ON r.n = found.n ORDER BY r.pos`
// The newest word of a type to each receiver behind a place, by which of those that are asked for it is.
const NEWEST_WORDS = `SELECT asked.key AS place, ${REGISTER_ROW} FROM json_each(?) asked CROSS JOIN register r ON r.n = (
  SELECT w.n FROM register w WHERE w.mirror IS NULL AND w.receiver = asked.value ->> 1 AND w.type = asked.value ->> 0 AND w.pos > asked.value ->> 2
    ORDER BY w.pos DESC LIMIT 1)`
const OF_ID = `${EXECUTIONS} x.id = ?`
const AMONG_IDS = `${EXECUTIONS} x.id ${AMONG}`
const ROWS_OF = `${EVENTS} e.execution = ? ORDER BY e.n`
const AT = `${EVENTS} e.pos ${AMONG}`
const BEHIND = `SELECT ${REGISTER_ROW} FROM register r WHERE r.n > ? AND r.n <= ? ORDER BY r.n LIMIT ?`
const THOSE = `SELECT ${REGISTER_ROW} FROM register r WHERE r.n ${AMONG} ORDER BY r.n`
const ALL = -1
// Behind every text that begins as what is before it.
const HIGHEST = '\u{10ffff}'

/** The rows of a store in SQLite. */
export function sqliteRecordRows(connection: Connection, heads: Heads): RecordRows {
  const now = async <T>(read: () => T) =>
    connection.moment(() => {
      heads.refresh()
      return read()
    })
  const stored = (text: string, ...values: readonly Value[]) =>
    connection.all<RowColumns>(text, ...values).map(storedRow)
  const executions = (text: string, ...values: readonly Value[]): readonly ExecutionHead[] =>
    connection.all<ExecutionColumns>(text, ...values).map((row) => {
      heads.require(row)
      return headOf(row)
    })
  const withHeads = <Row extends Pick<StoredRow, 'execution'>>(
    rows: readonly Row[],
  ): readonly (Row & ExecutionHead)[] => {
    const ids = [...new Set(rows.map(({ execution }) => execution))]
    const found = new Map(executions(AMONG_IDS, JSON.stringify(ids)).map((head) => [head.id, head]))
    return rows.map((row) => ({ ...row, ...(found.get(row.execution ?? '') ?? GONE) }))
  }
  const placed = (text: string, ...values: readonly Value[]): readonly PlacedRow[] =>
    withHeads(connection.all<Omit<PlacedRow, keyof ExecutionHead>>(text, ...values))
  const registered = (text: string, ...values: readonly Value[]): readonly RegisteredRow[] => {
    const head = registerHead(heads)
    return stored(text, ...values).map((row) => ({ ...row, ...head }))
  }
  let judged = connection.foreignWrites
  const newestWord = askedTogether((words: readonly ExecutionMessage[]) =>
    now(() => {
      const asked = JSON.stringify(words.map(({ type, receiver, after }) => [type, receiver, after]))
      const head = registerHead(heads)
      const found = connection.all<RowColumns & { readonly place: number }>(NEWEST_WORDS, asked)
      const rows = new Map(found.map((row) => [row.place, { ...storedRow(row), ...head }]))
      return words.map((_, place) => rows.get(place))
    }),
  )
  return {
    execution: (id, read) =>
      now(() => {
        const [head] = executions(OF_ID, id)
        return head && read(head, eachStored(connection.each<RowColumns>(ROWS_OF, id)))
      }),
    mirrorOfGone: (id) =>
      now(
        () =>
          connection.one<{ pos: number }>(
            `SELECT r.pos FROM register r WHERE r.execution = ? AND r.mirror IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.id = r.execution) LIMIT 1`,
            id,
          )?.pos,
      ),
    heads: ({ before, open = false, limit = ALL }) =>
      now(() => {
        if (open) heads.requireOpen()
        const which = `${EXECUTIONS} ${open ? 'x.is_open = 1' : 'true'}`
        return before === undefined
          ? executions(`${which} ORDER BY x.place DESC LIMIT ?`, limit)
          : executions(
              `${which} AND x.place < (SELECT b.place FROM execution b WHERE b.id = ?) ORDER BY x.place DESC LIMIT ?`,
              before,
              limit,
            )
      }),
    ids: ({ prefix = '', limit = ALL } = {}) =>
      now(() => {
        const begins = prefix === '' ? 'true' : 'id >= ? AND id < ?'
        const text = `SELECT json_group_array(id) AS ids FROM (SELECT id FROM execution WHERE ${begins} ORDER BY place DESC LIMIT ?)`
        const bounds = prefix === '' ? [] : [prefix, `${prefix}${HIGHEST}`]
        // One text: of many executions it is handed over sooner than as many rows.
        const row = connection.one<{ ids: string }>(text, ...bounds, limit)
        return row === undefined ? [] : (JSON.parse(row.ids) as readonly string[])
      }),
    at: (positions) => now(() => stored(AT, JSON.stringify(positions))),
    firstOfKey: (key) =>
      now(
        () =>
          stored(
            `SELECT ${EVENT_ROW} FROM used u JOIN event e ON e.execution = u.execution AND e.n = 1 WHERE u.key = ?`,
            `key ${key}`,
          )[0],
      ),
    knowsPlan: (plan) =>
      now(
        () =>
          connection.one<{ known: number }>(
            'SELECT EXISTS (SELECT 1 FROM event WHERE plan = ?) OR EXISTS (SELECT 1 FROM register WHERE plan = ?) AS known',
            plan,
            plan,
          )?.known === 1,
      ),
    ofPlan: (plan) => now(() => placed(`${PLACES} e.plan = ? ORDER BY e.pos`, plan)),
    turnsOf: (ids) =>
      now(() => ({
        begun: placed(`${TURNS} AND e.n = 1 ORDER BY e.pos`, JSON.stringify(ids)),
        ended: placed(`${TURNS} AND ${MAY_TURN} ORDER BY e.pos`, JSON.stringify(ids)),
      })),
    between: (after, through, limit) =>
      now(() => withHeads(stored(`${EVENTS} e.pos > ? AND e.pos <= ? ORDER BY e.pos LIMIT ?`, after, through, limit))),
    registered: (query) =>
      now(() => {
        const { text, values } = registeredQuery(query, AMONG)
        const given = values.map((value) => (Array.isArray(value) ? JSON.stringify(value) : (value ?? ALL)) as Value)
        return registered(`${REGISTERED}${text}`, ...given)
      }),
    withColumns: (types, through) => now(() => foundByType(connection, types, through)),
    newestWord,
    ofSchedules: (most) => now(() => registered(OF_SCHEDULES, most)),
    registerHead: () => now(() => registerHead(heads)),
    registerBehind: (n, through, limit) => now(() => stored(BEHIND, n, through, limit)),
    registerAt: (numbers) => now(() => stored(THOSE, JSON.stringify(numbers))),
    foreignWrites: () => {
      // SQLite never looks again at a page that it has, whose bytes may have been changed past it (sqlite.org/pragma.html#pragma_shrink_memory).
      connection.run('PRAGMA shrink_memory')
      const { foreignWrites } = connection
      if (foreignWrites !== judged) requireOwnTables(connection)
      judged = foreignWrites
      return foreignWrites
    },
    head: () =>
      now(() => {
        const { register, newest, latest } = heads.present
        return { hash: Buffer.from(register.hash, 'hex'), seq: newest, latest }
      }),
    horizon: () => now(() => heads.present.newest),
  }
}

function* eachStored(rows: Iterable<RowColumns>): Iterable<StoredRow> {
  for (const row of rows) yield storedRow(row)
}

// Of an execution whose head is gone.
const GONE = { head: null } as unknown as ExecutionHead

function headOf({ n, hash, is_open, has_acted, ...row }: ExecutionColumns): ExecutionHead {
  return { ...row, head: n, head_hash: hash, is_open: is_open === 1, has_acted: has_acted === 1 }
}

function registerHead(heads: Heads): RegisterHead {
  const { n, hash, seal, uncovered } = heads.present.register
  return { head: n, head_hash: Buffer.from(hash, 'hex'), seal: Buffer.from(seal, 'hex'), uncovered }
}

/** A question about one thing that is answered with what else is asked before the event loop goes on: whoever lists a hundred executions asks about each of them, and a statement costs more than an answer. `answer` gives an answer for each item, in their order. */
export function askedTogether<Item, Answer>(
  answer: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let next: { readonly items: Item[]; readonly answers: Promise<readonly Answer[]> } | undefined
  const begin = (): NonNullable<typeof next> => {
    const items: Item[] = []
    const answers = Promise.resolve().then(() => {
      next = undefined
      return answer(items)
    })
    return { items, answers }
  }
  return async (item) => {
    next ??= begin()
    const { items, answers } = next
    const place = items.push(item) - 1
    return (await answers)[place] as Answer
  }
}
