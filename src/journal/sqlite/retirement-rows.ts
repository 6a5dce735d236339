import type { RetirementRows, RetiringExecution, TextRow } from '../chains/records.ts'
import { AMONG, type Connection, type Views } from './connection.ts'
import { BLOB_KEPT } from './schema.ts'

/** A text that somebody has put within a day may be named by a record that is still to be written: in milliseconds. */
const DAY = 86_400_000
const REF = /blob:[0-9a-f]{64}/g

const LEAVING = `SELECT x.id, x.n, x.first, x.last FROM execution x JOIN event e ON e.pos = x.last
  WHERE x.is_open = 0 AND x.retired IS NULL AND x.last <= ? AND x.id NOT ${AMONG}
    AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.execution = x.id)
    AND NOT EXISTS (SELECT 1 FROM event p JOIN register r ON r.plan = p.plan AND r.type = 'ApprovalDecided'
      WHERE p.execution = x.id AND p.plan IS NOT NULL AND r.body ->> '$.statement.expires' > ?)`
const KEPT =
  'x.place < coalesce((SELECT min(k.place) FROM (SELECT place FROM execution ORDER BY place DESC LIMIT ?) k), x.place + 1)'

/** How records leave a store in SQLite. Everybody who may write it may seal its old records. */
export function retirementRows(connection: Connection, views: Views, now: () => number): RetirementRows {
  const named = (): Set<string> => {
    const rows = connection.all<{ body: string }>(
      `SELECT e.body FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL WHERE instr(e.body, 'blob:') > 0
        UNION ALL SELECT r.body FROM register r WHERE instr(r.body, 'blob:') > 0`,
    )
    return new Set(rows.flatMap(({ body }) => body.match(REF) ?? []))
  }
  return {
    leaving: async (part, { executions, through, now: at }) => {
      const [which, value] = 'before' in part ? ['e.at < ?', part.before] : [KEPT, part.keep]
      return connection.all<RetiringExecution>(
        `${LEAVING} AND ${which} ORDER BY x.last`,
        through,
        JSON.stringify(executions),
        at,
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
          const gone = `put < ? AND ref NOT ${AMONG}`
          const before = now() - DAY
          const [{ texts, bytes } = { texts: 0, bytes: 0 }] = connection.all<{ texts: number; bytes: number }>(
            `SELECT count(*) AS texts, coalesce(sum(length(bytes)), 0) AS bytes FROM blob WHERE ${gone}`,
            before,
            kept,
          )
          connection.run('DROP TRIGGER blob_kept')
          connection.run(`DELETE FROM blob WHERE ${gone}`, before, kept)
          connection.run(BLOB_KEPT)
          return { texts, bytes }
        }),
      ),
  }
}
