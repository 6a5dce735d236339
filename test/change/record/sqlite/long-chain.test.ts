import { copyFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

/** Rows are read 200 at a time. */
const ROWS = 1_203

async function filled() {
  const path = freshPath()
  const store = await openForTest(path)
  const events = Array.from(
    { length: ROWS },
    (_, at): EventBody => ({ type: 'StateEntered', path: `p${at}`, state: 'ü' }),
  )
  await store.append('x1', events.slice(0, 600))
  await store.append('x1', events.slice(600))
  for (let at = 0; at < 450; at += 1)
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: `r${at}` }])
  await store.close()
  return path
}

test('the row is named that was altered in a long chain, wherever it is', { tags: ['long', 'turn'] }, async () => {
  const path = await filled()
  expect((await (await openForTest(path)).verifyChain()).seq).toBe(ROWS + 450)
  const changes: readonly (readonly [change: string, seq: number])[] = [
    ["UPDATE event SET body = replace(body, 'p', 'q') WHERE pos = 777", 777],
    [`UPDATE event SET body = replace(body, '"v":1', '"v":' || char(10) || '1') WHERE pos = 501`, 501],
    // The row before is gone: the one behind it does not follow.
    ['DELETE FROM event WHERE pos = 200', 201],
    ['DELETE FROM event WHERE pos = 201', 202],
    ['DELETE FROM event WHERE pos BETWEEN 201 AND 400', 401],
    ['DELETE FROM event WHERE pos BETWEEN 201 AND 700', 701],
    ['UPDATE event SET prev = zeroblob(32) WHERE pos = 1001', 1001],
    ['UPDATE event SET hash = zeroblob(32) WHERE pos = 1000', 1000],
    [`UPDATE event SET hash = zeroblob(32) WHERE pos = ${ROWS}`, ROWS],
    [
      'UPDATE event SET (prev, hash, body) = (SELECT o.prev, o.hash, o.body FROM event o WHERE o.pos = 3) WHERE pos = 4',
      4,
    ],
    [`DELETE FROM event WHERE pos BETWEEN 1000 AND ${ROWS}`, 999],
    ["UPDATE register SET body = replace(body, 'r', 's') WHERE n = 200", ROWS + 199],
    ['DELETE FROM register WHERE n = 201', ROWS + 201],
    ['DELETE FROM register WHERE n BETWEEN 201 AND 400', ROWS + 400],
  ]
  const found: unknown[] = []
  for (const [change] of changes) {
    const copy = freshPath()
    copyFileSync(path, copy)
    const store = await openForTest(copy)
    tamper(copy, change)
    const error = await thrownBy(() => store.verifyChain())
    found.push([change, (error as { seq?: number }).seq])
    await store.close()
  }
  expect(found).toEqual(changes)
})
