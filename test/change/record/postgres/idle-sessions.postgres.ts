import { expect, test } from 'vitest'
import { Questions, Session } from '../../../../src/change/record/postgres/database.ts'
import { dispatchPool } from '../../../../src/project/app/dispatch/dbos/patient-pool.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'

const given = serverForTests()
const SHOWN = "SELECT current_setting('idle_in_transaction_session_timeout') AS shown"

test('every connection says how long it may be silent in a transaction, also those of DBOS', async () => {
  const address = await freshDatabase(given.server)
  const session = new Session(address, { name: 'test' })
  await session.open()
  const questions = new Questions(address, { name: 'test' })
  const pool = dispatchPool(address, 'test', 1)
  try {
    const shown = [await session.send(SHOWN), { rows: await questions.ask(SHOWN) }, await pool.query(SHOWN)]
    expect(shown.map(({ rows }) => rows[0])).toEqual([{ shown: '5s' }, { shown: '5s' }, { shown: '5s' }])
  } finally {
    await session.close()
    await questions.close()
    await pool.end()
  }
})

test('a session that falls silent with a lock holds others up for five seconds, and no longer', {
  tags: 'turn',
}, async () => {
  const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
  const [silent, other] = [new Session(address, { name: 'silent' }), dispatchPool(address, 'other', 1)]
  await silent.open()
  try {
    await silent.send('BEGIN')
    await silent.send('LOCK TABLE eosflow.event IN ACCESS EXCLUSIVE MODE')
    const before = performance.now()
    await other.query('SELECT count(*) FROM eosflow.event')
    const waited = (performance.now() - before) / 1000
    expect(waited).toBeGreaterThan(3)
    expect(waited).toBeLessThan(9)
  } finally {
    await silent.close()
    await other.end()
  }
})
