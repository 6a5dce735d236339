import { afterAll, beforeAll, expect, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import { Session } from '../../../src/change/record/postgres/database.ts'
import { soon } from '../../lab/loopback.ts'
import { startTeam, type Team } from './team.ts'

let team: Team
let session: Session
beforeAll(async () => {
  team = await startTeam(1)
  const { port } = team.database.primary
  session = new Session({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres' }, { name: 'test' })
  await session.open()
})
afterAll(async () => {
  await session.close()
  await team.close()
})

const counted = async (sql: string) => Number((await session.send(sql)).rows[0]?.count)
const ROWS = 'SELECT count(*) FROM dbos.workflow_status'
const INPUTS = 'SELECT count(*) FROM dbos.workflow_input'
const OUTPUTS = 'SELECT count(*) FROM dbos.workflow_output'

const outcomeOf = async (id: string) => {
  const last = (await team.app.store.read(id)).at(-1)
  return last?.type === 'ExecutionEnded' ? last.outcome : undefined
}

test('what workers have done a day ago is in no queue any more, and the record has all of it', {
  tags: 'turn',
  timeout: 180_000,
}, async () => {
  const [device = ''] = Object.keys(team.fabric.ports)
  const first = await team.worker()
  const id = await team.begin(device, 100)
  await soon(async () => (await team.app.store.read(id)).some(({ type }) => type === 'TaskWaiting'), 40_000)
  await team.approve(id)
  await soon(async () => (await outcomeOf(id)) === 'succeeded', 60_000)
  await soon(async () => (await counted(`${ROWS} WHERE status <> 'SUCCESS'`)) === 0, 40_000)
  first.process.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  const recorded = (await team.app.store.read(id)).length
  expect(await counted(ROWS)).toBeGreaterThan(0)

  // A day and an hour later, by all that the queues know.
  await session.send(
    'UPDATE dbos.workflow_status SET created_at = created_at - 90000000, updated_at = updated_at - 90000000, completed_at = completed_at - 90000000',
  )
  const second = await team.worker()
  await soon(async () => (await counted(ROWS)) === 0, 40_000)
  expect([await counted(INPUTS), await counted(OUTPUTS)]).toEqual([0, 0])
  expect((await team.app.store.read(id)).length).toBe(recorded)

  // The same word once more, by somebody who was held up for a day: it is carried, and there is nothing to do.
  const state = await readState(team.app.store, id)
  await team.app.dispatch?.post(state, { why: 'woken', wake: 1 })
  await soon(async () => (await counted(`${ROWS} WHERE status = 'SUCCESS'`)) === 1, 40_000)
  expect(second.said()).toContain(`${id}: driven\n${id}: ended\n`)
  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  expect((await team.app.store.read(id)).length).toBe(recorded)
})
