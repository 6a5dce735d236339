import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import type { PostgresStoreOptions } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../../../../src/change/record/postgres/postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import { openSeenRecords } from '../../../../src/project/system/machine/seen-records.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { startCluster } from '../../../postgres/cluster.ts'
import { freshDatabase, openedAt, ownServerForTests, promote } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ABORTED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'abort', session: 'eosflow-1' }
const LOGGED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }
const RESTORED: EventBody = { type: 'StoreRestored', principal: ALICE, reason: 'the disk', records: 1, open: [] }

const servers = ownServerForTests()
const newFolder = (name: string) => mkdtempSync(join(servers.server.folder, name))

let folder: string
beforeEach(() => {
  folder = newFolder('machine-')
})

/** A store as a process of a machine has it open: what the machine remembers is in the folder. */
function opened(address: PostgresAddress, machine = folder, options: Partial<PostgresStoreOptions> = {}) {
  return openedAt(address, {
    memory: (origin, process) => openSeenRecords(machine, origin, process),
    ...options,
  })
}

const missingOf = ({ missing }: PostgresStore) => missing.map(({ chain, n }) => `${chain} ${n}`)

/** What a machine says of its memory to the others. */
const recordedBy = async (store: PostgresStore & Journal) => {
  const records = store.missing.map(({ chain, n, hash }) => ({ chain, n, hash }))
  const through = Math.max(...store.missing.map(({ pos }) => pos))
  await store.append(undefined, [{ type: 'RecordsMissed', records, through }])
}

async function refusedAs(kind: 'guard' | 'store', store: Journal, execution: string, event: EventBody) {
  expect(await thrownBy(() => store.append(execution, [event]))).toMatchObject({ kind })
}

describe('a database that was put back to an earlier time', () => {
  test('is found by a process that only waits, within a few signs of life; once another one accepts it, it goes on', async () => {
    const address = await freshDatabase(servers.server)
    let told = 0
    const waiting = await opened(address, folder, { missed: () => (told += 1), worker: { beat: 200 } })
    await waiting.append(undefined, [LOGGED])
    const restore = await servers.server.backUp()
    await waiting.append('x1', [STARTED, { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }])
    await restore()
    for (let tries = 0; told === 0 && tries < 50; tries += 1) await systemClock.sleep(100)
    expect(missingOf(waiting)).toEqual(['register 3'])
    await refusedAs('guard', waiting, 'x2', STARTED)
    const other = await opened(address, newFolder('other-'))
    await other.append(undefined, [RESTORED])
    expect(await waiting.append('x2', [STARTED])).toHaveLength(1)
    expect(waiting.missing).toEqual([])
  })

  test('is found by the process that wrote, as soon as it is connected again: what leads on is refused, what puts back is not', async () => {
    const address = await freshDatabase(servers.server)
    const store = await opened(address)
    await store.append('x1', [STARTED, STAGED])
    await store.append('x2', [STARTED])
    const restore = await servers.server.backUp()
    await store.append('x2', [{ ...STAGED, device: 'leaf2' } as EventBody])
    await store.append('x3', [STARTED])
    await restore()

    expect(await thrownBy(() => store.append('x1', [STAGED]))).toMatchObject({
      kind: 'guard',
      message: expect.stringMatching(
        /^the store lacks records that were acknowledged: .*record 2 of execution x2, which has 1/,
      ),
    })
    expect(missingOf(store).toSorted()).toEqual(['register 3', 'x2 2', 'x3 1'])
    // Its own records are gone: whatever is written behind them would be a lie.
    await refusedAs('store', store, 'x2', ABORTED)
    await refusedAs('guard', store, 'x4', STARTED)
    expect(await store.append('x1', [ABORTED])).toHaveLength(1)
    expect(await store.append(undefined, [LOGGED])).toHaveLength(1)
  })

  test('sends nothing to a switch for an execution whose records are gone', { tags: 'turn' }, async () => {
    const address = await freshDatabase(servers.server)
    const store = await opened(address)
    await store.append('x1', [STARTED])
    const restore = await servers.server.backUp()
    await store.append('x1', [STAGED])
    expect(await store.fence('x1', 'leaf1')).toBeDefined()
    await restore()
    const refused = await thrownBy(async () => {
      for (let tries = 0; tries < 20; tries += 1) {
        try {
          return await store.fence('x1', 'leaf1')
        } catch (error) {
          if (!(error as { retryable?: boolean }).retryable) throw error
        }
      }
    })
    expect(refused).toMatchObject({ kind: 'store', message: expect.stringContaining('lacks records') })
  })

  test('is found by the next process of the machine, also where the one that wrote was killed', {
    tags: 'turn',
  }, async () => {
    const address = await freshDatabase(servers.server)
    const store = await opened(address)
    await store.append(undefined, [LOGGED])
    const restore = await servers.server.backUp()
    await store.append('x1', [STARTED])
    // It says nothing more: its file is as a killed process leaves it.
    expect(readdirSync(join(folder, 'seen')).map((file) => file.replace(/^.*\./, ''))).toEqual(['open'])
    await restore()
    const next = await opened(address)
    expect(missingOf(next).toSorted()).toEqual(['register 2', 'x1 1'])
    await refusedAs('guard', next, 'x9', STARTED)
  })

  test('is refused to a machine that remembers nothing, once another one has said what it misses', {
    tags: 'turn',
  }, async () => {
    const address = await freshDatabase(servers.server)
    const knows = await opened(address)
    await knows.append(undefined, [LOGGED])
    const restore = await servers.server.backUp()
    await knows.append('x1', [STARTED])
    await restore()
    const other = newFolder('other-')
    const knowsNothing = await opened(address, other)
    expect(knowsNothing.missing).toEqual([])
    await knowsNothing.append('x5', [STARTED])
    const finder = await opened(address)
    await recordedBy(finder)
    expect(await thrownBy(() => knowsNothing.append('x5', [STAGED]))).toMatchObject({
      kind: 'guard',
      message: 'the store lacks records that were acknowledged',
    })
    expect(await knowsNothing.append('x5', [ABORTED])).toHaveLength(1)
    await refusedAs('guard', knowsNothing, 'x6', STARTED)
    await refusedAs('guard', knowsNothing, 'x5', { type: 'ExecutionResumed' })
  })

  test('is a store again once that is accepted: on every machine, and no sooner; and what is lost then is found anew', {
    tags: 'turn',
  }, async () => {
    const address = await freshDatabase(servers.server)
    const away = newFolder('away-')
    const [here, there] = [await opened(address), await opened(address, away)]
    await here.append('x1', [STARTED, STAGED])
    const restore = await servers.server.backUp()
    await here.append('x2', [STARTED])
    await there.append('x3', [STARTED])
    await restore()
    const first = await opened(address)
    await recordedBy(first)
    await first.append(undefined, [RESTORED])
    expect(await first.append('x4', [STARTED])).toHaveLength(1)
    expect(first.missing).toEqual([])
    const before = (await first.leaseOf('leaf1'))?.token ?? 0
    expect(before).toBeGreaterThan(1_000_000_000)
    // The other machine was away: what it remembers is from before.
    const second = await opened(address, away)
    expect(second.missing).toEqual([])
    expect(await second.append('x5', [STARTED])).toHaveLength(1)
    // Put back once more, to before the acceptance.
    await restore()
    const third = await opened(address)
    expect(missingOf(third)).toContain('x4 1')
    const fourth = await opened(address, away)
    expect(missingOf(fourth)).toContain('x5 1')
  })
})

test('a standby that took over without the newest records is found by whoever has written them', {
  tags: 'turn',
}, async () => {
  const standby = await startCluster({ standbyOf: { primary: servers.server, name: 'late' } })
  onTestFinished(() => standby.end())
  const address = await freshDatabase(servers.server)
  const store = await opened(address)
  await store.append('x1', [STARTED])
  await systemClock.sleep(500)
  // What has not arrived there is lost with the server that has it.
  await standby.stop('fast')
  await store.append('x1', [STAGED])
  const moved = { ...address, port: standby.port }
  await servers.server.stop('immediate')
  onTestFinished(() => servers.server.start())
  await standby.start()
  await promote(moved)
  const next = await opened(moved)
  expect(missingOf(next)).toEqual(['x1 2'])
})

test('a server that crashes has lost nothing, and nobody says so', { tags: 'turn' }, async () => {
  const address = await freshDatabase(servers.server)
  const store = await opened(address)
  let written = 0
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let round = 0; round < 40; round += 1) {
      await store.append(`w${writer}-${round}`, [STARTED])
      await store.append(`w${writer}-${round}`, [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }])
      written += 1
    }
  })
  const settled = Promise.allSettled(writers)
  await systemClock.sleep(400)
  await servers.server.stop('immediate')
  await servers.server.start()
  await settled
  expect(written).toBeGreaterThan(20)
  const next = await opened(address)
  expect(next.missing).toEqual([])
  expect(await next.append('x1', [STARTED])).toHaveLength(1)
})
