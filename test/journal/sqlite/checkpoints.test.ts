import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { verifyStore } from '../../../src/app/audit/verify.ts'
import { checkpointVerifier } from '../../../src/journal/audit/checkpoint-key.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { freshFolder, KEY, openForTest, tamper, thrownBy } from './open-for-test.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const many = (count: number): readonly EventBody[] => Array.from({ length: count }, () => entered)

function open(clock = new VirtualClock()) {
  const path = join(freshFolder(), 'store.sqlite')
  const store = await openForTest(path, clock)
  return { path, clock, store, sizes: async () => (await store.audit.checkpoints(0)).map(({ seq }) => seq) }
}

describe('checkpoints', () => {
  test('a new store begins with one of nothing, signed with the key that the store shows', async () => {
    const { store } = open()
    const [first, ...others] = await store.audit.checkpoints(0)
    expect(others).toEqual([])
    expect(first).toMatchObject({ id: 1, seq: 0, at: '2026-01-05T08:00:00.000Z' })
    const read = checkpointVerifier(store.audit.key.pem)?.open(first?.note ?? '')
    expect(read).toMatchObject({ origin: store.audit.origin, seq: 0, at: '2026-01-05T08:00:00.000Z' })
    expect(store.audit.origin).toMatch(/^eosflow\.audit\/[0-9a-f]{16}$/)
  })

  test('one is at the end of every execution, over the head', async () => {
    const { store, sizes } = open()
    await store.append('x1', [entered, entered])
    expect(await sizes()).toEqual([0])
    await store.append('x1', [ended])
    await store.append('x2', [ended])
    expect(await sizes()).toEqual([0, 3, 4])
    const read = checkpointVerifier(store.audit.key.line)?.open((await store.audit.newestCheckpoint())?.note ?? '')
    expect(read).toMatchObject({ seq: 4, hash: (await store.head()).hash })
  })

  test('one is at every 256 records, also when several came in together', async () => {
    const { store, sizes } = open()
    for (const event of many(255)) await store.append('x1', [event])
    expect(await sizes()).toEqual([0])
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([0, 256])
    await store.append('x1', many(600))
    expect(await sizes()).toEqual([0, 256, 856])
    await store.append('x1', many(255))
    expect(await sizes()).toEqual([0, 256, 856])
  })

  test('one is at every ten minutes in which something is written', async () => {
    const { store, sizes, clock } = open()
    await clock.advance(10 * MINUTE - 1)
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([0])
    await clock.advance(1)
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([0, 2])
    await store.append('x1', [entered])
    await clock.advance(10 * MINUTE)
    expect(await sizes()).toEqual([0, 2])
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([0, 2, 4])
  })

  test('an empty one is at an opening a day after the newest, so that silence is no gap', async () => {
    const { store, path, clock } = open()
    await store.append('x1', [ended])
    await clock.advance(DAY - 1)
    await openForTest(path, clock)
    expect((await store.audit.checkpoints(0)).map(({ seq }) => seq)).toEqual([0, 1])
    await clock.advance(1)
    await openForTest(path, clock)
    await openForTest(path, clock)
    expect((await store.audit.checkpoints(0)).map(({ seq, at }) => [seq, at])).toEqual([
      [0, '2026-01-05T08:00:00.000Z'],
      [1, '2026-01-05T08:00:00.000Z'],
      [1, '2026-01-06T08:00:00.000Z'],
    ])
  })

  test('one that is asked for is made once, over what was written since', async () => {
    const { store, sizes } = open()
    await store.audit.checkpoint()
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
    await store.audit.checkpoint()
    await store.audit.checkpoint()
    expect(await sizes()).toEqual([0, 1])
  })

  test('a clock that was set back brings none, and takes none away', async () => {
    const clock = new VirtualClock(Date.parse('2026-01-05T08:00:00Z'))
    const { store, path, sizes } = open(clock)
    await store.append('x1', [ended])
    const earlier = await openForTest(path, new VirtualClock(Date.parse('2026-01-04T08:00:00Z')))
    await earlier.append('x1', [entered])
    expect(await sizes()).toEqual([0, 1])
  })

  test('one that was signed while the clock was far ahead does not count for all the days until then', async () => {
    const { path, sizes } = open(new VirtualClock(Date.parse('2027-01-05T08:00:00Z')))
    const today = new VirtualClock(Date.parse('2026-01-05T08:00:00Z'))
    await openForTest(path, today)
    await openForTest(path, today)
    expect(await sizes()).toEqual([0, 0])
    await today.advance(DAY)
    await openForTest(path, today)
    expect(await sizes()).toEqual([0, 0, 0])
  })

  test('none is signed over a chain that does not verify', async () => {
    const { store, path, sizes } = open()
    await store.append('x1', [entered, entered])
    tamper(path, 'DELETE FROM journal WHERE seq = 2')
    expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({ kind: 'store', seq: 2 })
    expect(await sizes()).toEqual([0])
  })

  test('the triggers refuse who did not drop them', async () => {
    const { path } = open()
    const database = new Database(path)
    expect(() => database.exec('DELETE FROM checkpoint')).toThrow('checkpoints are kept')
    expect(() => database.exec("UPDATE checkpoint SET note = ''")).toThrow('checkpoints are kept')
    database.close()
  })
})

describe('deliveries', () => {
  test('a receiver goes forward only, and its fault is kept until it takes more', async () => {
    const { store, clock } = open()
    expect(await store.audit.delivery('worm')).toBeUndefined()
    await store.append('x1', new Array(9).fill(entered))
    await store.audit.delivered('worm', 7)
    await clock.advance(MINUTE)
    await store.audit.delivered('worm', 5, 'the disk is full')
    const at = '2026-01-05T08:01:00.000Z'
    expect(await store.audit.delivery('worm')).toEqual({ receiver: 'worm', position: 7, at, fault: 'the disk is full' })
    await store.audit.delivered('worm', 9)
    expect(await store.audit.delivery('worm')).toEqual({ receiver: 'worm', position: 9, at, fault: undefined })
    expect(await store.audit.delivery('other')).toBeUndefined()
  })
})

describe('records that leave the store', () => {
  test('are those of the chain, some at a time', async () => {
    const { store } = open()
    await store.append('x1', many(5))
    expect((await store.audit.records(2, 3)).map(({ seq }) => seq)).toEqual([2, 3, 4])
    expect((await store.audit.records(5, 3)).map(({ seq }) => seq)).toEqual([5])
    expect(await store.audit.records(6, 3)).toEqual([])
  })

  test.each([
    ["UPDATE journal SET body = replace(body, 'Push', 'Pull') WHERE seq = 3", 3],
    ['DELETE FROM journal WHERE seq = 3', 3],
    ['DELETE FROM journal WHERE seq >= 4', 4],
  ])('are verified: after %s none is given', async (change, seq) => {
    const { store, path } = open()
    await store.append('x1', many(5))
    tamper(path, change)
    expect(await thrownBy(() => store.audit.records(2, 10))).toMatchObject({ kind: 'store', seq })
  })
})

describe('what a verification says of checkpoints that were altered by somebody without a key', () => {
  const away = 'no checkpoint is there, and execution x1 has ended: they were taken away'
  test.each([
    ['a note emptied', "UPDATE checkpoint SET note = '' WHERE id = 3", 'checkpoint 3 cannot be read'],
    ['a note of another store', "UPDATE checkpoint SET note = 'x' || note WHERE id = 2", 'checkpoint 2 cannot be read'],
    [
      'a number of records',
      'UPDATE checkpoint SET seq = 0 WHERE id = 3',
      'checkpoint 3 is not of as many records as was signed',
    ],
    [
      'the note of another one',
      'UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE id = 2) WHERE id = 3',
      'checkpoint 3 is not of as many records as was signed',
    ],
    ['one taken out', 'DELETE FROM checkpoint WHERE id = 2', 'checkpoint 2 is missing'],
    ['all taken out', 'DELETE FROM checkpoint', away],
  ])('%s', async (_what, change, reason) => {
    const { path, store } = open()
    await store.append('x1', [entered, ended])
    await store.append('x2', [ended])
    await store.close()
    const verified = () =>
      verifyStore(
        path,
        { installKey: { key: KEY, old: [] } },
        { now: 0, words: hintWords, anchors: [], verifier: undefined },
      )
    expect(verified().fault).toBeUndefined()
    tamper(path, 'DROP TRIGGER checkpoint_keeps; DROP TRIGGER checkpoint_stands', change)
    expect(verified().fault).toEqual({ seq: 3, reason })
    expect(verified().fault).toEqual({ seq: 3, reason })
  })
})
