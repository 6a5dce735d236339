import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { genesis } from '../../../src/journal/chain.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import { BlockWalk } from '../../../src/journal/sqlite/block-walk.ts'
import { freshFolder, openForTest, tamper } from './open-for-test.ts'

const ROWS = 1_203

async function filled() {
  const path = join(freshFolder(), 'store.sqlite')
  const store = await openForTest(path)
  const events = Array.from(
    { length: ROWS },
    (_, at): EventBody => ({ type: 'StateEntered', path: `p${at}`, state: 'ü' }),
  )
  await store.append('x1', events)
  const database = new Database(path)
  onTestFinished(() => {
    database.close()
  })
  return { path, store, start: genesis(store.audit.origin), blocks: new BlockWalk(database) }
}

describe('walking block by block', () => {
  test('reaches the end of a chain that holds, from anywhere', async () => {
    const { store, start, blocks } = await filled()
    const { seq, hash } = await store.head()
    expect(blocks.walk(start)).toEqual({ end: { seq, hash } })
    const [row] = await store.audit.records(700, 1)
    expect(blocks.walk(row ?? start)).toEqual({ end: { seq, hash } })
    expect(blocks.walk({ seq, hash })).toEqual({ end: { seq, hash } })
  })

  test.each([
    ['an edited body', "UPDATE journal SET body = replace(body, 'p', 'q') WHERE seq = 777", 777, /altered/],
    [
      'a body with a line break',
      `UPDATE journal SET body = replace(body, '"v":1', '"v":' || char(10) || '1') WHERE seq = 501`,
      501,
      /altered/,
    ],
    ['a deleted row at the end of a block', 'DELETE FROM journal WHERE seq = 400', 400, /missing/],
    ['a deleted row at the beginning of one', 'DELETE FROM journal WHERE seq = 401', 401, /missing/],
    ['a whole block deleted', 'DELETE FROM journal WHERE seq BETWEEN 201 AND 400', 201, /missing/],
    ['more than a block deleted', 'DELETE FROM journal WHERE seq BETWEEN 201 AND 700', 201, /missing/],
    ['an edited link', 'UPDATE journal SET prev = zeroblob(32) WHERE seq = 1001', 1001, /altered/],
    ['an edited hash', 'UPDATE journal SET hash = zeroblob(32) WHERE seq = 1000', 1000, /altered/],
    ['an edited newest hash', `UPDATE journal SET hash = zeroblob(32) WHERE seq = ${ROWS}`, ROWS, /altered/],
    [
      'a row with the link and the hash of another',
      'UPDATE journal SET prev = (SELECT prev FROM journal WHERE seq = 3), hash = (SELECT hash FROM journal WHERE seq = 3), body = (SELECT body FROM journal WHERE seq = 3) WHERE seq = 4',
      4,
      /altered/,
    ],
  ])('names the row of %s', { tags: 'long' }, async (_name, change, seq, says) => {
    const { path, start, blocks } = await filled()
    tamper(path, change)
    const walked = blocks.walk(start)
    expect(walked).toMatchObject({ fault: { seq, reason: expect.stringMatching(says) } })
  })

  test('says where it ends when the tail is cut: who knows the head judges that', async () => {
    const { path, start, blocks } = await filled()
    tamper(path, 'DELETE FROM journal WHERE seq > 600')
    expect(blocks.walk(start)).toMatchObject({ end: { seq: 600 } })
  })
})
