import type { Clock } from '../../../model/clock.ts'
import {
  type DrivenRow,
  type ExecutionHead,
  type ExecutionMessage,
  type PlacedRow,
  type RecordRows,
  type RegisteredRow,
  type RegisterHead,
  registeredQuery,
  type StoredRow,
} from '../chains/record-rows.ts'
import { batchedQuery, batchedRows } from './batched-query.ts'
import type { Questions } from './database.ts'

/** The columns of a row of `event`, as `e`. */
export const EVENT_ROW = 'e.pos, e.execution, e.n, e.covers, e.prev, e.hash, e.body'
/** The columns of a row of `register`, as `r`. */
export const REGISTER_ROW = 'r.pos, r.execution, r.n, r.covers, r.prev, r.hash, r.body'
// The columns of an {@link ExecutionHead}, of `execution` as `x`.
const EXECUTION_HEAD =
  'x.id, x.first, x.last, x.n AS head, x.hash AS head_hash, x.seal, x.is_open, x.has_acted, x.retired'
// The columns of a {@link RegisterHead}, of `register_head` as `h`.
const REGISTER_HEAD = 'h.n AS head, h.hash AS head_hash, h.seal'

const DRIVEN = `SELECT ${EVENT_ROW}, ${EXECUTION_HEAD} FROM event e LEFT JOIN execution x ON x.id = e.execution WHERE`
const PLACES = `SELECT e.pos, e.execution, e.n, e.hash, ${EXECUTION_HEAD} FROM event e LEFT JOIN execution x ON x.id = e.execution WHERE`
const TURNS = `${PLACES} e.execution = ANY($1)`
const REGISTERED = `SELECT ${REGISTER_ROW}, ${REGISTER_HEAD} FROM register r LEFT JOIN register_head h ON true WHERE r.mirror IS NULL`

const ROWS_OF = `SELECT ${EVENT_ROW}, ${EXECUTION_HEAD} FROM execution x LEFT JOIN event e ON e.execution = x.id WHERE x.id = ANY($1) ORDER BY x.id, e.n`
// The records of so many executions are read with one statement at most: an answer has five seconds.
const EXECUTIONS_TOGETHER = 20

// The newest word of a type to each receiver behind a place, where there is one, with the head of the register, of the same moment.
const NEWEST_WORDS = `SELECT ${REGISTER_ROW}, ${REGISTER_HEAD} FROM
  unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS asked(type, receiver, after, place)
  LEFT JOIN LATERAL (SELECT w.* FROM register w WHERE w.mirror IS NULL AND w.receiver = asked.receiver AND w.type = asked.type AND w.pos > asked.after
    ORDER BY w.pos DESC LIMIT 1) AS r ON true
  LEFT JOIN register_head h ON true ORDER BY asked.place`
const WORDS_TOGETHER = 100

// Which version of a row it is: who writes to a row leaves another one at another place, by another transaction
// (postgresql.org/docs/current/ddl-system-columns.html).
const MARK = "e.xmin || ' ' || e.ctid AS mark"

/** The rows of a store in PostgreSQL. */
export function postgresRecordRows(questions: Questions, clock: Pick<Clock, 'monotonic'>): RecordRows {
  const { ask } = questions
  const one = <Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined> => questions.one(text, values)
  const executions = batchedQuery<string, readonly DrivenRow[]>({
    ask: async (ids) => {
      const found = new Map(ids.map((id): [string, DrivenRow[]] => [id, []]))
      for (const row of await ask<DrivenRow>(ROWS_OF, [[...found.keys()]])) found.get(row.id)?.push(row)
      return ids.map((id) => found.get(id) ?? [])
    },
    most: EXECUTIONS_TOGETHER,
    clock,
  })
  const words = batchedRows<ExecutionMessage, RegisteredRow>(
    { questions, clock },
    NEWEST_WORDS,
    WORDS_TOGETHER,
    (asked) => [asked.map(({ type }) => type), asked.map(({ receiver }) => receiver), asked.map(({ after }) => after)],
  )
  return {
    execution: async (id, read) => {
      const rows = await executions.ask(id)
      const [head] = rows
      // An execution without a row has one line of the join, with its head alone.
      return head && read(head, (head.n as number | null) === null ? [] : rows)
    },
    newestWord: async (word) => {
      const row = await words.ask(word)
      return (row.n as number | null) === null ? undefined : row
    },
    mirrorOfGone: async (id) => {
      const row = await one<{ pos: number }>(
        `SELECT r.pos FROM register r WHERE r.execution = $1 AND r.mirror IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.id = $1) LIMIT 1`,
        [id],
      )
      return row?.pos
    },
    heads: ({ before, open = false, limit }) =>
      ask<ExecutionHead>(
        `SELECT ${EXECUTION_HEAD} FROM execution x WHERE ($1::text IS NULL OR x.first < (SELECT b.first FROM execution b WHERE b.id = $1))
          AND (NOT $2 OR x.is_open) ORDER BY x.first DESC LIMIT $3`,
        [before ?? null, open, limit ?? null],
      ),
    ids: async ({ prefix = '', limit } = {}) => {
      const rows = await ask<{ id: string }>(
        'SELECT id FROM execution WHERE starts_with(id, $1) ORDER BY first DESC LIMIT $2',
        [prefix, limit ?? null],
      )
      return rows.map(({ id }) => id)
    },
    at: (positions) => ask<StoredRow>(`SELECT ${EVENT_ROW}, ${MARK} FROM event e WHERE e.pos = ANY($1)`, [positions]),
    marksAt: (positions) => ask(`SELECT e.pos, ${MARK} FROM event e WHERE e.pos = ANY($1)`, [positions]),
    firstOfKey: (key) =>
      one<StoredRow>(
        `SELECT ${EVENT_ROW} FROM used u JOIN event e ON e.execution = u.execution AND e.n = 1 WHERE u.key = $1`,
        [`key ${key}`],
      ),
    knowsPlan: async (plan) => {
      const row = await one<{ known: boolean }>(
        'SELECT EXISTS (SELECT 1 FROM event WHERE plan = $1) OR EXISTS (SELECT 1 FROM register WHERE plan = $1) AS known',
        [plan],
      )
      return row?.known === true
    },
    ofPlan: (plan) => ask<PlacedRow>(`${PLACES} e.plan = $1 ORDER BY e.pos`, [plan]),
    turnsOf: async (ids) => {
      const [begun, ended] = await Promise.all([
        ask<PlacedRow>(`${TURNS} AND e.n = 1 ORDER BY e.pos`, [ids]),
        ask<PlacedRow>(`${TURNS} AND e.type IN ('ExecutionEnded', 'ExecutionRedriven') ORDER BY e.pos`, [ids]),
      ])
      return { begun, ended }
    },
    between: (after, through, limit) =>
      ask<DrivenRow>(`${DRIVEN} e.pos > $1 AND e.pos <= $2 ORDER BY e.pos LIMIT $3`, [after, through, limit]),
    registered: (query) => {
      const { text, values } = registeredQuery(query, '= ANY(?)')
      const parts = `${REGISTERED}${text}`.split('?')
      return ask<RegisteredRow>(parts.map((part, place) => (place === 0 ? part : `$${place}${part}`)).join(''), values)
    },
    ofSchedules: (most) =>
      ask<RegisteredRow>(
        `WITH named AS (SELECT DISTINCT schedule FROM register WHERE schedule IS NOT NULL),
          fired AS (SELECT schedule, (SELECT max(r.instant) FROM register r WHERE r.schedule = named.schedule AND r.type = 'ScheduleFired') AS instant FROM named),
          found AS (
            SELECT r.n FROM register r WHERE r.schedule IS NOT NULL AND r.instant IS NULL
            UNION SELECT r.n FROM fired JOIN register r ON r.schedule = fired.schedule AND r.instant = fired.instant
            UNION SELECT newest.n FROM named CROSS JOIN LATERAL (SELECT r.n FROM register r WHERE r.schedule = named.schedule AND r.instant IS NOT NULL
              ORDER BY r.instant DESC, r.pos DESC LIMIT $1) AS newest)
          SELECT ${REGISTER_ROW}, ${REGISTER_HEAD} FROM found JOIN register r ON r.n = found.n LEFT JOIN register_head h ON true ORDER BY r.pos`,
        [most],
      ),
    registerHead: () => one<RegisterHead>(`SELECT ${REGISTER_HEAD} FROM register_head h`),
    registerBehind: (n, through, limit) =>
      ask<StoredRow>(`SELECT ${REGISTER_ROW} FROM register r WHERE r.n > $1 AND r.n <= $2 ORDER BY r.n LIMIT $3`, [
        n,
        through,
        limit,
      ]),
    registerAt: (numbers) =>
      ask<StoredRow>(`SELECT ${REGISTER_ROW} FROM register r WHERE r.n = ANY($1) ORDER BY r.n`, [numbers]),
    head: () =>
      // Positions of mirrors are in no index: those of what they mirror are.
      one(
        `SELECT h.hash, greatest((SELECT max(pos) FROM event), (SELECT max(pos) FROM register WHERE mirror IS NULL), 0) AS seq,
          greatest((SELECT max(at) FROM event WHERE pos >= h.clock_since), (SELECT max(at) FROM register WHERE pos >= h.clock_since)) AS latest
          FROM register_head h`,
      ),
    horizon: async () => (await one<{ horizon: number }>('SELECT horizon()'))?.horizon ?? 0,
  }
}
