import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import type { SqliteStore } from '../../../../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import { fill } from '../fill-store.ts'
import { PLAN } from '../one-of-each-event.ts'
import { freshPath, openForTest } from './open-for-test.ts'

/** The tables that grow with the record. */
const GROWING = /\b(event|register|execution|x|e|r|t)\b/
const NOTHING_BEHIND = cursorBehind(undefined)

/** What each statement was asked, and with which values. */
function watched() {
  const asked: { text: string; values: readonly unknown[] }[] = []
  const restore = (['all', 'one'] as const).map((name) => {
    const original = Connection.prototype[name]
    const spy = vi.spyOn(Connection.prototype, name).mockImplementation(function (this: Connection, text, ...values) {
      asked.push({ text, values })
      return original.call(this, text, ...values)
    })
    return () => spy.mockRestore()
  })
  onTestFinished(() => {
    for (const one of restore) one()
  })
  return asked
}

/** Walks that give every row that they look at, and those over the newest executions, which stop at their limit. */
const ALLOWED: readonly string[] = [
  'SCAN execution USING COVERING INDEX execution_open',
  'SCAN x USING INDEX execution_open',
  'SCAN execution',
  'SCAN x',
]

type Asked = SqliteStore & Journal

const QUESTIONS: Readonly<Record<string, (store: Asked) => Promise<unknown>>> = {
  'the records of an execution': (store) => store.read('x1'),
  'the open executions': (store) => store.openExecutions(),
  'a page of executions': (store) => store.executions({ limit: 1, before: 'x2' }),
  'a page of open executions': (store) => store.executions({ open: true, limit: 1 }),
  'an execution by a prefix of its id': (store) => store.resolveExecution('x'),
  'the newest execution': (store) => store.resolveExecution('@latest'),
  'the run of a key': (store) => store.requested('k1'),
  'whether a plan is known': (store) => store.knowsPlan(PLAN),
  'where a plan was made': (store) => store.planMade(PLAN),
  'the uses of approvals': (store) => store.approvalUses(PLAN),
  'the runs of a plan': (store) => store.planRuns(PLAN),
  snapshots: (store) => store.snapshots(),
  bundles: (store) => store.bundles(3),
  logins: (store) => store.newestOf('LoggedIn', 3),
  'the last restoration': (store) => store.restored(),
  'the policy that was seen last': (store) => store.policySeen(),
  freezes: (store) => store.freezes('2026-01-05T08:00:00.000Z'),
  schedules: (store) => store.schedules(),
  'the answers to tokens': (store) => store.signals(['t1', 't2'], NOTHING_BEHIND),
  'a word to stop': (store) => store.stopRequest('x2', NOTHING_BEHIND),
  'a word to rest': (store) => store.suspendRequest('x2', NOTHING_BEHIND),
  'what is missing': (store) => store.missed(),
  'what is behind a cursor': (store) => store.tail(NOTHING_BEHIND),
  'where the record ends': (store) => store.head(),
  'records that leave the store': (store) => store.audit.records(3, 5),
  'the newest checkpoint': (store) => store.audit.newestCheckpoint(),
  'the lease of a switch': (store) => store.leaseOf('leaf1'),
  'an append to an execution': (store) => store.append('x2', [{ type: 'ExecutionResumed' }], 15),
  'an append that begins an execution': (store) => store.append('x7', [{ type: 'ExecutionRedriven' }], 0),
  'an append to nobody': (store) => store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: '' }]),
}

test.each(Object.entries(QUESTIONS))(
  '[N1] %s: found by an index, however many other records there are',
  async (_what, ask) => {
    const path = freshPath()
    const store = await openForTest(path)
    await fill(store, () => store.audit.close())
    const asked = watched()
    await ask(store)
    const database = new Database(path, { readonly: true })
    onTestFinished(() => {
      database.close()
    })
    expect(asked.length).toBeGreaterThan(0)
    const steps = asked
      .filter(({ text }) => /^\s*(SELECT|WITH)/.test(text))
      .flatMap(({ text, values }) =>
        database
          .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
          .all(...values)
          .map(({ detail }) => detail),
      )
    const looked = steps.filter((step) => step.startsWith('SCAN ') && GROWING.test(step.split(' ')[1] ?? ''))
    expect(looked.filter((step) => !ALLOWED.includes(step))).toEqual([])
  },
)

test('[N4] an opening asks for no more of a long record than of a short one', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  const asked = watched()
  const countOf = async () => {
    asked.length = 0
    await (await openForTest(path)).close()
    const database = new Database(path, { readonly: true })
    const rows = asked
      .filter(({ text }) => /^\s*(SELECT|WITH)/.test(text))
      .map(({ text, values }) => database.prepare(text).all(...values).length)
    database.close()
    return rows.reduce((sum, count) => sum + count, 0)
  }
  const short = await countOf()
  const entered = { type: 'StateEntered', path: '', state: 'on' } as const
  for (let n = 0; n < 50; n += 1) await store.append(`y${n}`, [entered, entered, entered])
  expect(short).toBeGreaterThan(0)
  expect(await countOf()).toBe(short)
})

test('whether the runs of a plan have ended is found without a look at their other records', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  const asked = watched()
  await store.planRuns(PLAN)
  const database = new Database(path, { readonly: true })
  onTestFinished(() => {
    database.close()
  })
  const plans = asked
    .filter(({ text }) => text.includes('ExecutionRedriven'))
    .map(
      ({ text, values }) =>
        database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...values)[0],
    )
  expect(plans).toMatchObject([{ detail: 'SEARCH e USING INDEX event_turn (execution=?)' }])
})
