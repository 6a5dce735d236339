import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import type { AuditedStore } from '../../../src/journal/audit/audit-trail.ts'
import { BrokenChainError, type ChainRow, chainRows } from '../../../src/journal/chain.ts'
import { cursorBehind } from '../../../src/journal/cursor.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import type { Leases } from '../../../src/journal/lease.ts'
import { segmentFolder } from '../../../src/journal/segment-folder.ts'
import { markAsSegment } from '../../../src/journal/sqlite/mark-segment.ts'
import { openStore } from '../../../src/journal/sqlite/open-store.ts'
import { readTrail } from '../../../src/journal/sqlite/read-trail.ts'
import { giveSpaceBack, sealRecords } from '../../../src/journal/sqlite/seal-records.ts'
import { segmentName } from '../../../src/journal/sqlite/segment-file.ts'
import type { Store } from '../../../src/journal/store.ts'
import { storeKeys } from '../../../src/journal/store-keys.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { ALICE, ONE_OF_EACH, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { asAlice, freshFolder, KEY, openForTest, tamper, thrownBy } from './open-for-test.ts'

const noRoomExec = Database.prototype.exec
const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } } as const
const STAGED = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's', checkpoint: 'c' } as const
const STAGED_TEXTS = ONE_OF_EACH.find((event) => 'base' in event && 'target' in event) as EventBody & {
  readonly type: 'ActFinished'
}
const OTHER_PLAN = `sha256:${'b2'.repeat(32)}`
const LIVE_NONCE = 'ff'.repeat(16)

/** The time of the sealing: the approval of PLAN has expired, that of OTHER_PLAN has not. */
const NOW = '2026-01-05T13:00:00.000Z'

interface Filled {
  readonly path: string
  readonly texts: Readonly<Record<'old' | 'open' | 'snapshot' | 'inner', string>>
}

/**
 * A store of 22 records: x1 has ended and used the approval of PLAN; x2 is open; x3 has ended, and the approval of OTHER_PLAN, which it
 * made, may still count; a policy, a snapshot, and requests to stop of x1 and x2.
 */
async function filled(): Promise<Filled> {
  const path = join(freshFolder(), 'store.db')
  const store = asAlice(openStore({ path, installKey: KEY, clock: new VirtualClock() }))
  const inner = await store.put('what a switch showed')
  const texts = {
    old: await store.put('running-config of long ago'),
    open: await store.put('running-config of now'),
    snapshot: await store.put(JSON.stringify({ parts: { leaf1: inner } })),
    inner,
  }
  await store.append('x1', [{ ...STARTED, plan: texts.old, request: { key: 'k1', of: 'sha256:00' } }, RESUMED])
  await store.append('x1', [
    { type: 'PlanMade', digest: PLAN, plan: texts.old, waves: [['leaf1']], unchanged: [] },
    { type: 'TaskWaiting', path: '', state: 'Approve', plan: PLAN },
  ])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:00' }])
  await store.append('x1', [{ type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN }, STAGED])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
  await store.append('x1', [RESUMED, ENDED])
  await store.append('x2', [
    { ...STARTED, plan: texts.open },
    { ...STAGED, device: 'leaf2' },
  ])
  await store.append(undefined, [{ type: 'PolicyLoaded', file: 'policy.yaml', policy: 'sha256:00' }])
  await store.append(undefined, [
    {
      type: 'SnapshotTaken',
      name: 'before',
      snapshot: texts.snapshot,
      devices: ['leaf1'],
      baseline: ['leaf1'],
      notices: ['leaf1'],
    },
  ])
  await store.append('x3', [
    STARTED,
    { type: 'PlanMade', digest: OTHER_PLAN, plan: texts.open, waves: [['leaf1']], unchanged: [] },
    RESUMED,
    { ...ENDED, outcome: 'planned' },
  ])
  const live = { ...STATEMENT, plan: OTHER_PLAN, nonce: LIVE_NONCE, expires: '2026-01-06T08:00:00.000Z' }
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: live, seal: 'hmac:00' }])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'yes' }])
  await store.append('x2', [RESUMED, RESUMED])
  await store.close()
  return { path, texts }
}

/** Makes the file of a segment, as the command does. */
async function copied(path: string, last: number): Promise<Parameters<typeof sealRecords>[2]> {
  const store = openStore({ path, installKey: KEY, clock: new VirtualClock() })
  const first = ((await sealedUpTo(path)) ?? 0) + 1
  const [row] = await store.audit.records(last, 1)
  const root = Buffer.from(row?.hash ?? []).toString('base64')
  const file = segmentName({ first, last, root })
  mkdirSync(segmentFolder(path), { recursive: true })
  await store.copyInto(join(segmentFolder(path), file))
  await store.close()
  markAsSegment(join(segmentFolder(path), file))
  chmodSync(join(segmentFolder(path), file), 0o600)
  const signing = signingKeyOf(storeKeys(KEY).checkpoint)
  return {
    segment: { first, last, root, file },
    principal: ALICE,
    reason: 'full',
    executions: [],
    now: NOW,
    signing,
    scrub: (text) => text,
  }
}

async function sealedUpTo(path: string): Promise<number | undefined> {
  const database = new Database(path, { readonly: true })
  const last = database.prepare<[], number>("SELECT max(seq) FROM mark WHERE name = 'base'").pluck().get()
  database.close()
  return last ?? undefined
}

/** The file of the only segment. */
function segmentOf(path: string): string {
  return join(segmentFolder(path), readdirSync(segmentFolder(path))[0] ?? '')
}

async function sealed(path: string, last: number): Promise<void> {
  sealRecords(path, KEY, await copied(path, last))
}

/** What every question of the store answers about the records up to one, and the texts. */
async function answers(store: Store & AuditedStore & Leases, { texts }: Filled, upTo: number): Promise<object> {
  const records: [number, string][] = []
  for (let from = 1; from <= upTo; ) {
    const rows = (await store.audit.records(from, 4)).filter(({ seq }) => seq <= upTo)
    records.push(...rows.map(({ seq, body }): [number, string] => [seq, body]))
    from = (rows.at(-1)?.seq ?? upTo) + 1
  }
  const { events } = await store.tail(cursorBehind(undefined))
  const asked = {
    records,
    first: events[0],
    read: await Promise.all(['x1', 'x2', 'x3', 'x4'].map((id) => store.read(id))),
    ids: await store.executionIds(),
    list: await store.executions(),
    page: await store.executions({ limit: 1, before: 'x3' }),
    open: await store.openExecutions(),
    found: await Promise.all(['x', 'x1', '@latest'].map((word) => store.resolveExecution(word))),
    requested: [await store.requested('k1'), await store.requested('k2')],
    approvals: [await store.approvals(PLAN), await store.approvals(OTHER_PLAN)],
    uses: await store.approvalUses(PLAN),
    known: await Promise.all([PLAN, OTHER_PLAN, 'sha256:77'].map((plan) => store.knowsPlan(plan))),
    snapshots: await store.snapshots(),
    policy: await store.policySeen(),
    stop: [
      await store.stopRequest('x1', cursorBehind({ seq: 9 })),
      await store.stopRequest('x2', cursorBehind(undefined)),
    ],
    leases: [await store.leaseOf('leaf1'), await store.leaseOf('leaf2')],
    texts: await Promise.all(Object.values(texts).map((ref) => store.get(ref))),
  }
  return JSON.parse(JSON.stringify(asked))
}

const RECORDS = 22

describe('a store whose records are sealed', () => {
  test.each([1, 9, 13, 21, 22])('answers every question as before, with a segment up to record %i', async (last) => {
    const all = await filled()
    const before = await openForTest(all.path)
    expect((await before.head()).seq).toBe(RECORDS)
    const said = await answers(before, all, RECORDS)
    await before.close()
    await sealed(all.path, last)
    const store = await openForTest(all.path)
    expect(await answers(store, all, RECORDS)).toEqual(said)
    expect((await store.verifyChain()).seq).toBe(RECORDS + 1)
    expect(readTrail(all.path, KEY, ({ fault, end, start }) => [fault, start.seq, end.seq])).toEqual([
      undefined,
      0,
      RECORDS + 1,
    ])
  })

  test('answers them with two segments, and goes on', async () => {
    const all = await filled()
    const before = await openForTest(all.path)
    const said = await answers(before, all, RECORDS)
    await before.close()
    await sealed(all.path, 9)
    const between = await openForTest(all.path)
    await between.append('x5', [STARTED, ENDED])
    await between.close()
    await sealed(all.path, 24)
    expect(readdirSync(segmentFolder(all.path)).sort()).toEqual([
      expect.stringMatching(/^records-1-9-[0-9a-f]{16}\.db$/),
      expect.stringMatching(/^records-10-24-[0-9a-f]{16}\.db$/),
    ])
    const store = await openForTest(all.path)
    const {
      ids: _,
      list: __,
      found: ___,
      page: ____,
      ...rest
    } = (await answers(store, all, RECORDS)) as Record<string, unknown>
    expect(said).toMatchObject(rest)
    await store.append('x1', [{ type: 'ExecutionRedriven' }], 10)
    expect((await store.read('x1')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 6, 7, 9, 10, 27])
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x2', 'x1'])
    expect((await store.verifyChain()).seq).toBe(27)
  })

  test('keeps what rules ask for, where the segment is kept elsewhere', async () => {
    const { path, texts } = await filled()
    await sealed(path, RECORDS)
    renameSync(segmentFolder(path), `${segmentFolder(path)}.taken`)
    const store = await openForTest(path)
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x2'])
    expect(await store.read('x2')).toHaveLength(4)
    expect(await store.read('x3')).toHaveLength(4)
    expect((await store.executions()).map(({ id, last: { type } }) => [id, type])).toEqual([
      ['x3', 'ExecutionEnded'],
      ['x2', 'ExecutionResumed'],
      ['x1', 'ExecutionEnded'],
    ])
    expect(await store.approvals(OTHER_PLAN)).toMatchObject([{ verified: true }])
    expect(await store.requested('k1')).toMatchObject({ execution: 'x1' })
    expect(await store.policySeen()).toMatchObject({ policy: 'sha256:00' })
    expect(await store.snapshots()).toHaveLength(1)
    expect(await store.stopRequest('x2', cursorBehind(undefined))).toMatchObject({ reason: 'yes' })
    for (const ref of [texts.open, texts.snapshot, texts.inner]) expect(await store.get(ref)).not.toBe('')
    const again = { type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN } as const
    expect(await thrownBy(() => store.append('x9', [again]))).toMatchObject({ kind: 'not-approved' })
    const twin = { ...STARTED, request: { key: 'k1', of: 'sha256:00' } }
    expect(await thrownBy(() => store.append('x9', [twin]))).toMatchObject({ kind: 'busy' })
    await store.append('x2', [ENDED])
    for (const ask of [() => store.read('x1'), () => store.get(texts.old), () => store.audit.records(1, 5)])
      expect(await thrownBy(ask)).toMatchObject({
        kind: 'store',
        message: expect.stringMatching(/records-1-22-[0-9a-f]{16}\.db is missing: it has the records from 1 to 22$/),
      })
    expect(readTrail(path, KEY, ({ fault }) => fault)).toEqual({
      seq: 1,
      reason: expect.stringMatching(
        /^the segment records-1-22-[0-9a-f]{16}\.db is missing: it has the records from 1 to 22$/,
      ),
    })
  })

  test('keeps each use of an approval, and the texts of what is open, where no other rule asks for them', async () => {
    const { path } = await filled()
    const before = await openForTest(path)
    const own = await before.put('what only an open execution names')
    const late = { ...STATEMENT, nonce: 'ee'.repeat(16) }
    // The use of the approval is no longer the last record that names the plan.
    await before.append(undefined, [{ type: 'ApprovalDecided', statement: late, seal: 'hmac:00' }])
    await before.append('x8', [STARTED, { ...STAGED_TEXTS, base: own, target: own }, RESUMED])
    await before.close()
    await sealed(path, 26)
    renameSync(segmentFolder(path), `${segmentFolder(path)}.taken`)
    const store = await openForTest(path)
    const again = { type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN } as const
    expect(await thrownBy(() => store.append('x9', [again]))).toMatchObject({ kind: 'not-approved' })
    expect(await store.get(own)).toBe('what only an open execution names')
  })

  test('is smaller than before, and its segment cannot be opened as a store', async () => {
    const { path } = await filled()
    const store = asAlice(openStore({ path, installKey: KEY, clock: new VirtualClock() }))
    const config = await store.put('x'.repeat(400_000))
    await store.append('x7', [{ ...STARTED, plan: config }, ...Array.from({ length: 400 }, () => RESUMED), ENDED])
    await store.close()
    const before = statSync(path).size
    await sealed(path, 424)
    expect(statSync(path).size).toBeLessThan(before / 3)
    const segment = segmentOf(path)
    expect(await thrownBy(() => await openForTest(segment))).toMatchObject({
      message: expect.stringContaining('is a sealed segment of a store'),
    })
  })

  test('gives the space back later where there was no room for that', async () => {
    const { path } = await filled()
    const store = asAlice(openStore({ path, installKey: KEY, clock: new VirtualClock() }))
    const config = await store.put('x'.repeat(400_000))
    await store.append('x7', [{ ...STARTED, plan: config }, ENDED])
    await store.close()
    const sealing = await copied(path, 24)
    const before = statSync(path).size
    const noRoom = vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
      if (sql === 'VACUUM') throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
      return noRoomExec.call(this, sql)
    })
    expect(sealRecords(path, KEY, sealing)).toMatchObject({ carried: expect.any(Number), hindrance: 'SQLITE_FULL' })
    expect(giveSpaceBack(path)).toEqual({ hindrance: 'SQLITE_FULL' })
    noRoom.mockRestore()
    expect(statSync(path).size).toBe(before)
    expect(giveSpaceBack(path)).toEqual({})
    expect(statSync(path).size).toBeLessThan(before / 3)
    expect((await openForTest(path).verifyChain()).seq).toBe(25)
  })

  test('is not sealed while an execution is open of which some records are sealed already', async () => {
    const { path } = await filled()
    await sealed(path, 10)
    const store = await openForTest(path)
    await store.append('x1', [{ type: 'ExecutionRedriven' }])
    await store.close()
    const sealing = await copied(path, 20)
    const givenUp: string[] = []
    expect(await thrownBy(() => sealRecords(path, KEY, sealing, () => givenUp.push('given up')))).toMatchObject({
      kind: 'refused',
      message: 'execution x1 is open, and some of its records are in a segment: nothing was sealed',
    })
    expect(givenUp).toEqual(['given up'])
    const after = asAlice(openStore({ path, installKey: KEY, clock: new VirtualClock() }))
    await after.append('x1', [ENDED])
    await after.close()
    await sealed(path, 25)
    expect(await openForTest(path).read('x1')).toHaveLength(10)
  })

  test('is not sealed while another process has it open', async () => {
    const { path } = await filled()
    const sealing = await copied(path, 9)
    const other = await openForTest(path)
    expect(await thrownBy(() => sealRecords(path, KEY, sealing))).toMatchObject({ kind: 'busy' })
    expect((await other.append('x2', [RESUMED]))[0]?.seq).toBe(RECORDS + 1)
  })
})

describe('what was done to a sealed store', () => {
  test.each<[string, string, string, object]>([
    [
      'a record of the segment was altered',
      'segment',
      'UPDATE journal SET body = replace(body, \'"reason":"no"\', \'"reason":"on"\') WHERE seq = 8',
      {
        seq: 8,
        reason: expect.stringMatching(/^its content was altered \(in the segment records-1-22-[0-9a-f]{16}\.db\)$/),
      },
    ],
    [
      'a record of the segment was taken away',
      'segment',
      'DELETE FROM journal WHERE seq = 8',
      {
        seq: 8,
        reason: expect.stringMatching(/^the record is missing \(in the segment records-1-22-[0-9a-f]{16}\.db\)$/),
      },
    ],
    [
      'a record that was left in the store was altered',
      'store',
      "UPDATE journal SET body = replace(body, 'policy.yaml', 'another.yaml') WHERE seq = 13",
      { seq: 13, reason: 'its content was altered' },
    ],
    [
      'a use of an approval that was left in the store was taken away',
      'store',
      'DELETE FROM journal WHERE seq = 6',
      {
        seq: 22,
        reason: 'it or one before it, which was left in the store when they were sealed, is missing or altered',
      },
    ],
    [
      'the entry of an execution whose records are sealed was taken away',
      'store',
      "DELETE FROM execution WHERE id = 'x1'",
      { seq: 1, reason: 'the entry of execution x1, which begins there, was altered' },
    ],
    [
      'the record of the sealing was taken away',
      'store',
      'DELETE FROM journal WHERE seq = 23',
      { seq: 2, reason: 'the record is missing' },
    ],
  ])('%s: that is found', async (_name, where, change, fault) => {
    const { path } = await filled()
    await sealed(path, RECORDS)
    tamper(where === 'store' ? path : segmentOf(path), change)
    expect(readTrail(path, KEY, (trail) => trail.fault)).toMatchObject(fault)
  })

  test('without the key the count of what was left shows what is missing, with it each record does', async () => {
    const [{ path }, other] = [await filled(), await filled()]
    await sealed(path, RECORDS)
    tamper(path, 'DELETE FROM journal WHERE seq = 6')
    expect(readTrail(path, undefined, ({ fault }) => fault)).toMatchObject({ seq: 22 })
    await sealed(other.path, RECORDS)
    // A record of the segment that was not left in the store comes in the place of one that was.
    tamper(
      other.path,
      'DELETE FROM journal WHERE seq = 6',
      `ATTACH '${segmentOf(other.path)}' AS segment`,
      'INSERT INTO journal(seq, body, prev, hash) SELECT seq, body, prev, hash FROM segment.journal WHERE seq = 9',
    )
    expect(readTrail(other.path, undefined, ({ fault }) => fault)).toBeUndefined()
    expect(readTrail(other.path, KEY, ({ fault }) => fault)).toMatchObject({ seq: 22 })
  })

  test('a stretch of a segment that was written anew is not given as what follows the records before it', async () => {
    const { path } = await filled()
    await sealed(path, RECORDS)
    writeAnew(segmentOf(path), 3, 5)
    const store = await openForTest(path)
    expect(await store.audit.records(1, 5)).toHaveLength(5)
    expect(await thrownBy(() => store.audit.records(6, 5))).toMatchObject({ seq: 6 })
  })

  test('a record under a key that was written anew is not believed', async () => {
    const { path } = await filled()
    await sealed(path, RECORDS)
    writeAnew(path, 1, 1)
    expect(await thrownBy(() => await openForTest(path).requested('k1'))).toMatchObject({ kind: 'store', seq: 22 })
  })

  test('a segment that cannot be read is named, and nobody says that it was altered', async () => {
    const { path } = await filled()
    await sealed(path, RECORDS)
    const segment = segmentOf(path)
    renameSync(segment, `${segment}.taken`)
    mkdirSync(segment)
    const thrown = await thrownBy(() => await openForTest(path).read('x1'))
    expect(thrown).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(
        /^the segment .*records-1-22-[0-9a-f]{16}\.db cannot be read \(SQLITE_\w+\): it has the records from 1 to 22$/,
      ),
    })
    expect(thrown).not.toBeInstanceOf(BrokenChainError)
  })

  test('another file at the place of the segment is named, and gives no record', async () => {
    const { path } = await filled()
    await sealed(path, RECORDS)
    const other = await filled()
    copyFileSync(other.path, segmentOf(path))
    expect(await thrownBy(() => await openForTest(path).read('x1'))).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(
        /records-1-22-[0-9a-f]{16}\.db is not the one that was sealed with the records from 1 to 22$/,
      ),
    })
  })
})

/** Alters a record as somebody does who has SQLite and no key, and writes the chain anew from there to another record. */
function writeAnew(path: string, from: number, to: number): void {
  tamper(path, `UPDATE journal SET body = replace(body, 'local', 'other') WHERE seq = ${from}`)
  const database = new Database(path)
  const rows = database
    .prepare<[number, number], ChainRow>('SELECT seq, body, prev, hash FROM journal WHERE seq BETWEEN ? AND ?')
    .all(from, to)
  const before = { seq: from - 1, hash: rows[0]?.prev ?? new Uint8Array() }
  const write = database.prepare('UPDATE journal SET prev = ?, hash = ? WHERE seq = ?')
  for (const { seq, prev, hash } of chainRows(
    before,
    rows.map(({ body }) => body),
  ))
    write.run(prev, hash, seq)
  database.close()
}

/** Copies the files of a store as they are before every statement of some work: what a process that is killed there leaves. */
function atEveryStatement(path: string, work: () => void): readonly string[] {
  const folder = freshFolder()
  const places: string[] = []
  const keep = (): void => {
    const place = join(folder, String(places.length))
    mkdirSync(place, { mode: 0o700 })
    for (const suffix of ['', '-journal', '-wal', '-shm'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, join(place, basename(path) + suffix))
    places.push(join(place, basename(path)))
  }
  const probe = new Database(':memory:')
  const statement = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Record<'run', (...args: unknown[]) => unknown>
  probe.close()
  const own = Database.prototype as unknown as Record<'exec' | 'pragma', (...args: unknown[]) => unknown>
  const watched = <K extends string>(on: Record<K, (...args: unknown[]) => unknown>, name: K): void => {
    const original = on[name]
    on[name] = function (this: unknown, ...args: unknown[]): unknown {
      keep()
      return original.apply(this, args)
    }
    undo.push(() => {
      on[name] = original
    })
  }
  const undo: (() => void)[] = []
  watched(own, 'exec')
  watched(own, 'pragma')
  watched(statement, 'run')
  try {
    work()
  } finally {
    for (const one of undo) one()
  }
  keep()
  return places
}

test('a process that is killed at any statement has sealed all or nothing, and the next one goes on', {
  tags: 'long',
}, async () => {
  const all = await filled()
  const sealing = await copied(all.path, RECORDS)
  const before = await openForTest(all.path)
  const said = await answers(before, all, RECORDS)
  await before.close()
  const places = atEveryStatement(all.path, () => sealRecords(all.path, KEY, sealing))
  const heads: number[] = []
  for (const place of places) {
    cpSync(segmentFolder(all.path), segmentFolder(place), { recursive: true })
    const store = asAlice(openStore({ path: place, installKey: KEY, clock: new VirtualClock() }))
    heads.push((await store.verifyChain()).seq)
    expect(await answers(store, all, RECORDS)).toEqual(said)
    await store.close()
    expect(readTrail(place, KEY, ({ fault }) => fault)).toBeUndefined()
    if (heads.at(-1) === RECORDS) expect(sealRecords(place, KEY, sealing).carried).toBeGreaterThan(10)
  }
  expect(new Set(heads)).toEqual(new Set([RECORDS, RECORDS + 1]))
  expect(places.length).toBeGreaterThan(30)
})

test('freezes stay in the store with their ends: what is in force stays so, and what was ended does not come back', async () => {
  const { path } = await filled()
  const store = await openForTest(path)
  const freeze = (reason: string): EventBody => ({
    type: 'FreezeSet',
    principal: ALICE,
    reason,
    until: '2026-01-06T08:00:00.000Z',
  })
  await store.append(undefined, [freeze('ended'), freeze('in force')])
  await store.append(undefined, [{ type: 'FreezeEnded', principal: ALICE, freeze: 23, reason: 'solved' }])
  await store.append('x2', [RESUMED])
  await store.close()
  // The end of the first is behind the cut.
  await sealed(path, 24)
  const cut = await openForTest(path)
  expect(await cut.freezes(NOW)).toMatchObject([{ seq: 24, reason: 'in force' }])
  await cut.close()
  await sealed(path, 26)
  const left = await openForTest(path)
  expect(await left.freezes(NOW)).toMatchObject([{ seq: 24, reason: 'in force' }])
  expect(await thrownBy(() => left.append('x9', [{ type: 'ExecutionRedriven' }]))).toMatchObject({
    kind: 'window-closed',
  })
  // Both sealings are on record.
  expect((await left.verifyChain()).seq).toBe(28)
})

test('of a schedule its changes and the newest of each kind stay in the store: no instant before is decided about again', async () => {
  const { path } = await filled()
  const store = await openForTest(path)
  const instant = (hour: number): string => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`
  const of = { schedule: 'hourly' } as const
  await store.append(undefined, [
    { ...of, type: 'ScheduleChanged', change: 'loaded', tz: 'UTC', cron: '0 * * * *' },
    { ...of, type: 'ScheduleFired', instant: instant(8), does: 'drift' },
    { ...of, type: 'ScheduleFinished', instant: instant(8), outcome: 'ok', reason: 'done' },
    { ...of, type: 'ScheduleFired', instant: instant(9), does: 'drift' },
    { ...of, type: 'ScheduleFinished', instant: instant(9), outcome: 'ok', reason: 'done' },
    { ...of, type: 'ScheduleMissed', instant: instant(11), instants: [instant(10), instant(11)], because: 'down' },
    { ...of, type: 'ScheduleChanged', change: 'paused' },
  ])
  await store.append('x2', [RESUMED])
  const first = (await store.schedules())[0]?.seq ?? 0
  await store.close()
  await sealed(path, first + 7)
  const cut = await openForTest(path)
  expect((await cut.schedules()).map(({ seq, type }) => [seq - first, type])).toEqual([
    [0, 'ScheduleChanged'],
    [3, 'ScheduleFired'],
    [4, 'ScheduleFinished'],
    [5, 'ScheduleMissed'],
    [6, 'ScheduleChanged'],
  ])
  expect(
    await thrownBy(() =>
      cut.append(undefined, [{ ...of, type: 'ScheduleFired', instant: instant(11), does: 'drift' }]),
    ),
  ).toMatchObject({
    kind: 'busy',
  })
})
