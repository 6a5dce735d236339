import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { freshPath, openForTest, thrownBy } from './open-for-test.ts'

/** What somebody writes so that rows which are joined to one text cannot be told apart, or can be told apart otherwise. */
test.each([
  [
    'a line break in a body',
    "UPDATE event SET body = replace(body, ',', ',' || char(10)) WHERE n = 2",
    /record 2 of execution x1 was altered/,
  ],
  [
    'a line break in a name',
    "UPDATE event SET execution = 'x' || char(10) || '1' WHERE n = 2",
    /record 2 of execution x1 is missing|x\n1/,
  ],
  [
    'a byte from one hash in the other',
    'UPDATE event SET prev = CAST(prev || substr(hash, 1, 1) AS BLOB), hash = CAST(substr(hash, 2) AS BLOB) WHERE n = 2',
    /record 2 of execution x1/,
  ],
  [
    'the sign of a plan without one',
    "UPDATE event SET plan = '' WHERE n = 2",
    /what it is found by is not what its content says/,
  ],
])('%s is found', async (_name, change, reason) => {
  const path = freshPath()
  const store = await openForTest(path)
  for (const state of ['plan', 'push', 'verify']) await store.append('x1', [{ type: 'StateEntered', path: '', state }])
  const database = new Database(path)
  database.pragma('ignore_check_constraints = ON')
  database.exec(`DROP TRIGGER event_stands; ${change}`)
  database.close()
  expect(await thrownBy(() => store.verifyChain())).toMatchObject({
    kind: 'store',
    message: expect.stringMatching(reason),
  })
})

test('a chain of more rows than are read at once is walked to its end', async () => {
  const store = await openForTest(freshPath())
  const entered = { type: 'StateEntered', path: '', state: 'plan' } as const
  for (const execution of ['x1', 'x2'])
    await store.append(
      execution,
      Array.from({ length: 250 }, () => entered),
    )
  for (let n = 0; n < 201; n += 1)
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
  expect((await store.verifyChain()).seq).toBe(701)
})
