import { describe, expect, test } from 'vitest'
import { cursorBehind } from '../../../src/journal/cursor.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import { linkHash } from '../../../src/journal/link.ts'
import type { PostgresAddress } from '../../../src/journal/postgres/address.ts'
import { Questions } from '../../../src/journal/postgres/database.ts'
import type { PostgresStore } from '../../../src/journal/postgres/postgres-store.ts'
import { draftOf, recordAt } from '../../../src/journal/record-text.ts'
import { freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { ALICE, PLAN } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { filledStore, verified } from './filled-store.ts'

const servers = serverForTests(['fsync = off'])

/** Asks a database as the user of eosflow does. */
async function asWorker(
  { ...address }: PostgresAddress,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const questions = new Questions(address, { name: 'by hand' })
  try {
    return await questions.ask(text, values)
  } finally {
    await questions.close()
  }
}

interface Head {
  readonly n: number
  readonly hash: string
  readonly seal: string
}

const AT = '2026-01-05T08:00:00.000Z'
const GARBAGE = 'ab'.repeat(32)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A row as eosflow would write it, but for the seal: everything else needs no key. */
function rowOf(event: EventBody, n: number, prev: string, execution?: string) {
  const envelope = { v: 1, at: AT, actor: ALICE.id, ...(execution === undefined ? {} : { execution }) } as const
  const body = recordAt(draftOf(envelope, event), n)
  const hash = n < 1 ? GARBAGE : hex(linkHash({ n, prev: Buffer.from(prev, 'hex'), covers: [], body }))
  return { n, covers: [], prev, hash, body }
}

/** An append that has no plain ones in it, as a worker sends it. */
const BY_HAND = `SELECT append_group((SELECT key_check FROM store), $1, ${"'{}', ".repeat(19)}'none', true, $2) AS given`

/** Appends by hand, in the name of a process that lives. */
async function sent(address: PostgresAddress, request: object): Promise<Record<string, unknown>> {
  const [{ id } = {}] = await asWorker(address, 'SELECT id FROM worker WHERE dead IS NULL LIMIT 1')
  const rows = await asWorker(address, BY_HAND, [id, JSON.stringify([request])])
  return rows[0]?.given as Record<string, unknown>
}

async function registerHead(address: PostgresAddress): Promise<Head> {
  const [head] = await asWorker(
    address,
    `SELECT n, encode(hash, 'hex') AS hash, encode(seal, 'hex') AS seal FROM register_head`,
  )
  return head as unknown as Head
}

/** How a record is forged: behind the head that stays as it is, as the new head, or before all. */
type Way = 'behind' | 'head' | 'before'

async function forgedInRegister(address: PostgresAddress, event: EventBody, way: Way): Promise<void> {
  const head = await registerHead(address)
  const base = { n: head.n, hash: head.hash }
  const row = rowOf(event, way === 'before' ? -3 : head.n + 1, head.hash)
  const after = way === 'head' ? { n: row.n, hash: row.hash, seal: GARBAGE } : head
  const given = await sent(address, { register: { base, rows: [row], head: after } })
  expect(given).toMatchObject({ is: 'done', answers: [{ is: 'written' }] })
}

interface ExecutionRow extends Head {
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
}

async function executionHead(address: PostgresAddress, execution: string): Promise<ExecutionRow> {
  const [row] = await asWorker(
    address,
    `SELECT n, encode(hash, 'hex') AS hash, encode(seal, 'hex') AS seal, token, is_open AS "isOpen", has_acted AS "hasActed"
      FROM execution WHERE id = $1`,
    [execution],
  )
  return row as unknown as ExecutionRow
}

/** Behind a head: it is a forged one for a moment, and then again the one that was sealed. */
async function forgedInExecution(
  address: PostgresAddress,
  execution: string,
  event: EventBody,
  way: 'behind' | 'head',
) {
  const sealed = await executionHead(address, execution)
  const forge = async (head: (row: Head) => Head): Promise<void> => {
    const { n, hash, token, isOpen, hasActed } = await executionHead(address, execution)
    const row = rowOf(event, n + 1, hash, execution)
    const request = {
      execution,
      base: { n, hash },
      rows: [row],
      head: { isOpen, hasActed, ...head({ ...row, seal: GARBAGE }) },
      token,
    }
    const given = await sent(address, request)
    expect(given).toMatchObject({ is: 'done', answers: [{ is: 'written' }] })
    expect(JSON.stringify(given)).not.toContain('again')
  }
  await forge(({ n, hash, seal }) => ({ n, hash, seal }))
  if (way === 'behind') await forge(() => ({ n: sealed.n, hash: sealed.hash, seal: sealed.seal }))
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
  const ways: readonly Way[] = ['behind', 'head', 'before']
  // Every question is judged by the same head: one of them shows each way.
  const cases = Object.entries(GAINS).flatMap(([gain, one], index) =>
    (index === 0 ? ways : ways.slice(0, 1)).map((way) => [gain, way, ...one] as const),
  )

  test.each(cases)('gains nothing by forging %s, %s', async (_gain, way, event, asked) => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInRegister(address, event, way)
    expect(await thrownBy(() => asked(store))).toMatchObject({ kind: 'store', name: 'BrokenChainError' })
    expect((await verified(address)).fault).toBeDefined()
  })

  test.each([
    ['what somebody watches', (store: PostgresStore) => store.tail(start)],
    ['the list of executions', (store: PostgresStore) => store.executions()],
    ['the execution itself', (store: PostgresStore) => store.read('x2')],
  ] as const)('ends no execution for %s', async (_what, asked) => {
    for (const way of ['behind', 'head'] as const) {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await forgedInExecution(address, 'x2', { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }, way)
      expect(await thrownBy(() => asked(store))).toMatchObject({ kind: 'store', name: 'BrokenChainError' })
    }
  })

  test('makes no plan known and uses no approval up', async () => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    await forgedInExecution(address, 'x2', { type: 'ApprovalUsed', plan: PLAN, nonce: 'n2' }, 'behind')
    expect(await thrownBy(() => store.approvalUses(PLAN))).toMatchObject({ name: 'BrokenChainError' })
  })

  test('has nobody who has the key vouch for a forged record of the register', async () => {
    for (const way of ['behind', 'head'] as const) {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await forgedInRegister(address, { type: 'StopRequested', stopped: 'x1', reason: 'mine' }, way)
      const before = await registerHead(address)
      // One that was open before, and one that is opened anew.
      for (const one of [store, await openedAt(address)])
        expect(
          await thrownBy(() => one.append(undefined, [{ type: 'SuspendRequested', suspended: 'x2', reason: 'why' }])),
        ).toMatchObject({ kind: 'store' })
      expect(await registerHead(address)).toEqual(before)
    }
  })

  test('has the process that drives an execution vouch for no record in it', async () => {
    for (const way of ['behind', 'head'] as const) {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await forgedInExecution(address, 'x2', { type: 'StateEntered', path: '', state: 'forged' }, way)
      expect(
        await thrownBy(() => store.append('x2', [{ type: 'StateEntered', path: '', state: 'own' }])),
      ).toMatchObject({ kind: 'store' })
      const [{ count } = {}] = await asWorker(address, `SELECT count(*) FROM event WHERE body LIKE '%"own"%'`)
      expect(count).toBe(0)
    }
  })

  test('keeps no records and no checkpoints from a receiver by saying that it has them', async () => {
    const address = await freshDatabase(servers.server)
    const store = await filledStore(address)
    for (const [receiver, position] of [
      ['sink siem', 17],
      ['anchor worm', 4],
    ] as const) {
      await asWorker(address, 'SELECT delivery_put($1, $2, $3, NULL)', [receiver, position, AT])
      expect(await thrownBy(() => store.audit.delivery(receiver))).toMatchObject({ name: 'BrokenChainError' })
    }
  })

  test('may do nothing to the tables but by the functions', async () => {
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
