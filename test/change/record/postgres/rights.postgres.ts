import { describe, expect, test } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { Questions } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresStore } from '../../../../src/change/record/postgres/postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, PLAN } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { AT, asWorker, executionHead, GARBAGE, registerHead, rowOf, sent } from './by-hand.ts'
import { filledStore, verified } from './filled-store.ts'

const servers = serverForTests()

/** A record is forged as the new head: behind the one that stays, and before all, none is taken (forged-calls.postgres.ts). */
async function forgedInRegister(address: PostgresAddress, event: EventBody) {
  const { n, hash } = await registerHead(address)
  const row = rowOf(event, n + 1, hash)
  const head = { n: row.n, hash: row.hash, seal: GARBAGE }
  const given = await sent(address, { register: { base: { n, hash }, rows: [row], head } })
  expect(given).toMatchObject({ is: 'done', answers: [{ is: 'written' }] })
}

async function forgedInExecution(address: PostgresAddress, execution: string, event: EventBody) {
  const { n, hash, token, isOpen, hasActed } = await executionHead(address, execution)
  const row = rowOf(event, n + 1, hash, execution)
  const head = { n: row.n, hash: row.hash, seal: GARBAGE, isOpen, hasActed }
  const given = await sent(address, { execution, base: { n, hash }, rows: [row], head, token })
  expect(given).toMatchObject({ is: 'done', answers: [{ is: 'written' }] })
}

const start = cursorBehind({ seq: 0 })
const MANIFEST = 'blob:00'

/** What somebody would gain by a record that nobody with the key has written, and the question that would give it to them. */
const GAINS: Readonly<Record<string, readonly [event: EventBody, asked: (store: PostgresStore) => Promise<unknown>]>> =
  {
    'another bundle in force': [
      { type: 'BundlePublished', bundle: PLAN, manifest: MANIFEST, files: 1, version: '1.0.0', principal: ALICE },
      (store) => store.bundles(1),
    ],
    'no policy any more': [
      { type: 'PolicyRetired', principal: ALICE, file: 'policy.yaml', policy: PLAN, reason: 'mine', rules: [] },
      (store) => store.policySeen(),
    ],
    'a freeze that ends': [
      { type: 'FreezeEnded', principal: ALICE, freeze: 1, reason: 'mine' },
      (store) => store.freezes(AT),
    ],
    'the answer to a task': [
      { type: 'SignalSent', token: 'sha256:02', answer: { signal: 'success', output: {} } },
      (store) => store.signals(['sha256:02'], start),
    ],
    'a change that stops': [
      { type: 'StopRequested', stopped: 'x2', reason: 'mine' },
      (store) => store.stopRequest('x2', start),
    ],
    'a change that rests': [
      { type: 'SuspendRequested', suspended: 'x2', reason: 'mine' },
      (store) => store.suspendRequest('x2', start),
    ],
    'a restored store': [
      { type: 'StoreRestored', principal: ALICE, reason: 'mine', records: 1, open: [] },
      (store) => store.restored(),
    ],
    'a schedule that has run': [
      { type: 'ScheduleFired', schedule: 'night', instant: AT, does: 'check' },
      (store) => store.schedules(),
    ],
    'what somebody watches': [{ type: 'StopRequested', stopped: 'x2', reason: 'mine' }, (store) => store.tail(start)],
  }

/** What the role has no right to. */
const FORBIDDEN = [
  "INSERT INTO used VALUES ('approval mine 1', 'x2')",
  'DELETE FROM used',
  'UPDATE lease SET quarantine = NULL',
  "UPDATE execution SET worker = 'mine'",
  "UPDATE register_head SET seal = sha256('x')",
  'TRUNCATE blob',
  'DROP TRIGGER event_stands ON event',
  'DROP FUNCTION fence(text, text, text)',
  'CREATE TABLE eosflow.mine()',
  'CREATE FUNCTION eosflow.is_living(text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
  "SELECT setval('position', 1)",
  "SELECT nextval('position')",
  'ALTER TABLE lease DISABLE TRIGGER ALL',
  'SET session_replication_role = replica',
  'SET ROLE eos_owner',
  'SELECT pg_terminate_backend(pg_backend_pid()) FROM pg_authid',
  'COPY event TO PROGRAM $$cat$$',
  'GRANT eos_owner TO CURRENT_USER',
  'CREATE EXTENSION plpython3u',
]

describe('somebody who may call the functions, and has no key', () => {
  test.each(everyNthOfLong(6, 'forged calls', Object.entries(GAINS)))(
    'gains nothing by forging %s',
    async (_gain, [event, asked]) => {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await forgedInRegister(address, event)
      expect(await thrownBy(() => asked(store))).toMatchObject({ kind: 'store', name: 'BrokenChainError' })
      expect((await verified(address)).fault).toBeDefined()
    },
  )

  test.each([
    ['what somebody watches', (store: PostgresStore) => store.tail(start)],
    ['the list of executions', (store: PostgresStore) => store.executions()],
    ['the execution itself', (store: PostgresStore) => store.read('x2')],
  ] as const)('ends no execution for %s', async (_what, asked) => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInExecution(address, 'x2', { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} })
    expect(await thrownBy(() => asked(store))).toMatchObject({ kind: 'store', name: 'BrokenChainError' })
  })

  test('makes no plan known and uses no approval up', async () => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInExecution(address, 'x2', { type: 'ApprovalUsed', plan: PLAN, nonce: 'n2' })
    expect(await thrownBy(() => store.approvalUses(PLAN))).toMatchObject({ name: 'BrokenChainError' })
  })

  test('has nobody who has the key vouch for a forged record of the register', async () => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInRegister(address, { type: 'StopRequested', stopped: 'x1', reason: 'mine' })
    const before = await registerHead(address)
    // One that was open before, and one that is opened anew.
    for (const one of [store, await openedAt(address)])
      expect(
        await thrownBy(() => one.append(undefined, [{ type: 'SuspendRequested', suspended: 'x2', reason: 'why' }])),
      ).toMatchObject({ kind: 'store' })
    expect(await registerHead(address)).toEqual(before)
  })

  test('has the process that drives an execution vouch for no record in it', async () => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInExecution(address, 'x2', { type: 'StateEntered', path: '', state: 'forged' })
    expect(await thrownBy(() => store.append('x2', [{ type: 'StateEntered', path: '', state: 'own' }]))).toMatchObject({
      kind: 'store',
    })
    const [{ count } = {}] = await asWorker(address, `SELECT count(*) FROM event WHERE body LIKE '%"own"%'`)
    expect(count).toBe(0)
  })

  test('keeps no records and no checkpoints from a receiver by saying that it has them', {
    tags: 'turn',
  }, async () => {
    const address = await freshDatabase(servers.server)
    await filledStore(address)
    for (const [receiver, position] of [
      ['sink siem', 17],
      ['anchor worm', 4],
    ] as const)
      expect(
        await thrownBy(() =>
          asWorker(address, "SELECT delivery_put($1, $2, $3, NULL, '', '')", [receiver, position, AT]),
        ),
      ).toMatchObject({ message: expect.stringContaining(`${receiver} cannot have ${position}`) })
  })

  test('may do nothing to the tables but by the functions', { tags: 'turn' }, async () => {
    const address = await freshDatabase(servers.server)
    await filledStore(address)
    for (const statement of FORBIDDEN)
      expect(await thrownBy(() => asWorker(address, statement)), statement).toMatchObject({ kind: 'store' })
    expect((await verified(address)).fault).toBeUndefined()
  })

  test('changes nothing of what functions work on by tables and functions of its own', async () => {
    const address = await freshDatabase(servers.server)
    await filledStore(address)
    const questions = new Questions(address, { name: 'by hand' })
    const own = [
      'CREATE TEMP TABLE worker(id text, dead timestamptz)',
      "INSERT INTO pg_temp.worker VALUES ('mine', NULL)",
      'CREATE TEMP TABLE lease(device text, execution text, token bigint, until text, quarantine text)',
      "CREATE FUNCTION pg_temp.is_replicated() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
      'SET search_path = pg_temp, eosflow',
      "SELECT fence('x2', 'mine', 'leaf2') AS fence",
    ]
    let found: readonly Record<string, unknown>[] = []
    for (const statement of own) found = await questions.ask(statement)
    expect(found[0]?.fence).toMatchObject({ isAlive: false, lease: { device: 'leaf2', execution: 'x2' } })
    await questions.close()
  })
})
