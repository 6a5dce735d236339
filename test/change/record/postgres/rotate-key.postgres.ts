import { expect, onTestFinished, test } from 'vitest'
import { chainReader } from '../../../../src/change/record/chains/chain-reader.ts'
import { noSegmentFiles, retiredSegments } from '../../../../src/change/record/chains/retired-segments.ts'
import { executionText, registerText, type SealedHead } from '../../../../src/change/record/chains/seal.ts'
import { Questions, Session } from '../../../../src/change/record/postgres/database.ts'
import { presentKeyOf } from '../../../../src/change/record/postgres/present-key.ts'
import { postgresRecordRows } from '../../../../src/change/record/postgres/record-rows.ts'
import { postgresRecords } from '../../../../src/change/record/postgres/records.ts'
import { rotateKey } from '../../../../src/change/record/postgres/rotate-key.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { KeyRing, storeKeys } from '../../../../src/change/record/seal/store-keys.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import type { InstallKeys } from '../../../../src/model/install-keys.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { CuttingProxy } from '../../../postgres/cutting-proxy.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { AFTER, BOTH, NEW, NEW_ID, OLD_ID } from '../place-contract.ts'
import { KEY as OLD, thrownBy } from '../sqlite/open-for-test.ts'
import { verified } from './filled-store.ts'

const servers = serverForTests()

const rotated = (address: PostgresAddress, keys: InstallKeys = BOTH) =>
  rotateKey(
    { ...address, user: 'postgres' },
    {
      ring: new KeyRing(keys),
      principal: ALICE,
      reason: 'a laptop was lost',
      now: '2026-01-05T09:00:00.000Z',
      scrub: (text) => text,
    },
  )

const entered = (state: string) => ({ type: 'StateEntered', path: '', state }) as const

/** A store under the old key, with the record of an execution that has ended and of one that is open. */
async function filled() {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address, { installKey: BOTH })
  const text = await store.put('hostname leaf1')
  await store.append('x1', [
    entered('plan'),
    { type: 'PlanMade', digest: PLAN, plan: text, waves: [['leaf1']], unchanged: [] },
  ])
  await store.append('x1', [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
  await store.append('x2', [entered('push')])
  await store.audit.checkpoint()
  await store.audit.delivered('sink siem', 3)
  return { address, store, text }
}

test('a process that has both keys goes on, and its execution is one chain over both', async () => {
  const { address, store, text } = await filled()
  expect(await rotated(address)).toEqual({ from: OLD_ID, to: NEW_ID })
  await store.append('x2', [entered('confirm')])
  expect(await store.read('x2')).toMatchObject([{ state: 'push' }, { state: 'confirm' }])
  expect(await store.get(text)).toBe('hostname leaf1')
  expect(await store.approvals(PLAN)).toMatchObject([{ verified: true }])
  expect(await store.audit.delivery('sink siem')).toMatchObject({ position: 3 })
  await store.audit.delivered('sink siem', 4)
  await store.verifyChain()
  await store.audit.checkpoint()
  expect(await verified(address, [], AFTER)).toMatchObject({ fault: undefined, keyed: true })
  expect(await verified(address, [], { key: NEW, old: [] })).toMatchObject({ fault: undefined })
  expect(await rotated(address)).toBeUndefined()
})

test('a process with the old key alone is refused by name: it writes nothing, and calls nothing altered', async () => {
  const { address } = await filled()
  const late = await openedAt(address)
  expect(await late.read('x2')).toHaveLength(1)
  await rotated(address)
  const refusal = {
    kind: 'store',
    message: expect.stringMatching(
      new RegExp(`was written under another key: under ${NEW_ID}, and the one here is ${OLD_ID}$`),
    ),
  }
  for (const act of [
    () => late.append('x9', [entered('begin')]),
    () => late.append('x2', [entered('confirm')]),
    () => late.read('x2'),
    () => late.openExecutions(),
    () => openedAt(address),
  ]) {
    const error = await thrownBy(act)
    expect(error).toMatchObject(refusal)
    expect(error).not.toBeInstanceOf(BrokenChainError)
  }
  expect(await verified(address, [], AFTER)).toMatchObject({ fault: undefined, records: 6 })
})

test('processes write all the time while the store is rotated: nothing is lost, written twice or sealed by an old key', {
  tags: 'turn',
}, async () => {
  const { address } = await filled()
  const writer = await openedAt(address, { installKey: BOTH })
  const other = await openedAt(address, { installKey: BOTH })
  let isOver = false
  onTestFinished(() => {
    isOver = true
  })
  const counts = new Map<string, number>()
  const write = async (store: typeof other, id: string) => {
    for (let at = 0; !isOver || at < 20; at += 1) {
      await store.append(id, [entered(`s${at}`)])
      await store.append(undefined, [{ type: 'StoreBackedUp', to: `${id}-${at}` }])
      counts.set(id, at + 1)
    }
  }
  const writing = ['a1', 'a2', 'a3', 'b1', 'b2'].map((id) => write(id < 'b' ? writer : other, id))
  await expect
    .poll(() => Math.min(...['a1', 'a2', 'a3', 'b1', 'b2'].map((id) => counts.get(id) ?? 0)))
    .toBeGreaterThan(5)
  expect(await rotated(address)).toEqual({ from: OLD_ID, to: NEW_ID })
  const then = new Map(counts)
  await expect
    .poll(() => ['a1', 'a2', 'a3', 'b1', 'b2'].every((id) => (counts.get(id) ?? 0) > (then.get(id) ?? 0) + 5))
    .toBe(true)
  isOver = true
  await Promise.all(writing)
  for (const [id, many] of counts) {
    const states = (await other.read(id)).map((event) => (event.type === 'StateEntered' ? event.state : ''))
    expect(states).toEqual(Array.from({ length: many }, (_, at) => `s${at}`))
  }
  const backedUp = await asSuperuser(address, `SELECT count(*)::int AS many FROM register WHERE type = 'StoreBackedUp'`)
  expect(backedUp).toEqual([{ many: [...counts.values()].reduce((sum, many) => sum + many, 0) }])
  expect(await verified(address, [], AFTER)).toMatchObject({ fault: undefined })
})

/** What a thief of the old key does who may write past every rule: a record is altered, and everything behind it sealed anew. */
async function forged(address: PostgresAddress) {
  const [row] = (await asSuperuser(
    address,
    `SELECT s.origin, x.n, encode(x.hash, 'hex') AS hash, x.is_open AS "isOpen", x.has_acted AS "hasActed", h.n AS rn, encode(h.hash, 'hex') AS rhash
      FROM store s, execution x, register_head h WHERE x.id = 'x2'`,
  )) as unknown as [SealedHead & { readonly origin: string; readonly rn: number; readonly rhash: string }]
  const { origin, rn, rhash, ...head } = row
  const thief = storeKeys(OLD)
  await asSuperuser(
    address,
    `UPDATE execution SET seal = decode('${thief.seal(executionText(origin, 'x2', head))}', 'hex') WHERE id = 'x2'`,
    `UPDATE register_head SET seal = decode('${thief.seal(registerText(origin, { n: rn, hash: rhash }))}', 'hex')`,
  )
}

test('what is sealed by the old key behind the rotation is found by whoever has the new one', {
  tags: 'turn',
}, async () => {
  const { address, store } = await filled()
  await rotated(address)
  await store.append('x2', [entered('confirm')])
  await forged(address)
  for (const keys of [AFTER, BOTH, { key: NEW, old: [] }])
    expect(await verified(address, [], keys)).toMatchObject({
      fault: { reason: 'the seal on the newest record of the register is broken' },
    })
  expect(await thrownBy(() => store.read('x2'))).toBeInstanceOf(BrokenChainError)
  const fresh = await openedAt(address, { installKey: BOTH })
  expect(await thrownBy(() => fresh.append('x2', [entered('save')]))).toBeInstanceOf(BrokenChainError)
})

/** A session of the superuser with an open transaction. */
async function transaction(address: PostgresAddress, lock: string) {
  const session = new Session({ ...address, user: 'postgres' }, { name: 'test' })
  onTestFinished(() => session.close())
  await session.open()
  await session.send('BEGIN')
  await session.send(lock)
  return session
}

/** Waits until somebody waits for a lock on the table of the executions. */
const blocked = (address: PostgresAddress) =>
  expect
    .poll(() =>
      asSuperuser(
        address,
        "SELECT count(*)::int AS many FROM pg_locks WHERE NOT granted AND relation = 'eosflow.execution'::regclass",
      ),
    )
    .toEqual([{ many: 1 }])

test('a rotation waits for the appends that are under way', { tags: 'turn' }, async () => {
  const { address } = await filled()
  const append = await transaction(address, 'LOCK TABLE eosflow.execution IN ROW EXCLUSIVE MODE')
  let isDone = false
  const rotating = rotated(address).then(() => {
    isDone = true
  })
  await blocked(address)
  expect(isDone).toBe(false)
  await append.send('COMMIT')
  await rotating
})

test('an append that began before a rotation was over is compared with the key behind it', {
  tags: 'turn',
}, async () => {
  const { address } = await filled()
  const late = await openedAt(address)
  await late.append('x8', [entered('begin')])
  const rotation = await transaction(address, 'LOCK TABLE eosflow.execution IN EXCLUSIVE MODE')
  const error = thrownBy(() => late.append('x8', [entered('next')]))
  await blocked(address)
  await rotation.send(`UPDATE eosflow.store SET key_check = '${storeKeys(NEW).check}'`)
  await rotation.send('COMMIT')
  expect(await error).toMatchObject({ message: expect.stringContaining(`under ${NEW_ID}, and the one here is`) })
  expect(await asSuperuser(address, `SELECT n FROM execution WHERE id = 'x8'`)).toEqual([{ n: 1 }])
})

test.each(
  everyNthOfLong(3, 'appends in doubt while the store is rotated', [
    ['before', 'send', 2],
    ['before', 'leave', 1],
    ['behind', 'send', 2],
    ['behind', 'leave', 2],
  ] as const),
)(
  'an append cut %s its commit, and in doubt while the store is rotated, is settled by the new key (%s)',
  { tags: 'turn' },
  async (where, ifLost, records) => {
    const { address } = await filled()
    const proxy = await CuttingProxy.to(servers.server.port)
    onTestFinished(() => proxy.close())
    const store = await openedAt({ ...address, port: proxy.port }, { installKey: BOTH })
    await store.append('x3', [entered('begin')])
    void proxy.cutAt('SELECT append_group(', where).then(() => proxy.down())
    const error = await thrownBy(() => store.append('x3', [entered('next')]))
    if (!(error instanceof OutageError) || error.doubt === undefined) throw error
    await rotated(address)
    proxy.up()
    await store.as(ALICE).append('x3', [entered('next')], undefined, { write: error.doubt, ifLost })
    expect(await store.read('x3')).toHaveLength(records)
    await store.append('x3', [entered('last')])
    expect(await verified(address, [], AFTER)).toMatchObject({ fault: undefined })
  },
)

test.each(
  everyNthOfLong(2, 'appends whose answer was lost before a rotation', [
    ['of an execution', 'x3', entered('next')],
    // Before these two the process asks what is there: made anew, each would go on from itself.
    ['that takes an execution over', 'x3', { type: 'ExecutionResumed' }],
    [
      'that intends an act',
      'x3',
      { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' },
    ],
    ['of the register', undefined, { type: 'StoreBackedUp', to: 'the-shelf' }],
  ] as const),
)(
  'an append %s that was written before the rotation, and whose answer was lost, is not written once more behind it',
  { tags: 'turn' },
  async (_, id, event) => {
    const { address } = await filled()
    const proxy = await CuttingProxy.to(servers.server.port)
    onTestFinished(() => proxy.close())
    const store = await openedAt({ ...address, port: proxy.port }, { installKey: BOTH })
    await store.append('x3', [entered('begin')])
    await store.append(undefined, [{ type: 'StoreBackedUp', to: 'the-shelf' }])
    const records = async () => {
      const [row] = await asSuperuser(
        address,
        `SELECT (SELECT n::int FROM execution WHERE id = 'x3') AS own,
          (SELECT count(*)::int FROM register WHERE type = 'StoreBackedUp') AS register`,
      )
      return [row?.own, row?.register]
    }
    const twice = id === undefined ? [1, 2] : [2, 1]
    const rotating = proxy.cutAt('SELECT append_group(', 'behind').then(async () => {
      proxy.down()
      await expect.poll(records).toEqual(twice)
      await rotated(address)
      proxy.up()
    })
    // The process tries again for four seconds before it says that the store is away.
    const writing = store.append(id, [event])
    await rotating
    expect(await writing).toMatchObject([event])
    expect(await records()).toEqual(twice)
    expect(await verified(address, [], AFTER)).toMatchObject({ fault: undefined })
  },
)

test('what was read before a rotation and is judged behind it is read once more, and not called altered', async () => {
  const { address } = await filled()
  const questions = new Questions(address, { name: 'test' })
  onTestFinished(() => questions.close())
  const ring = new KeyRing(BOTH)
  const [row] = await asSuperuser(address, 'SELECT origin FROM store')
  const origin = String(row?.origin)
  const presentKey = presentKeyOf(questions, ring, address)
  const { now } = postgresRecords({ questions, presentKey, keys: ring, origin })
  const segments = retiredSegments(now, origin, noSegmentFiles)
  const rows = postgresRecordRows(questions, systemClock)
  const reading = chainReader(rows, origin, ring, segments)
  const ask = () => rows.heads({})
  const before = await ask()
  await rotated(address)
  const reads = [before]
  const heads = await presentKey.during(async () => {
    const found = reads.shift() ?? (await ask())
    // As another reader of the same process hears of it meanwhile.
    ring.fits(storeKeys(NEW).check)
    for (const head of found) reading.requireSealed(head)
    return found
  })
  expect(reads).toEqual([])
  expect(heads).toHaveLength(2)
})
