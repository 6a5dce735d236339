import type { AppendBasis, AppendBasisRows } from '../chains/append-basis.ts'
import type { Session } from './database.ts'

/** What is asked before an append, over the session that then appends. */
export function appendBasisRows(session: Session): AppendBasisRows {
  return {
    standing: async (executions, devices) => {
      const { rows } = await session.send(
        'SELECT standing(its, $2) AS standing FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY place',
        [executions.map((execution) => execution ?? null), devices],
      )
      return rows.map(({ standing }) => standing as AppendBasis)
    },
    over: async (executions) => {
      const { rows } = await session.send(
        'SELECT asked.id FROM unnest($1::text[]) AS asked(id) LEFT JOIN execution x ON x.id = asked.id WHERE x.is_open IS NOT TRUE',
        [executions],
      )
      return rows.map(({ id }) => String(id))
    },
    leasedDevices: async () => {
      const { rows } = await session.send("SELECT coalesce(array_agg(device), '{}') AS devices FROM lease")
      return rows[0]?.devices as readonly string[]
    },
    freezeVersion: async () => {
      const { rows } = await session.send('SELECT newest_freeze() AS version')
      return Number(rows[0]?.version)
    },
  }
}
