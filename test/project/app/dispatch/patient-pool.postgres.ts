import { expect, onTestFinished, test, vi } from 'vitest'
import { PatientPool } from '../../../../src/project/app/dispatch/dbos/patient-pool.ts'
import { ownServerForTests } from '../../../postgres/store-for-test.ts'

const given = ownServerForTests()
const after = <T>(milliseconds: number, what: T) =>
  new Promise((resolve) => setTimeout(() => resolve(what), milliseconds))

function poolFor(port: number) {
  const pool = new PatientPool({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres', max: 2 })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  return pool
}

test('where the server is away a question waits, and is answered as soon as it is back', async () => {
  const pool = poolFor(given.server.port)
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await given.server.stop('immediate')
  // A question on a session that died unseen fails, as with any pool: which one it is must be known before it is asked.
  await vi.waitFor(() => expect(pool.totalCount).toBe(0), 10_000)
  const asked = pool.query('SELECT 2 AS two').then(({ rows }) => rows)
  expect(await Promise.race([asked, after(1_500, 'waits')])).toBe('waits')
  await given.server.start()
  expect(await asked).toEqual([{ two: 2 }])
})

test('what the server refuses is refused, and who gives up waits no more', async () => {
  const nobody = new PatientPool({ host: '127.0.0.1', port: given.server.port, database: 'none', user: 'postgres' })
  await expect(nobody.connect()).rejects.toMatchObject({ code: '3D000' })
  const away = poolFor(1)
  const asked = away.query('SELECT 1').catch((error: unknown) => (error as { code?: string }).code)
  away.giveUp()
  expect(await asked).toBe('ECONNREFUSED')
})
