import Database from 'better-sqlite3'
import { EosflowError } from '../../../model/error.ts'
import type { RetirementRows, RetiringExecution, TextRow } from '../chains/records.ts'
import type { EventBody } from '../event/event.ts'
import { AMONG, type Connection, type Views } from './connection.ts'
import { BLOB_KEPT, openAlone, reader } from './database-file.ts'
import type { Heads } from './heads.ts'

// A text that somebody has put within a day may be named by a record that is still to be written: in milliseconds.
const DAY = 86_400_000
const REF = /blob:[0-9a-f]{64}/g

const APPROVED = `WITH live AS MATERIALIZED (SELECT plan FROM register WHERE type = 'ApprovalDecided' AND plan IS NOT NULL AND body ->> '$.statement.expires' > ?),
  approved AS MATERIALIZED (SELECT plan FROM live
    UNION SELECT body ->> '$.to' FROM register WHERE type = 'ApprovalCarried' AND plan IN (SELECT plan FROM live))`
const LEAVING = `${APPROVED} SELECT x.id, x.n, x.first, x.last FROM execution x JOIN event e ON e.pos = x.last
  WHERE x.is_open = 0 AND x.retired IS NULL AND x.last <= ? AND x.id NOT ${AMONG}
    AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.execution = x.id)
    AND x.id NOT IN (SELECT p.execution FROM approved a CROSS JOIN event p ON p.plan = a.plan AND p.plan IS NOT NULL)`
const KEPT =
  'x.place < coalesce((SELECT min(k.place) FROM (SELECT place FROM execution ORDER BY place DESC LIMIT ?) k), x.place + 1)'

/** How records leave a store in SQLite. */
export function retirementRows(connection: Connection, views: Views, now: () => number): RetirementRows {
  const named = () => {
    const rows = connection.all<{ body: string }>(
      `SELECT e.body FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL WHERE instr(e.body, 'blob:') > 0
        UNION ALL SELECT r.body FROM register r WHERE instr(r.body, 'blob:') > 0`,
    )
    return new Set(rows.flatMap(({ body }) => body.match(REF) ?? []))
  }
  return {
    leaving: async (part, { executions, through, now: at }) => {
      const [which, value] = 'before' in part ? ["e.body ->> '$.at' < ?", part.before] : [KEPT, part.keep]
      return connection.all<RetiringExecution>(
        `${LEAVING} AND ${which} ORDER BY x.last`,
        at,
        through,
        JSON.stringify(executions),
        value,
      )
    },
    texts: async (refs) =>
      connection.all<TextRow>(`SELECT ref, bytes FROM blob WHERE ref ${AMONG}`, JSON.stringify(refs)),
    named: async () => [...named()],
    takeOutTexts: (inner) =>
      views.free(() =>
        connection.write(() => {
          const kept = JSON.stringify([...named(), ...inner])
          connection.run('DROP TRIGGER blob_kept')
          const gone = connection.all<{ size: number }>(
            `DELETE FROM blob WHERE put < ? AND ref NOT ${AMONG} RETURNING length(bytes) AS size`,
            now() - DAY,
            kept,
          )
          connection.run(BLOB_KEPT)
          return { texts: gone.length, bytes: gone.reduce((sum, { size }) => sum + size, 0) }
        }),
      ),
  }
}

function leavingIn(events: readonly EventBody[]): readonly (readonly [execution: string, n: number])[] {
  return events.flatMap((event) => (event.type === 'SegmentRetired' ? Object.entries(event.executions) : []))
}

/** Throws `refused`. */
export function requireLeaving(heads: Heads, events: readonly EventBody[]): void {
  const leaving = leavingIn(events)
  if (leaving.length === 0) return
  const leased = new Set([...heads.leases.values()].map(({ execution }) => execution))
  for (const [id, n] of leaving) {
    const head = heads.execution(id)
    const isOver = head?.isOpen === false && head.retired === null && head.n === n
    if (!isOver || leased.has(id))
      throw new EosflowError('refused', `the records of execution ${id} may not leave the store`)
  }
}

export function keepRetired(heads: Heads, events: readonly EventBody[], n: number): void {
  for (const [id] of leavingIn(events)) {
    const head = heads.execution(id)
    if (head !== undefined) heads.putExecution(id, { ...head, retired: n })
  }
}

/**
 * Takes out the rows of executions that have left, behind their heads: the first and the last one, the ends and what names a plan are found by everyday
 * commands, and stay.
 */
export function takeOut(connection: Connection, events: readonly EventBody[]): void {
  const ids = leavingIn(events).map(([id]) => id)
  if (ids.length === 0) return
  const list = JSON.stringify(ids)
  connection.run(
    `DELETE FROM event WHERE pos IN (SELECT e.pos FROM execution x JOIN event e ON e.execution = x.id
      WHERE x.id ${AMONG} AND e.n > 1 AND e.n < x.n AND e.body ->> '$.type' <> 'ExecutionEnded' AND e.plan IS NULL)`,
    list,
  )
  connection.run(`DELETE FROM task_token WHERE execution ${AMONG}`, list)
}

const LOOSE = 4

export function giveSpaceBack(path: string): string | undefined {
  if (!isLoose(path)) return undefined
  let connection: Connection | undefined
  try {
    connection = openAlone(path, 'Seal again when nothing runs: eosflow executions names what does.')
    connection.database.exec('VACUUM')
    return undefined
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) return thrown.code
    if (thrown instanceof EosflowError && thrown.kind === 'busy') return 'SQLITE_BUSY'
    throw thrown
  } finally {
    connection?.close()
  }
}

function isLoose(path: string) {
  const connection = reader(path)
  try {
    const free = connection.one<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0
    const all = connection.one<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0
    return LOOSE * free >= all
  } finally {
    connection.close()
  }
}
