import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { exits } from '../lab/exits.ts'
import { serverForTests } from '../postgres/store-for-test.ts'
import { beginWaiting, databasePlace } from './record/upkeep/sealed-database.ts'

const servers = serverForTests()
const MANY = 160

test('[W8] many open executions are read as sets: what lists them asks a database a few questions, and not some for each', async () => {
  const { eosflow, open: opened } = await databasePlace(servers.server)
  const store = await opened()
  await beginWaiting(store, MANY)

  const sent = vi.spyOn(pg.Client.prototype, 'query')
  const asked = async (...argv: readonly string[]) => {
    sent.mockClear()
    const { stdout } = await exits(0, eosflow(...argv, '--json'))
    return { found: JSON.parse(stdout), statements: sent.mock.calls.length }
  }
  try {
    const listed = await asked('executions')
    // One more that `databasePlace` has begun, and three that have ended.
    expect(listed.found.executions).toHaveLength(MANY + 4)
    expect(listed.statements).toBeLessThan(120)
    const open = await asked('executions', '--state', 'open')
    expect(open.found.executions).toHaveLength(MANY + 1)
    expect(open.statements).toBeLessThan(120)
    const workers = await asked('workers')
    expect(workers.found.leftAlone).toEqual([])
    expect(workers.statements).toBeLessThan(60)
    // How each began says its site, and nobody's owner has died: no record between the first and the last is read.
    expect(sent.mock.calls.filter(([query]) => JSON.stringify(query).includes('ORDER BY x.id, e.n'))).toEqual([])
  } finally {
    sent.mockRestore()
  }
})
