import { expect, onTestFinished, test, vi } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { CuttingProxy } from '../../../postgres/cutting-proxy.ts'
import { asSuperuser, freshDatabase, openedAt, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ settings: ['fsync = off', 'max_connections = 100'] })

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const STOP: EventBody = { type: 'StopRequested', stopped: 'x1', reason: 'no' }
const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }
const SHORT = { ttl: 3_000, beat: 100 }

async function two(options = {}) {
  const address = await freshDatabase(servers.server)
  return { address, one: await openedAt(address, options), other: await openedAt(address, options) }
}

test('a living owner keeps its execution; one that is silent for its term loses it, and can write nothing more to it', async () => {
  const address = await freshDatabase(servers.server)
  // Its first sign of life is its last.
  const one = await openedAt(address, { worker: { ttl: 1_000, beat: 3_600_000 } })
  const other = await openedAt(address)
  await one.append('x1', [STARTED, STAGED])
  expect(await thrownBy(() => other.append('x1', [RESUMED]))).toMatchObject({ kind: 'busy' })
  expect(await thrownBy(() => other.append('x1', [STAGED]))).toMatchObject({ kind: 'busy' })
  await systemClock.sleep(1_500)
  await other.append('x1', [{ type: 'ExecutionResumed', abandoned: ['leaf1'] }])
  expect(await other.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 2 })
  expect(await thrownBy(() => one.append('x1', [ENDED]))).toMatchObject({ kind: 'busy' })
  expect(await thrownBy(() => one.fence('x1', 'leaf1'))).toMatchObject({ kind: 'busy' })
  expect(await other.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
  // What it had never begun it does not begin either.
  expect(await thrownBy(() => one.append('x9', [STARTED]))).toMatchObject({ kind: 'busy' })
  await other.append('x1', [ENDED])
  expect((await other.read('x1')).map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'ActIntended',
    'ExecutionResumed',
    'ExecutionEnded',
  ])
})

test('an execution that rests is taken by whoever goes on with it; its records after its end are still those of its owner', async () => {
  const { one, other } = await two()
  await one.append('x1', [STARTED, ENDED])
  await one.append('x1', [ASKED])
  await other.append('x1', [{ type: 'ExecutionRedriven' }])
  expect(await thrownBy(() => one.append('x1', [ASKED]))).toMatchObject({ kind: 'busy' })
  await other.append('x1', [ENDED])
  expect(await other.read('x1')).toHaveLength(5)
})

test('a word to an execution is behind what was written before it, and what goes on without it is refused', {
  tags: 'turn',
}, async () => {
  const { one, other } = await two()
  const [, last] = await one.append('x1', [STARTED, STAGED])
  for (let round = 0; round < 20; round += 1) {
    const newest = (await one.read('x1')).at(-1)?.seq ?? 0
    const words = other.append(undefined, [STOP])
    const acts = one.append('x1', [ASKED], [{ of: 'x1', newest, unaskedSince: cursorBehind(undefined) }])
    const [stop, act] = await Promise.allSettled([words, acts])
    expect(stop.status).toBe('fulfilled')
    if (act.status === 'rejected') expect(act.reason).toMatchObject({ kind: 'busy' })
    else expect(stop.status === 'fulfilled' && stop.value[0]?.seq).toBeGreaterThan(act.value[0]?.seq ?? 0)
  }
  expect(last?.seq).toBe(2)
})

test('a tail gives each record once and in order, however late it is committed', { tags: 'turn' }, async () => {
  const { address, one, other } = await two()
  let { cursor } = await one.tail()
  const seen: number[] = []
  const look = async () => {
    const tail = await one.tail(cursor)
    cursor = tail.cursor
    seen.push(...tail.events.map(({ seq }) => seq))
  }
  // Holds the row that every append to the register waits for, so that positions are taken long before they are committed.
  const held = asSuperuser(
    address,
    'BEGIN; SELECT 1 FROM eosflow.register_head FOR UPDATE; SELECT pg_sleep(0.8); COMMIT',
  )
  await systemClock.sleep(100)
  const writes = Array.from({ length: 60 }, async (_, index) => {
    await systemClock.sleep(index * 15)
    return index % 3 === 0
      ? other.append(undefined, [ASKED])
      : (index % 2 === 0 ? one : other).append(`x${index}`, [STARTED, ASKED])
  })
  let isDone = false
  const done = Promise.all(writes).then(() => {
    isDone = true
  })
  while (!isDone) {
    await look()
    await systemClock.sleep(5)
  }
  await Promise.all([done, held])
  await look()
  const all = (await Promise.all(writes)).flat().map(({ seq }) => seq)
  expect(seen).toEqual(all.toSorted((a, b) => a - b))
  expect(seen).toHaveLength(100)
})

test.each(['before', 'behind'] as const)(
  'an append whose connection is cut %s the commit is written once, with the time of its call',
  { tags: 'turn' },
  async (where) => {
    const address = await freshDatabase(servers.server)
    const proxy = await CuttingProxy.to(servers.server.port)
    onTestFinished(() => proxy.close())
    const clock = new VirtualClock()
    const store = await openedAt({ ...address, port: proxy.port }, { clock })
    const [begun] = await store.append('x1', [STARTED])
    const cut = proxy.cutAt('SELECT append_group(', where)
    const write = store.append('x1', [STAGED], begun?.seq)
    await cut
    await clock.advance(60_000)
    expect(await write).toMatchObject([{ type: 'ActIntended', at: '2026-01-05T08:00:00.000Z' }])
    expect(proxy.cuts).toBe(1)
    expect(await store.read('x1')).toMatchObject([
      { type: 'ExecutionStarted' },
      { type: 'ActIntended', at: '2026-01-05T08:00:00.000Z' },
    ])
    await store.append('x1', [ENDED], (await store.read('x1')).at(-1)?.seq)
    // The first checkpoint of a store is signed behind the end, not with it.
    await vi.waitFor(() => store.verifyChain(), { timeout: 10_000 })
  },
)

test.each(['before', 'behind'] as const)(
  'of appends of many executions at once, cut %s their commit, each is written once and in its chain',
  { tags: 'turn' },
  async (where) => {
    const address = await freshDatabase(servers.server)
    const proxy = await CuttingProxy.to(servers.server.port)
    onTestFinished(() => proxy.close())
    const store = await openedAt({ ...address, port: proxy.port })
    const ids = Array.from({ length: 30 }, (_, index) => `x${index}`)
    await Promise.all(ids.map((id) => store.append(id, [STARTED])))
    const cut = proxy.cutAt('SELECT append_group(', where)
    const written = Promise.all(ids.map((id) => store.append(id, [ASKED, ASKED])))
    await cut
    const places = (await written).flat().map(({ seq }) => seq)
    expect(proxy.cuts).toBe(1)
    // In the order of the calls, and of the records.
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(new Set(places).size).toBe(60)
    for (const [index, id] of ids.entries())
      expect((await store.read(id)).map(({ seq }) => seq).slice(1)).toEqual(places.slice(2 * index, 2 * index + 2))
    await store.verifyChain()
  },
)

test('of appends at once those that do not hold are refused, each for its reason, and the others are written', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  const one = await openedAt(address, { worker: { ttl: 1_000, beat: 3_600_000 } })
  const other = await openedAt(address)
  for (const id of ['x1', 'x2', 'x3', 'x4']) await one.append(id, [STARTED])
  const before = (await one.read('x3')).at(-1)?.seq
  await one.append('x3', [ASKED])
  await other.append('y1', [STARTED])
  await systemClock.sleep(1_500)
  await other.append('x2', [{ type: 'ExecutionResumed' }])
  // Its owner has died of that.
  const late = await Promise.allSettled([one.append('x1', [ASKED]), one.append('x2', [ASKED])])
  expect(late.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const [own, mine, lost, behind] = await Promise.allSettled([
    other.append('y1', [ASKED]),
    other.append('x2', [ASKED]),
    other.append('x1', [ASKED]),
    other.append('y1', [ASKED], before),
  ])
  expect([own.status, mine.status]).toEqual(['fulfilled', 'fulfilled'])
  expect(lost).toMatchObject({ reason: { kind: 'busy', message: 'execution x1 was continued by another process' } })
  expect(behind).toMatchObject({ reason: { kind: 'busy' } })
  expect(await other.read('x1')).toHaveLength(1)
  expect(await other.read('y1')).toHaveLength(2)
  await other.verifyChain()
})

test('a server that falls silent is an outage, and what it was doing is settled', { tags: 'turn' }, async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const store = await openedAt({ ...address, port: proxy.port })
  await store.append('x1', [STARTED])
  const cut = proxy.cutAt('SELECT append_group(', 'silence')
  const error = await thrownBy(() => store.append('x1', [STAGED]))
  await cut
  if (!(error instanceof OutageError) || error.doubt === undefined) throw error
  const again = { write: error.doubt, ifLost: 'send' } as const
  expect(await store.as(ALICE).append('x1', [STAGED], undefined, again)).toHaveLength(1)
  expect(await store.read('x1')).toHaveLength(2)
})

test('a record of no execution is settled the same way', { tags: 'turn' }, async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const store = await openedAt({ ...address, port: proxy.port })
  await store.append(undefined, [ASKED])
  for (const where of ['before', 'behind'] as const) {
    const cut = proxy.cutAt('StopRequested', where)
    const write = store.append(undefined, [STOP])
    await cut
    expect(await write).toHaveLength(1)
  }
  const { events } = await store.tail(cursorBehind(undefined))
  expect(events.map(({ type }) => type)).toEqual(['SecretResolved', 'StopRequested', 'StopRequested'])
})

test('a store that is away is an outage: the write is settled when it is back, sent or left, as whoever asks wants it', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const store = await openedAt({ ...address, port: proxy.port })
  await store.append('x1', [STARTED])
  const lost = async (event: EventBody, cut: 'before' | 'behind') => {
    void proxy.cutAt('SELECT append_group(', cut).then(() => proxy.down())
    // What is cut behind its commit is heard of by nobody.
    const error = await thrownBy(() => store.append('x1', [event]))
    proxy.up()
    if (!(error instanceof OutageError) || error.doubt === undefined) throw error
    return error.doubt
  }
  const journal = store.as(ALICE)
  const sent = await lost(STAGED, 'before')
  expect(await journal.append('x1', [STAGED], undefined, { write: sent, ifLost: 'send' })).toHaveLength(1)
  const left = await lost(ASKED, 'before')
  expect(await journal.append('x1', [ASKED], undefined, { write: left, ifLost: 'leave' })).toEqual([])
  expect((await store.read('x1')).map(({ type }) => type)).toEqual(['ExecutionStarted', 'ActIntended'])
  proxy.down()
  expect(await thrownBy(() => store.read('x1'))).toBeInstanceOf(OutageError)
  expect(await thrownBy(() => store.fence('x1', 'leaf1'))).toBeInstanceOf(OutageError)
  proxy.up()
  expect(await store.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
})

test('nobody dies of an outage of the server', { tags: 'turn' }, async () => {
  const { one, other } = await two({ worker: SHORT })
  await one.append('x1', [STARTED])
  await servers.server.stop('immediate')
  await systemClock.sleep(4_000)
  await servers.server.start()
  expect(await thrownBy(() => other.append('x1', [RESUMED]))).toMatchObject({ kind: 'busy' })
  await one.append('x1', [ASKED])
  expect(await one.read('x1')).toHaveLength(2)
})
