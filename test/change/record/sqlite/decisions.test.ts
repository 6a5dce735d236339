import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import type { SqliteStore } from '../../../../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { ALICE, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { flipBytes, rowsOf, tamperWith } from './cells.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const APPROVED: EventBody = { type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }
const REJECTED: EventBody = {
  type: 'ApprovalDecided',
  statement: { ...STATEMENT, decision: 'reject', nonce: 'n2' },
  seal: 'hmac:2',
}

const ON: EventBody = { type: 'StateEntered', path: '', state: 'on' }
const WORD: EventBody = { type: 'StopRequested', stopped: 'x1', reason: 'more' }
/** So many records of the register that are no decisions. */
const words = (count: number): readonly EventBody[] => Array.from({ length: count }, () => WORD)

/** So many that hold nothing back. */
const logins = (count: number): readonly EventBody[] =>
  Array.from({ length: count }, () => ({ type: 'LoginFailed', issuer: 'idp', flow: 'browser', reason: 'no' }))

/** Records 1 to 3 are those of x1, which makes the plan; 4 is an approval, 5 a word, 6 a rejection, 7 a word. The mirror of x1 and these are the register. */
async function filled(path: string): Promise<SqliteStore & Journal> {
  const store = await openForTest(path)
  await store.append('x1', [
    { type: 'StateEntered', path: '', state: 'plan' },
    { type: 'PlanMade', digest: PLAN, plan: 'blob:1', waves: [['leaf1']], unchanged: [] },
    { type: 'ApprovalRequested', plan: PLAN },
  ])
  await store.append(undefined, [APPROVED])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
  await store.append(undefined, [REJECTED])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'yes' }])
  return store
}

const verified = async (store: Store): Promise<readonly boolean[]> =>
  (await store.approvals(PLAN)).map((one) => one.verified)

/** What is done to the register, and whether the decisions that are left count. */
const TAMPERINGS: Record<string, { readonly change: string; readonly counts: readonly boolean[] }> = {
  'a rejection that is found by another plan': {
    change: "UPDATE register SET plan = 'sha256:mine' WHERE pos = 6",
    counts: [true, true],
  },
  'a rejection that is found by another type': {
    change: "UPDATE register SET type = 'ApprovalRequested' WHERE pos = 6",
    counts: [true, true],
  },
  'an approval that is found by no plan': {
    change: 'UPDATE register SET plan = NULL WHERE pos = 4',
    counts: [true, true],
  },
  'an edited record between them': {
    change: "UPDATE register SET body = replace(body, 'no', 'on') WHERE pos = 5",
    counts: [false, false],
  },
  'an edited record behind them': {
    change: "UPDATE register SET body = replace(body, 'yes', 'not') WHERE pos = 7",
    counts: [false, false],
  },
  'an edited hash of the record before': {
    change: 'UPDATE register SET hash = zeroblob(32) WHERE n = 1',
    counts: [false, false],
  },
  'two swapped records': {
    change:
      'UPDATE register SET pos = 100 WHERE pos = 4; UPDATE register SET pos = 4 WHERE pos = 6; UPDATE register SET pos = 6 WHERE pos = 100',
    counts: [false, false],
  },
  'a cut end': { change: 'DELETE FROM register WHERE pos = 7', counts: [] },
  'a cut end, and a head set back': {
    change:
      'DELETE FROM register WHERE pos = 7; UPDATE register_head SET n = 4, hash = (SELECT hash FROM register WHERE n = 4)',
    counts: [],
  },
  'a lost head': { change: 'DELETE FROM register_head', counts: [] },
}

describe('decisions about a plan', () => {
  test('count where nothing was done', async () => {
    const path = freshPath()
    expect(await verified(await filled(path))).toEqual([true, true])
    expect(await verified(await openForTest(path))).toEqual([true, true])
  })

  test.each(Object.entries(TAMPERINGS))(
    'that were read before from an open store are not believed after %s, the first time and again',
    async (_name, { change, counts }) => {
      const path = freshPath()
      const store = await filled(path)
      expect(await verified(store)).toEqual([true, true])
      tamper(path, change)
      for (let time = 0; time < 2; time += 1)
        if (counts.length > 0) expect(await verified(store)).toEqual(counts)
        else expect(await thrownBy(() => store.approvals(PLAN))).toMatchObject({ kind: 'store' })
      expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
    },
  )

  test('[N2] are judged by the whole register, and not by the records of executions', async () => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, "UPDATE event SET body = replace(body, 'plan', 'plam') WHERE pos = 1")
    expect(await verified(store)).toEqual([true, true])
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 1 })
  })

  test('made about another plan are missed where they were, and do not count there', async () => {
    const path = freshPath()
    const store = await filled(path)
    tamper(
      path,
      `UPDATE register SET body = replace(body, '${PLAN}', 'sha256:mine'), plan = 'sha256:mine' WHERE pos IN (4, 6)`,
    )
    expect(await thrownBy(() => store.approvals(PLAN))).toMatchObject({ kind: 'store', seq: 4 })
    expect((await store.approvals('sha256:mine')).map((one) => one.verified)).toEqual([false, false])
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 4 })
  })

  test('do not count where the register of an older moment, without a rejection, is put back with its head', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append(undefined, [APPROVED])
    const [register, head] = [rowsOf(path, 'register'), rowsOf(path, 'register_head')]
    await store.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }])
    await store.append(undefined, [REJECTED])
    await store.close()
    tamperWith(path, 'register', () => register)
    tamperWith(path, 'register_head', () => head)
    const older = await openForTest(path)
    // The whole of an older moment is what a checkpoint that was kept elsewhere finds; of this one an execution is still there.
    expect(await thrownBy(() => older.read('x1'))).toMatchObject({ kind: 'store' })
    expect(await thrownBy(() => older.verifyChain())).toMatchObject({ kind: 'store' })
  })
})

describe('the walk over the register', () => {
  /** Behind which rows it was walked. */
  function watched() {
    const from: number[] = []
    const all = Connection.prototype.all
    const spy = vi.spyOn(Connection.prototype, 'all').mockImplementation(function (this: Connection, text, ...values) {
      if (text.includes('FROM register r WHERE r.n > ?')) from.push(Number(values[0]))
      return all.call(this, text, ...values)
    })
    onTestFinished(() => spy.mockRestore())
    return from
  }

  test('[N3] is not repeated while only this store writes, also for another plan', async () => {
    const store = await filled(freshPath())
    const from = watched()
    await store.approvals(PLAN)
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'more' }])
    await store.approvals(PLAN)
    await store.approvals('sha256:mine')
    await store.append(undefined, [REJECTED])
    expect(await verified(store)).toEqual([true, true, true])
    expect(from).toEqual([0, 5, 6, 6])
  })

  test('begins anew once anybody else has written, and after a minute', async () => {
    const path = freshPath()
    const clock = new VirtualClock()
    const other = await filled(path)
    const store = await openForTest(path, clock)
    const from = watched()
    await store.approvals(PLAN)
    await other.append('x1', [{ type: 'StateEntered', path: '', state: 'on' }])
    await store.approvals(PLAN)
    await clock.advance(59_999)
    await store.approvals(PLAN)
    await clock.advance(1)
    await store.approvals(PLAN)
    expect(from).toEqual([0, 0, 5, 0])
  })

  test('begins in another process where one before has been', async () => {
    const path = freshPath()
    const store = await filled(path)
    await store.append(undefined, words(600))
    const from = watched()
    expect(await verified(store)).toEqual([true, true])
    const other = await openForTest(path)
    expect(await verified(other)).toEqual([true, true])
    // What others write later has it walk all of it, as before.
    await store.append(undefined, [REJECTED])
    expect(await verified(other)).toEqual([true, true, true])
    expect(from).toEqual([0, 605, 0])
  })

  test('begins where another process has been also where somebody sends by it, who misses what held a change back', async () => {
    const path = freshPath()
    const store = await filled(path)
    await store.append(undefined, words(600))
    expect(await verified(store)).toEqual([true, true])
    const [from, other] = [watched(), await openForTest(path)]
    await other.approvals(PLAN)
    await other.approvals(PLAN, 'toSend')
    await other.approvals(PLAN, 'toSend')
    expect(from).toEqual([605, 605, 605])
    // No approval speaks of a word to stop: it is missed by whoever sends, and by nobody else.
    tamper(path, 'DELETE FROM register WHERE pos = 5')
    expect(await verified(await openForTest(path))).toEqual([true, true])
    const sending = await openForTest(path)
    expect(await thrownBy(() => sending.approvals(PLAN, 'toSend'))).toMatchObject({ kind: 'store' })
  })

  test('is over all of a long register', async () => {
    const path = freshPath()
    const store = await filled(path)
    await store.append(undefined, words(2_100))
    expect(await verified(store)).toEqual([true, true])
    tamper(path, "UPDATE register SET body = replace(body, 'more', 'less') WHERE n = 2050")
    expect(await verified(store)).toEqual([false, false])
  })

  test('begins anew after a fault, which is kept from nobody', async () => {
    const path = freshPath()
    const store = await filled(path)
    const from = watched()
    expect(await verified(store)).toEqual([true, true])
    tamper(path, "UPDATE register SET body = replace(body, 'hmac:1', 'hmac:9') WHERE pos = 4")
    expect(await verified(store)).toEqual([false, false])
    expect(await verified(store)).toEqual([false, false])
    tamper(path, "UPDATE register SET body = replace(body, 'hmac:9', 'hmac:1') WHERE pos = 4")
    expect(await verified(store)).toEqual([true, true])
    expect(from).toEqual([0, 0, 0, 0])
  })
})

const FREEZE: EventBody = { type: 'FreezeSet', principal: ALICE, reason: 'night', until: '2026-01-06T00:00:00.000Z' }
const PAUSED: EventBody = {
  type: 'ScheduleChanged',
  schedule: 'nightly',
  change: 'paused',
  principal: ALICE,
  reason: 'INC-1',
}

/** How somebody who can write to the file hides what holds a change back, by what no hash covers: 7 is the newest word to x1, 8 a freeze, 9 a schedule that is paused. */
const HIDDEN: Record<string, string> = {
  'a freeze that is found by another type': "UPDATE register SET type = 'LoggedIn' WHERE pos = 8",
  'a freeze that is found as a word': "UPDATE register SET type = 'StopRequested' WHERE pos = 8",
  'a freeze that is found as its end': "UPDATE register SET type = 'FreezeEnded' WHERE pos = 8",
  'a freeze that is found by no type': 'UPDATE register SET type = NULL WHERE pos = 8',
  'a freeze that is called a mirror': "UPDATE register SET mirror = 'begun', execution = 'x9' WHERE pos = 8",
  'a word that is found by another type': "UPDATE register SET type = 'LoggedIn' WHERE pos = 7",
  'a word that is for another execution': "UPDATE register SET receiver = 'x2' WHERE pos = 7",
  'a word that is for nobody': 'UPDATE register SET receiver = NULL WHERE pos = 7',
  'a word to stop that is one to rest': "UPDATE register SET type = 'SuspendRequested' WHERE pos = 7",
  'a record that is found as the newest word':
    "UPDATE register SET type = 'StopRequested', receiver = 'x1' WHERE pos = 4",
  'a schedule that is not found by its name': 'UPDATE register SET schedule = NULL WHERE pos = 9',
}

/** The same by what only a later row covers, where others have walked past it. */
const MOVED: Record<string, string> = {
  'a freeze with the number of one that was ended':
    'DROP INDEX register_record; UPDATE register SET pos = 2 WHERE pos = 8',
  'a word from before the execution': 'DROP INDEX register_record; UPDATE register SET pos = 1 WHERE pos = 7',
  'no freeze': 'DELETE FROM register WHERE pos = 8',
  'no schedule': 'DELETE FROM register WHERE pos = 9',
  'another freeze': "UPDATE register SET body = replace(body, 'night', 'nigh!') WHERE pos = 8",
  'an older approval': 'DROP INDEX register_record; UPDATE register SET pos = 900 WHERE pos = 4',
}

describe('what holds a change back', () => {
  const NOON = '2026-01-05T12:00:00.000Z'
  const sent = async (store: Store): Promise<readonly boolean[]> =>
    (await store.approvals(PLAN, 'toSend')).map((one) => one.verified)
  /** Whether nothing is sent: no decision counts, or none is given. */
  const isRefused = async (store: Store) =>
    sent(store).then(
      (counts) => counts.length > 0 && counts.every((each) => !each),
      (thrown: unknown) => thrown instanceof EosflowError && thrown.kind === 'store',
    )

  async function held(path: string, isLong: boolean): Promise<SqliteStore & Journal> {
    const store = await filled(path)
    await store.append(undefined, [FREEZE])
    await store.append(undefined, [PAUSED])
    // So many that the walk is worth to be kept.
    if (isLong) await store.append(undefined, logins(600))
    return store
  }

  test.each([false, true])('is found by whoever sends where nothing was done; long: %s', async (isLong) => {
    const path = freshPath()
    const store = await held(path, isLong)
    expect([await sent(store), (await store.freezes(NOON)).length]).toEqual([[true, true], 1])
    const other = await openForTest(path)
    expect([await sent(other), await sent(other)]).toEqual([
      [true, true],
      [true, true],
    ])
  })

  const hidden = Object.entries(HIDDEN).map(([name, change]) => ({ name, change, isLong: false }))
  const behindMany = everyNthOfLong(3, 'records that are hidden behind many', hidden)
  test.each([...hidden, ...behindMany.map((one) => ({ ...one, isLong: true }))])(
    'nothing is sent where there is $name; long: $isLong',
    async ({ change, isLong }) => {
      const path = freshPath()
      const store = await held(path, isLong)
      expect(await sent(store)).toEqual([true, true])
      tamper(path, change)
      // Who has been open, and who opens it, at first and again; who only shows goes on.
      for (const asked of [store, await openForTest(path)])
        for (let time = 0; time < 2; time += 1)
          expect(await thrownBy(() => sent(asked))).toMatchObject({
            kind: 'store',
            message: 'a freeze, a word to stop or another record that holds changes back was altered or hidden',
          })
      expect(await verified(await openForTest(path))).toEqual([true, true])
      expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
    },
  )

  test.each(Object.entries(MOVED))(
    'nothing is sent behind a walk that another process has made where there is %s',
    async (_name, change) => {
      const path = freshPath()
      expect(await sent(await held(path, true))).toEqual([true, true])
      tamper(path, change)
      const other = await openForTest(path)
      expect([await isRefused(other), await isRefused(other)]).toEqual([true, true])
    },
  )

  test('nothing is sent where the newest record, which no other covers yet, was moved before what it is about', async () => {
    const path = freshPath()
    const store = await filled(path)
    await store.append('x1', [ON, ON])
    await store.append(undefined, [WORD])
    expect([await sent(store), await store.stopRequest('x1', cursorBehind({ seq: 9 }))]).toMatchObject([
      [true, true],
      { seq: 10 },
    ])
    tamper(path, 'UPDATE register SET pos = 8 WHERE pos = 10')
    for (const asked of [store, await openForTest(path)]) expect(await isRefused(asked)).toBe(true)
  })

  test('nothing is altered behind its back by what eosflow has not made', async () => {
    let looked = 0
    for (const made of [
      "CREATE TRIGGER hide AFTER INSERT ON event BEGIN UPDATE register SET type = NULL WHERE type = 'FreezeSet'; END",
      'CREATE TRIGGER blob_kept BEFORE DELETE ON blob BEGIN SELECT 1; END',
      'ALTER TABLE register RENAME TO register_was; CREATE VIEW register AS SELECT * FROM register_was',
      "CREATE INDEX register_few ON register(type, pos) WHERE mirror IS NULL AND type IN ('FreezeSet', 'FreezeEnded') AND n < 2",
      'ALTER TABLE register RENAME TO register_was; CREATE TABLE REGISTER AS SELECT * FROM register_was',
    ]) {
      const path = freshPath()
      const store = await held(path, false)
      expect(await sent(store)).toEqual([true, true])
      tamper(path, made)
      expect([made, await isRefused(store)]).toEqual([made, true])
      expect([made, await thrownBy(() => openForTest(path))]).toMatchObject([
        made,
        {
          kind: 'store',
          message: expect.stringMatching(/: the \w+ \w+ in its file was not made by eosflow, or was altered$/),
        },
      ])
      looked += 1
    }
    expect(looked).toBe(5)
    const path = freshPath()
    await held(path, false)
    // A replication of the file keeps tables of its own in it.
    tamper(path, 'ANALYZE', 'CREATE TABLE _replicated(id INTEGER PRIMARY KEY, seq INTEGER)', 'VACUUM')
    expect(await sent(await openForTest(path))).toEqual([true, true])
  })

  test.each([
    ['a freeze', 'register_type', '(type, pos) WHERE mirror IS NULL', "type <> 'FreezeSet'"],
    ['a word to stop', 'register_receiver', '(receiver, pos) WHERE receiver IS NOT NULL', "type <> 'StopRequested'"],
    [
      'a schedule',
      'register_schedule',
      '(schedule, instant, pos) WHERE schedule IS NOT NULL',
      "type <> 'ScheduleChanged'",
    ],
  ])(
    'nothing is sent where %s is in no index, and that has the text that it had',
    async (_what, index, text, without) => {
      for (const isLong of [false, true]) {
        const path = freshPath()
        const store = await held(path, isLong)
        expect(await sent(store)).toEqual([true, true])
        const database = new Database(path)
        database.unsafeMode(true)
        const sql = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(index)
        database.exec(`DROP INDEX ${index}; CREATE INDEX ${index} ON register${text} AND ${without}`)
        database.pragma('writable_schema = ON')
        database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sql, index)
        const version = Number(database.pragma('schema_version', { simple: true }))
        database.pragma(`schema_version = ${version + 1}`)
        // A planner that is told so reads the whole register in place of an index.
        database.exec(`ANALYZE; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 VALUES
        ('register', 'register_type', '100 2 1'), ('register', NULL, '10')`)
        database.close()
        for (const asked of [store, await openForTest(path)])
          expect([isLong, await isRefused(asked)]).toEqual([isLong, true])
      }
    },
  )

  test('nothing is sent where a trigger was made, and the version of the schema set back', async () => {
    const path = freshPath()
    const store = await held(path, false)
    expect(await sent(store)).toEqual([true, true])
    const database = new Database(path)
    database.unsafeMode(true)
    const version = Number(database.pragma('schema_version', { simple: true }))
    database.exec(
      "CREATE TRIGGER hide AFTER INSERT ON blob BEGIN UPDATE register SET type = NULL WHERE type = 'FreezeSet'; END",
    )
    await store.read('x1')
    database.pragma(`schema_version = ${version}`)
    database.close()
    expect([await isRefused(store), await isRefused(store)]).toEqual([true, true])
  })

  test('is looked for up to where was walked: what another process says meanwhile was hidden by nobody', async () => {
    const path = freshPath()
    const other = await held(path, false)
    const store = await openForTest(path)
    const through: unknown[] = []
    const all = Connection.prototype.all
    const spy = vi.spyOn(Connection.prototype, 'all').mockImplementation(function (this: Connection, text, ...values) {
      if (text.includes('INDEXED BY register_type')) through.push(values.at(-1))
      return all.call(this, text, ...values)
    })
    onTestFinished(() => spy.mockRestore())
    expect(await sent(store)).toEqual([true, true])
    await other.append(undefined, [FREEZE, WORD, PAUSED])
    expect(await sent(store)).toEqual([true, true])
    expect(through).toEqual([7, 10])
  })

  test('is no longer what a note of an older version says', async () => {
    const path = freshPath()
    const store = await held(path, true)
    expect(await sent(store)).toEqual([true, true])
    const note = await store.notes.read('decisions', 'register')
    const { holding, ...older } = JSON.parse(note?.text ?? '{}') as Record<string, unknown>
    expect(holding).toHaveLength(4)
    await store.notes.set('decisions', 'register', JSON.stringify({ ...older, version: 1 }), { lasts: 60_000 })
    tamper(path, 'DELETE FROM register WHERE pos = 8')
    expect(await isRefused(await openForTest(path))).toBe(true)
  })
})

describe('bytes that are changed past SQLite while a store is open', () => {
  test.each([
    ['at once where it is a decision about the plan', 0, '"seal":"hmac:1'],
    ['within a minute where it is any record beside it', 60_000, '"reason":"no'],
  ])('are seen %s', async (_when, wait, text) => {
    const path = freshPath()
    const clock = new VirtualClock()
    await filled(path)
    const store = await openForTest(path, clock)
    expect(await verified(store)).toEqual([true, true])
    expect(flipBytes(path, text)).toBeGreaterThan(0)
    await clock.advance(wait)
    expect(await verified(store)).toEqual([false, false])
  })

  test('of an execution are seen by whoever opens the store', async () => {
    const path = freshPath()
    await (await filled(path)).close()
    expect(flipBytes(path, '"state":"plan')).toBeGreaterThan(0)
    expect(await thrownBy(async () => (await openForTest(path)).read('x1'))).toMatchObject({ kind: 'store' })
  })
})
