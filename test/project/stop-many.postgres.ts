import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { exits } from '../lab/exits.ts'
import { asSuperuser, serverForTests } from '../postgres/store-for-test.ts'
import { beginWaiting, databasePlace } from './record/upkeep/sealed-database.ts'

const servers = serverForTests()
const MANY = 80

test('stop --all of many that wait in a database waits for all of them at once, and asks about them together', {
  tags: 'turn',
}, async () => {
  const { eosflow, address, open: opened } = await databasePlace(servers.server)
  const store = await opened()
  const ids = await beginWaiting(store, MANY)
  // Nobody drives them any more, as when whoever began them has gone.
  await asSuperuser(address, 'UPDATE eosflow.execution SET worker = NULL')
  const sent = vi.spyOn(pg.Client.prototype, 'query')
  const count = (text: string) => sent.mock.calls.filter(([query]) => JSON.stringify(query).includes(text)).length
  const before = performance.now()
  try {
    const { stdout } = await exits(0, eosflow('stop', '--all', '--json'))
    const { executions } = JSON.parse(stdout) as { executions: { id: string; outcome: string }[] }
    // One more that `databasePlace` has begun.
    expect(executions.map(({ outcome }) => outcome)).toEqual(Array.from({ length: MANY + 1 }, () => 'cancelled'))
    // Newest first, but for those that were put back at the same time, and the first eight that had been looked at often enough.
    const expected = [...ids.toReversed(), 'x4']
    const apart = executions.filter(({ id }, index) => Math.abs(expected.indexOf(id) - index) > 24)
    expect(apart.length, executions.map(({ id }) => id).join(' ')).toBeLessThanOrEqual(16)
    // Eight at a time, each for a second and a half, they would take more than 15.
    expect(performance.now() - before).toBeLessThan(13_000)
    expect(count('LISTEN eos_written')).toBe(1)
    // The question of each turn, and a few for each look of all of them.
    expect(count('is_held(')).toBeLessThan(MANY + 30)
    expect(count('horizon()')).toBeLessThan(40)
  } finally {
    sent.mockRestore()
  }
  expect(await store.openExecutions()).toEqual([])
})
