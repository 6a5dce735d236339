import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { atTurnEnd, type CommitTurn, groupCommit } from '../../../../src/change/record/sqlite/group-commit.ts'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { partOf } from '../../../lab/part-of.ts'
import { PLAN } from '../one-of-each-event.ts'
import { asAlice, freshPath, KEY, openForTest, tamper, thrownBy } from './open-for-test.ts'

const RESUMED = { type: 'ExecutionResumed' } as const
const of = (device: string): EventBody => ({ type: 'UndoStarted', device })
const use = (nonce: string): EventBody => ({ type: 'ApprovalUsed', nonce, plan: PLAN })
const unreadable = partOf<EventBody>({ type: 'WaitStarted', path: '', state: 'a' })

/** What each call came to: the places of its records, or the kind of its refusal. */
async function ends(
  calls: readonly Promise<readonly JournalEvent[]>[],
): Promise<readonly (readonly number[] | string)[]> {
  const settled = await Promise.allSettled(calls)
  return settled.map((end) => (end.status === 'fulfilled' ? end.value.map(({ seq }) => seq) : String(end.reason.kind)))
}

/** How many transactions the write-ahead log of a store holds: a frame that ends one says how long the file is (sqlite.org/fileformat2.html, 4.1). */
function transactionsIn(path: string): number {
  const log = readFileSync(`${path}-wal`)
  const [page, salts] = [log.readUInt32BE(8), log.subarray(16, 24)]
  let count = 0
  for (let at = 32; at + 24 + page <= log.length; at += 24 + page) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break
    if (log.readUInt32BE(at + 4) > 0) count += 1
  }
  return count
}

async function storeWith(path: string, moment: CommitTurn, clock = new VirtualClock()): Promise<Store & Journal> {
  const store = asAlice(await openStore({ path, installKey: KEY, clock, moment }))
  onTestFinished(() => store.close())
  return store
}

describe('appends that come together', () => {
  test('are one transaction, in the order of the calls, whichever execution they are of', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const before = transactionsIn(path)
    const calls = Array.from({ length: 100 }, (_, n) => store.append(`x${n % 7}`, [of(`leaf${n}`)]))
    expect(await ends(calls)).toEqual(Array.from({ length: 100 }, (_, n) => [n + 1]))
    expect(transactionsIn(path) - before).toBe(1)
    expect((await store.read('x3')).map(({ seq }) => seq)).toEqual([
      4, 11, 18, 25, 32, 39, 46, 53, 60, 67, 74, 81, 88, 95,
    ])
    expect((await store.verifyChain()).seq).toBe(100)
  })

  test('are one transaction where branches go on from promise to promise', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const before = transactionsIn(path)
    const branch = async (name: string, hops: number): Promise<void> => {
      for (let round = 0; round < 5; round += 1) {
        for (let hop = 0; hop < hops; hop += 1) await null
        await store.append('x1', [of(name)])
      }
    }
    await Promise.all(Array.from({ length: 10 }, (_, n) => branch(`leaf${n}`, n * 3)))
    expect(transactionsIn(path) - before).toBe(5)
    expect(await store.read('x1')).toHaveLength(50)
  })

  test('are refused alone: a stale one, a used approval and one that cannot be read back, among twenty', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x0', [use('n0')])
    const before = transactionsIn(path)
    const calls = Array.from({ length: 20 }, (_, n) => {
      if (n === 4) return store.append('x0', [RESUMED, RESUMED], 0)
      if (n === 9) return store.append('x9', [of('leaf9'), use('n0'), RESUMED])
      if (n === 14) return store.append('x14', [of('leaf14'), unreadable])
      return store.append(`x${n}`, [of(`leaf${n}`)], n === 0 ? 1 : 0)
    })
    const expected = [[2], [3], [4], [5], 'busy', [6], [7], [8], [9], 'not-approved', [10], [11], [12], [13], 'bug']
    expect(await ends(calls)).toEqual([...expected, [14], [15], [16], [17], [18]])
    expect(transactionsIn(path) - before).toBe(1)
    expect(await store.read('x9')).toEqual([])
    expect(await store.read('x14')).toEqual([])
    expect((await store.read('x0')).map(({ type }) => type)).toEqual(['ApprovalUsed', 'UndoStarted'])
    expect((await (await openForTest(path)).verifyChain()).seq).toBe(18)
  })

  test('use an approval once, also within one group and within one call', async () => {
    const store = await openForTest(':memory:')
    const calls = [
      store.append('x1', [RESUMED, use('n1')]),
      store.append('x2', [RESUMED, use('n1')]),
      store.append('x3', [use('n2'), use('n2')]),
      store.append('x4', [use('n2')]),
    ]
    expect(await ends(calls)).toEqual([[1, 2], 'not-approved', 'not-approved', [3]])
    expect(await store.approvalUses(PLAN)).toEqual([
      { nonce: 'n1', execution: 'x1' },
      { nonce: 'n2', execution: 'x4' },
    ])
    expect((await store.verifyChain()).seq).toBe(3)
  })

  test('of one execution follow each other, and see who did not', async () => {
    const store = await openForTest(':memory:')
    const calls = [
      store.append('x1', [RESUMED], 0),
      store.append('x2', [RESUMED], 0),
      store.append('x1', [of('leaf1'), of('leaf2')], 1),
      store.append('x1', [of('stale')], 1),
      store.append('x2', [of('leaf1')], 2),
      store.append('x1', [of('leaf3')], 4),
      store.append('x1', [of('unfenced')]),
      store.append('x1', [of('stale again')], 6),
      store.append('x1', [of('leaf4')], 7),
      store.append('x3', [of('never begun')], 1),
    ]
    expect(await ends(calls)).toEqual([[1], [2], [3, 4], 'busy', [5], [6], [7], 'busy', [8], 'busy'])
  })

  test('are refused alone where their execution does not end as it was sealed', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED, RESUMED])
    tamper(path, 'DELETE FROM event WHERE pos = 2')
    expect(await ends([store.append('x1', [RESUMED]), store.append('x2', [RESUMED])])).toEqual(['store', [3]])
  })

  test('are not lost where the store is closed upon them', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const calls = [store.append('x1', [RESUMED]), store.append('x2', [RESUMED])]
    await store.close()
    expect(await ends(calls)).toEqual([[1], [2]])
    expect((await (await openForTest(path)).verifyChain()).seq).toBe(2)
  })
})

describe('the moment of writing', () => {
  test('comes before a virtual clock moves on', async () => {
    const clock = new VirtualClock()
    const store = await openForTest(':memory:', clock)
    const branch = async (start: number): Promise<void> => {
      await clock.sleep(start)
      for (let n = 0; n < 3; n += 1) await store.append(`x${start}`, [RESUMED])
    }
    const branches = [branch(10), branch(20)]
    await clock.advance(1_000)
    await Promise.all(branches)
    expect((await store.read('x10')).map(({ at }) => at.slice(-5))).toEqual(['.010Z', '.010Z', '.010Z'])
    expect((await store.read('x20')).map(({ at }) => at.slice(-5))).toEqual(['.020Z', '.020Z', '.020Z'])
  })

  test('is not the time on record, which is that of the call', async () => {
    const clock = new VirtualClock()
    let write = (): void => undefined
    const store = await storeWith(
      ':memory:',
      (later) => {
        write = later
      },
      clock,
    )
    const first = store.append('x1', [RESUMED])
    await clock.advance(250)
    const second = store.append('x1', [RESUMED])
    await clock.advance(250)
    write()
    expect([...(await first), ...(await second)].map(({ at }) => at)).toEqual([
      '2026-01-05T08:00:00.000Z',
      '2026-01-05T08:00:00.250Z',
    ])
    expect((await store.head()).latest).toBe('2026-01-05T08:00:00.250Z')
  })

  test('at the end of a turn gathers what separate callbacks append', async () => {
    const transactions = async (moment: CommitTurn | undefined): Promise<number> => {
      const path = freshPath()
      const store = moment === undefined ? await openForTest(path) : await storeWith(path, moment)
      const before = transactionsIn(path)
      const callback = (n: number): Promise<readonly JournalEvent[]> =>
        new Promise((resolve) => setImmediate(() => resolve(store.append('x1', [of(`leaf${n}`)]))))
      expect(await ends([1, 2, 3, 4, 5].map(callback))).toEqual([[1], [2], [3], [4], [5]])
      return transactionsIn(path) - before
    }
    expect(await transactions(atTurnEnd)).toBe(1)
    expect(await transactions(undefined)).toBe(5)
  })
})

describe('GroupCommit', () => {
  const later: (() => void)[] = []
  const commit = (group: readonly number[]): PromiseSettledResult<string>[] =>
    group.map((n) =>
      n < 0 ? { status: 'rejected', reason: n } : { status: 'fulfilled', value: `${n} of ${group.length}` },
    )

  test('asks for one moment per group, and begins another group behind it', async () => {
    const groups = groupCommit(commit, (write) => later.push(write))
    const first = [groups.add(1), groups.add(-2), groups.add(3)]
    expect(later).toHaveLength(1)
    later.pop()?.()
    expect(await Promise.allSettled(first)).toEqual([
      { status: 'fulfilled', value: '1 of 3' },
      { status: 'rejected', reason: -2 },
      { status: 'fulfilled', value: '3 of 3' },
    ])
    const next = groups.add(4)
    expect(later).toHaveLength(1)
    later.pop()?.()
    expect(await next).toBe('4 of 1')
  })

  test('that was flushed has nothing to write at its moment', async () => {
    const groups = groupCommit(commit, (write) => later.push(write))
    const first = groups.add(1)
    groups.flush()
    expect(await first).toBe('1 of 1')
    const second = groups.add(2)
    for (const write of later.splice(0)) write()
    expect(await second).toBe('2 of 1')
  })

  test('fails a whole group with what its commit throws, and lives on', async () => {
    let isBroken = true
    const groups = groupCommit(
      (group: readonly number[]) => {
        if (isBroken) throw new Error('broken')
        return commit(group)
      },
      (write) => queueMicrotask(write),
    )
    const failed = [groups.add(1), groups.add(2)]
    for (const one of failed) expect(await thrownBy(() => one)).toMatchObject({ message: 'broken' })
    isBroken = false
    expect(await groups.add(3)).toBe('3 of 1')
  })
})
