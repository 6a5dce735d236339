import type { Database, Statement } from 'better-sqlite3'
import type { ChainPoint, ChainRow } from '../chain.ts'
import {
  FREEZE_KEY,
  IS_FREEZE,
  IS_MESSAGE,
  IS_POLICY,
  IS_RESTORATION,
  IS_SCHEDULE,
  IS_SCHEDULE_DECISION,
  IS_SUSPENSION,
  RECEIVER,
} from './schema.ts'

const ROW = 'SELECT seq, body, prev, hash FROM journal'

const SPANS = `SELECT execution AS id, min(seq) AS first, max(seq) AS last FROM journal
  WHERE execution IS NOT NULL GROUP BY execution ORDER BY first DESC`

/** Everything the store asks of its journal table. */
export interface Statements {
  readonly insert: Statement<[seq: number, body: string, prev: Uint8Array, hash: Uint8Array]>
  readonly last: Statement<[], ChainPoint>
  readonly bySeq: Statement<[seq: number], ChainRow>
  readonly ofExecution: Statement<[execution: string], ChainRow>
  readonly some: Statement<[seq: number, limit: number], ChainRow>
  readonly firstOf: Statement<[execution: string], number | null>
  readonly lastOf: Statement<[execution: string], number | null>
  /** The ids of all executions, newest first. */
  readonly ids: Statement<[], string>
  readonly spans: Statement<[], { id: string; first: number; last: number }>
  readonly ofPlan: Statement<[plan: string, type: string], ChainRow>
  /** Every record that names a plan. */
  readonly naming: Statement<[plan: string], ChainRow>
  readonly firstNaming: Statement<[plan: string], number | null>
  /** The newest records of a type that belong to no execution, at most so many; all where that is negative. */
  readonly outside: Statement<[type: string, most: number], ChainRow>
  /** The place of the newest record that an execution ended. */
  readonly ends: Statement<[execution: string, after: number, upTo: number], number>
  readonly withKey: Statement<[key: string], ChainRow>
  /** `tokens` is a JSON array. */
  readonly signals: Statement<[tokens: string, after: number], ChainRow>
  readonly lastStop: Statement<[execution: string, after: number], ChainRow>
  readonly lastSuspend: Statement<[execution: string, after: number], ChainRow>
  readonly lastPolicy: Statement<[], ChainRow>
  /** The place of the newest record that the store was restored. */
  readonly lastRestoration: Statement<[], number>
  /** The records that set a freeze whose time is not over at a time, ISO 8601 in UTC; in no order, because an order makes SQLite walk all records. */
  readonly freezesUntil: Statement<[at: string], ChainRow>
  /** The records that end the freeze which this record has set. */
  readonly freezeEnds: Statement<[freeze: number], ChainRow>
  /** The names of the schedules that are on record. */
  readonly scheduleNames: Statement<[], string>
  /** The records that a schedule was changed. */
  readonly scheduleChanges: Statement<[schedule: string], ChainRow>
  /** The records about the newest instants of a schedule, at most so many. */
  readonly scheduleNewest: Statement<[schedule: string, most: number], ChainRow>
  /** The last occurrence of a schedule. */
  readonly scheduleFired: Statement<[schedule: string], ChainRow>
  /** The records about one instant of a schedule. */
  readonly scheduleInstant: Statement<[schedule: string, instant: string], ChainRow>
  /** How many records are behind a position. */
  readonly count: Statement<[after: number], number>
  /** The first record behind a position that is not there though a later one is; costs a walk over all of them. */
  readonly gap: Statement<[after: number, after: number], number | null>
}

/** Prepares them once per connection. */
export function prepareStatements(database: Database): Statements {
  return {
    insert: database.prepare('INSERT INTO journal(seq, body, prev, hash) VALUES (?, ?, ?, ?)'),
    last: database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1'),
    bySeq: database.prepare(`${ROW} WHERE seq = ?`),
    ofExecution: database.prepare(`${ROW} WHERE execution = ? ORDER BY seq`),
    some: database.prepare(`${ROW} WHERE seq >= ? ORDER BY seq LIMIT ?`),
    firstOf: pluck(database, 'SELECT min(seq) FROM journal WHERE execution = ?'),
    lastOf: pluck(database, 'SELECT max(seq) FROM journal WHERE execution = ?'),
    ids: pluck(database, `SELECT id FROM (${SPANS})`),
    spans: database.prepare(SPANS),
    ofPlan: database.prepare(`${ROW} WHERE plan = ? AND body ->> '$.type' = ? ORDER BY seq`),
    naming: database.prepare(`${ROW} WHERE plan = ? ORDER BY seq`),
    firstNaming: pluck(database, 'SELECT min(seq) FROM journal WHERE plan = ?'),
    // They belong to no execution: the index on that finds them among the few records that do not.
    outside: database.prepare(`${ROW} WHERE execution IS NULL AND body ->> '$.type' = ? ORDER BY seq DESC LIMIT ?`),
    withKey: database.prepare(`${ROW} WHERE body ->> '$.request.key' IS NOT NULL AND body ->> '$.request.key' = ?`),
    signals: database.prepare(`${ROW} WHERE ${IS_MESSAGE} AND ${RECEIVER} IN (SELECT value FROM json_each(?))
      AND seq > ? AND body ->> '$.type' = 'SignalSent' ORDER BY seq`),
    lastStop: database.prepare(`${ROW} WHERE ${IS_MESSAGE} AND ${RECEIVER} = ?
      AND seq > ? AND body ->> '$.type' = 'StopRequested' ORDER BY seq DESC LIMIT 1`),
    lastSuspend: database.prepare(`${ROW} WHERE ${IS_SUSPENSION} AND body ->> '$.suspended' = ?
      AND seq > ? ORDER BY seq DESC LIMIT 1`),
    lastPolicy: database.prepare(`${ROW} WHERE ${IS_POLICY} ORDER BY seq DESC LIMIT 1`),
    ends: pluck(
      database,
      `SELECT seq FROM journal WHERE execution = ? AND seq > ? AND seq <= ?
      AND body ->> '$.type' IN ('ExecutionEnded', 'ExecutionRedriven') ORDER BY seq`,
    ),
    lastRestoration: pluck(database, `SELECT seq FROM journal WHERE ${IS_RESTORATION} ORDER BY seq DESC LIMIT 1`),
    freezesUntil: database.prepare(`${ROW} WHERE ${IS_FREEZE} AND ${FREEZE_KEY} > ?`),
    freezeEnds: database.prepare(`${ROW} WHERE ${IS_FREEZE} AND ${FREEZE_KEY} = ?`),
    scheduleNames: pluck(
      database,
      `WITH RECURSIVE named(name) AS (
        SELECT min(body ->> '$.schedule') FROM journal WHERE ${IS_SCHEDULE}
        UNION ALL SELECT (SELECT min(body ->> '$.schedule') FROM journal WHERE ${IS_SCHEDULE} AND body ->> '$.schedule' > named.name)
        FROM named WHERE named.name IS NOT NULL) SELECT name FROM named WHERE name IS NOT NULL`,
    ),
    scheduleChanges: database.prepare(
      `${ROW} WHERE ${IS_SCHEDULE} AND body ->> '$.schedule' = ? AND body ->> '$.instant' IS NULL`,
    ),
    scheduleNewest: database.prepare(
      `${ROW} WHERE ${IS_SCHEDULE} AND body ->> '$.schedule' = ? AND body ->> '$.instant' IS NOT NULL
        ORDER BY body ->> '$.instant' DESC, seq DESC LIMIT ?`,
    ),
    scheduleFired: database.prepare(
      `${ROW} WHERE ${IS_SCHEDULE_DECISION} AND body ->> '$.schedule' = ? AND body ->> '$.type' = 'ScheduleFired'
        ORDER BY body ->> '$.instant' DESC LIMIT 1`,
    ),
    scheduleInstant: database.prepare(
      `${ROW} WHERE ${IS_SCHEDULE} AND body ->> '$.schedule' = ? AND body ->> '$.instant' = ?`,
    ),
    count: pluck(database, 'SELECT count(*) FROM journal WHERE seq > ?'),
    gap: pluck(
      database,
      'SELECT min(at) FROM (SELECT seq, ? + row_number() OVER (ORDER BY seq) AS at FROM journal WHERE seq > ?) WHERE seq <> at',
    ),
  }
}

function pluck<P extends unknown[], R>(database: Database, sql: string): Statement<P, R> {
  return database.prepare<P, R>(sql).pluck()
}
