import { hash as digestOf, randomBytes } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { noSegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { segmentFolder } from '../../../../src/change/record/segment-folder.ts'
import { openStore, type SqliteStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { readChainsFile } from '../../../../src/change/record/sqlite/read-chains.ts'
import { giveSpaceBack } from '../../../../src/change/record/sqlite/retirement.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { verifyStore } from '../../../../src/project/record/audit/verify.ts'
import { segmentFiles } from '../../../../src/project/system/machine/key-files.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { ALICE, ONE_OF_EACH, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { asAlice, freshPath, KEY, tamper, thrownBy } from './open-for-test.ts'

const exec = Database.prototype.exec
const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENTERED: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ENDED = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } } as const
const STAGED = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's', checkpoint: 'c' } as const
const OTHER_PLAN = `sha256:${'b2'.repeat(32)}`
const LIVE_NONCE = 'ff'.repeat(16)
const DAY = 86_400_000

/** The time of the sealing: the approval of PLAN has expired, that of OTHER_PLAN has not. */
const NOW = '2026-01-05T13:00:00.000Z'
/** Both have. */
const LATER = '2026-01-07T13:00:00.000Z'

interface Filled {
  readonly path: string
  readonly texts: Readonly<Record<'old' | 'open' | 'snapshot' | 'inner', string>>
}

/** Opens a store, with the segments that are beside it, so long after it was filled that texts may leave. */
async function opened(path: string): Promise<SqliteStore & Journal> {
  const clock = new VirtualClock(Date.parse('2026-01-05T08:00:00Z') + 3 * DAY)
  const store = asAlice(await openStore({ path, installKey: KEY, clock, segments: segmentFiles(dirname(path)) }))
  onTestFinished(() => store.close())
  return store
}

const instant = (hour: number) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`

/**
 * A store of 31 records: x1 has ended and used the approval of PLAN; x2 is open; x3 has ended, and the approval of OTHER_PLAN, which it made, may still
 * count; x4 has the switch that x1 had. Beside them a policy, a snapshot, a freeze in force and one that was ended, a schedule, and words to x1 and x2.
 */
async function filled(): Promise<Filled> {
  const path = freshPath()
  const store = asAlice(await openStore({ path, installKey: KEY, clock: new VirtualClock() }))
  const inner = await store.put('what a switch showed')
  const texts = {
    // Large enough that the file becomes smaller without it.
    old: await store.put(randomBytes(100_000).toString('hex')),
    open: await store.put('running-config of now'),
    snapshot: await store.put(JSON.stringify({ parts: { leaf1: inner } })),
    inner,
  }
  await store.append('x1', [{ ...STARTED, plan: texts.old, request: { key: 'k1', of: 'sha256:00' } }, ENTERED])
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
  const shown = { devices: ['leaf1'], baseline: ['leaf1'], notices: ['leaf1'] }
  await store.append(undefined, [{ type: 'SnapshotTaken', name: 'before', snapshot: texts.snapshot, ...shown }])
  await store.append('x3', [
    STARTED,
    { type: 'PlanMade', digest: OTHER_PLAN, plan: texts.open, waves: [['leaf1']], unchanged: [] },
    ENTERED,
    { ...ENDED, outcome: 'planned' },
  ])
  const live = { ...STATEMENT, plan: OTHER_PLAN, nonce: LIVE_NONCE, expires: '2026-01-06T08:00:00.000Z' }
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: live, seal: 'hmac:00' }])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'yes' }])
  await store.append('x2', [RESUMED, ENTERED])
  await store.append('x4', [STARTED, STAGED])
  const freeze = { type: 'FreezeSet', principal: ALICE, until: '2026-01-06T08:00:00.000Z' } as const
  await store.append(undefined, [
    { ...freeze, reason: 'ended' },
    { ...freeze, reason: 'in force' },
  ])
  await store.append(undefined, [{ type: 'FreezeEnded', principal: ALICE, freeze: 25, reason: 'solved' }])
  const of = { schedule: 'hourly' } as const
  await store.append(undefined, [
    { ...of, type: 'ScheduleChanged', change: 'loaded', tz: 'UTC', cron: '0 * * * *' },
    { ...of, type: 'ScheduleFired', instant: instant(8), does: 'drift' },
    { ...of, type: 'ScheduleFinished', instant: instant(8), outcome: 'ok', reason: 'done' },
    { ...of, type: 'ScheduleMissed', instant: instant(10), instants: [instant(9), instant(10)], because: 'down' },
  ])
  await store.close()
  return { path, texts }
}

const RECORDS = 31

/** Takes the records of the executions that may leave at a time out of a store, as the command does. Gives the file of the segment. */
async function sealed(path: string, { now = NOW }: { readonly now?: string } = {}) {
  const { event, store } = await segmentIn(path, now)
  await store.append(undefined, [event])
  await store.retirement.takeOutTexts()
  await store.close()
  return join(segmentFolder(path), event.file)
}

/** Makes the file of a segment, and what is then put on record. */
async function segmentIn(path: string, now: string) {
  const store = await opened(path)
  const { retirement } = store
  const leaving = await retirement.leaving({ before: LATER }, { executions: [], through: 10_000, now })
  const content = await retirement.content(leaving)
  let lines = ''
  await retirement.write(content, (line) => {
    lines += line
  })
  const file = `executions-${content.first}-${content.last}-0123456789abcdef.jsonl`
  mkdirSync(segmentFolder(path), { recursive: true })
  writeFileSync(join(segmentFolder(path), file), lines)
  const digest = digestOf('sha256', lines, 'base64')
  const event = { type: 'SegmentRetired', principal: ALICE, reason: 'full', ...content, file, digest } as const
  return { event, store }
}

/** What every question of the store answers about the records up to one, and the texts. */
async function answers(store: SqliteStore, { texts }: Filled, upTo = RECORDS): Promise<object> {
  const records: [number, string][] = []
  for (let from = 1; from <= upTo; ) {
    const rows = (await store.audit.records(from, 4)).filter(({ seq }) => seq <= upTo)
    records.push(...rows.map(({ seq, body }): [number, string] => [seq, body]))
    from = (rows.at(-1)?.seq ?? upTo) + 1
  }
  const asked = {
    records,
    read: await Promise.all(['x1', 'x2', 'x3', 'x9'].map((id) => store.read(id))),
    ids: await store.executionIds(),
    list: await store.executions(),
    page: await store.executions({ limit: 1, before: 'x3' }),
    open: await store.openExecutions(),
    found: await Promise.all(['x', 'x1', '@latest'].map((word) => store.resolveExecution(word))),
    requested: [await store.requested('k1'), await store.requested('k2')],
    approvals: [await store.approvals(PLAN), await store.approvals(OTHER_PLAN)],
    uses: await store.approvalUses(PLAN),
    runs: await store.planRuns(PLAN),
    made: await store.planMade(PLAN),
    known: await Promise.all([PLAN, OTHER_PLAN, 'sha256:77'].map((plan) => store.knowsPlan(plan))),
    snapshots: await store.snapshots(),
    policy: await store.policySeen(),
    stop: [
      await store.stopRequest('x1', cursorBehind({ seq: 9 })),
      await store.stopRequest('x2', cursorBehind(undefined)),
    ],
    leases: [await store.leaseOf('leaf1'), await store.leaseOf('leaf2')],
    freezes: await store.freezes(NOW),
    schedules: await store.schedules(),
    texts: await Promise.all(Object.values(texts).map((ref) => store.get(ref))),
  }
  return JSON.parse(JSON.stringify(asked))
}

const MISSING = /executions-1-10-0123456789abcdef\.jsonl is missing: it has the records from 1 to 10$/

const verified = async (path: string) =>
  (
    await verifyStore(
      path,
      { installKey: { key: KEY, old: [] } },
      { now: 0, words: hintWords, anchors: [], verifier: undefined },
    )
  ).fault

describe('a store whose records have left', () => {
  test('answers every question as before, with one segment and with two, and goes on', async () => {
    const all = await filled()
    const before = await opened(all.path)
    expect((await before.head()).seq).toBe(RECORDS)
    const said = await answers(before, all)
    await before.close()
    for (const [now, segments, head] of [
      [NOW, 1, RECORDS + 1],
      [LATER, 2, RECORDS + 2],
    ] as const) {
      await sealed(all.path, { now })
      expect(readdirSync(segmentFolder(all.path))).toHaveLength(segments)
      const store = await opened(all.path)
      expect(await answers(store, all)).toEqual(said)
      expect((await store.verifyChain()).seq).toBe(head)
      await store.close()
      expect(await verified(all.path)).toBeUndefined()
    }
    const store = await opened(all.path)
    expect((await store.append('x2', [ENDED]))[0]?.seq).toBe(RECORDS + 3)
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x4'])
    const again = { type: 'ScheduleFired', schedule: 'hourly', does: 'drift' } as const
    for (const hour of [8, 10])
      expect(await thrownBy(() => store.append(undefined, [{ ...again, instant: instant(hour) }]))).toMatchObject({
        kind: 'busy',
      })
  })

  test('keeps what rules ask for, where the segment is kept elsewhere', async () => {
    const { path, texts } = await filled()
    await sealed(path)
    renameSync(segmentFolder(path), `${segmentFolder(path)}.taken`)
    const store = await opened(path)
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x4', 'x2'])
    expect(await store.read('x2')).toHaveLength(4)
    expect(await store.read('x3')).toHaveLength(4)
    expect((await store.executions()).map(({ id, last: { type } }) => [id, type])).toEqual([
      ['x4', 'ActIntended'],
      ['x3', 'ExecutionEnded'],
      ['x2', 'StateEntered'],
      ['x1', 'ExecutionEnded'],
    ])
    expect(await store.approvals(OTHER_PLAN)).toMatchObject([{ verified: true }])
    expect(await store.approvals(PLAN)).toMatchObject([{ verified: true }])
    expect(await store.requested('k1')).toMatchObject({ execution: 'x1' })
    expect(await store.policySeen()).toMatchObject({ policy: 'sha256:00' })
    expect(await store.snapshots()).toHaveLength(1)
    expect(await store.freezes(NOW)).toMatchObject([{ reason: 'in force' }])
    expect(await store.stopRequest('x2', cursorBehind(undefined))).toMatchObject({ reason: 'yes' })
    for (const ref of [texts.open, texts.snapshot, texts.inner]) expect(await store.get(ref)).not.toBe('')
    const again = { type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN } as const
    expect(await thrownBy(() => store.append('x9', [again]))).toMatchObject({ kind: 'not-approved' })
    const twin = { ...STARTED, request: { key: 'k1', of: 'sha256:00' } }
    expect(await thrownBy(() => store.append('x9', [RESUMED, twin]))).toMatchObject({ kind: 'busy' })
    await store.append('x2', [ENDED])
    for (const ask of [() => store.read('x1'), () => store.get(texts.old), () => store.audit.records(1, 5)])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', message: expect.stringMatching(MISSING) })
    expect(await verified(path)).toMatchObject({ reason: expect.stringMatching(/executions-1-10-\w+\.jsonl/) })
  })
})

describe('the space that leaves with records', () => {
  /** A store in which one execution that has ended has 400 records and a large text. */
  async function large() {
    const path = freshPath()
    const store = asAlice(await openStore({ path, installKey: KEY, clock: new VirtualClock() }))
    const config = await store.put('x'.repeat(400_000))
    const between = Array.from(
      { length: 2_000 },
      (): EventBody => ({ type: 'StateEntered', path: '', state: 'x'.repeat(100) }),
    )
    await store.append('x7', [{ ...STARTED, plan: config }, ...between, ENDED])
    await store.close()
    await sealed(path)
    return path
  }

  test('is given back, and what is left verifies', async () => {
    const path = await large()
    const before = statSync(path).size
    expect(giveSpaceBack(path)).toBeUndefined()
    expect(statSync(path).size).toBeLessThan(before / 3)
    const after = statSync(path).size
    expect(giveSpaceBack(path)).toBeUndefined()
    expect(statSync(path).size).toBe(after)
    expect((await (await opened(path)).verifyChain()).seq).toBe(2_003)
    expect(await (await opened(path)).read('x7')).toHaveLength(2_002)
  })

  test('is given back later where there was no room for that', { tags: ['long', 'turn'] }, async () => {
    const path = await large()
    const before = statSync(path).size
    const noRoom = vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
      if (sql === 'VACUUM') throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
      return exec.call(this, sql)
    })
    expect(giveSpaceBack(path)).toBe('SQLITE_FULL')
    noRoom.mockRestore()
    expect(statSync(path).size).toBe(before)
    expect(giveSpaceBack(path)).toBeUndefined()
    expect(statSync(path).size).toBeLessThan(before / 3)
  })

  test('is given back later where somebody else has the store open, who goes on', {
    tags: ['long', 'turn'],
  }, async () => {
    const path = await large()
    const other = await opened(path)
    const before = statSync(path).size
    expect(giveSpaceBack(path)).toBe('SQLITE_BUSY')
    expect(statSync(path).size).toBeGreaterThanOrEqual(before)
    expect(await other.append('x8', [STARTED])).toHaveLength(1)
    await other.close()
    expect(giveSpaceBack(path)).toBeUndefined()
    expect(statSync(path).size).toBeLessThan(before / 3)
  })
})

describe('what was done to a store whose records have left', () => {
  test.each<[string, string, RegExp]>([
    [
      'a record that was left in the store was altered',
      "UPDATE event SET body = replace(body, 'Approve', 'Refuse') WHERE pos = 4",
      /record 4 of execution x1 was altered/,
    ],
    [
      'a use of an approval that was left in the store was taken away',
      'DELETE FROM event WHERE pos = 6',
      /1 of the \d+ records that the segment executions-1-10-0123456789abcdef\.jsonl has left here are missing/,
    ],
    [
      'a record that has left is there again',
      `INSERT INTO event SELECT 2, execution, 2, NULL, '[]', prev, hash, body FROM event WHERE pos = 1`,
      /its content says that it is another record/,
    ],
    [
      'what is kept of the execution was taken away',
      "DELETE FROM execution WHERE id = 'x1'",
      /what is kept of the executions in the segment \S+ is not what they ended with/,
    ],
    ['it is said not to have left', "UPDATE execution SET retired = NULL WHERE id = 'x1'", /x1/],
    ['the record of the sealing was taken away', "DELETE FROM register WHERE type = 'SegmentRetired'", /register|x1/],
  ])('%s: that is found', async (_name, change, says) => {
    const { path } = await filled()
    await sealed(path)
    tamper(path, change)
    expect(await verified(path)).toMatchObject({ reason: expect.stringMatching(says) })
    expect(await thrownBy(async () => (await opened(path)).verifyChain())).toMatchObject({ kind: 'store' })
    const { chains } = await readChainsFile(path, undefined, segmentFiles(dirname(path)))
    expect(chains.fault).toBeDefined()
  })

  test('what was left is judged without the segment, too', async () => {
    const { path } = await filled()
    await sealed(path)
    tamper(path, 'DELETE FROM event WHERE pos = 6')
    const { chains } = await readChainsFile(path, undefined, noSegmentFiles)
    expect(chains.fault).toMatchObject({ reason: expect.stringContaining('has left here are missing') })
  })

  test('a segment that was altered is named, and gives nothing of what is in it', async () => {
    const { path, texts } = await filled()
    const segment = await sealed(path)
    writeFileSync(
      segment,
      readFileSync(segment, 'utf8')
        .replace('"reason":', '"reason" :')
        .replace('"state":"Approve"', '"state":"Refused"'),
    )
    const altered = {
      kind: 'store',
      message: expect.stringContaining('executions-1-10-0123456789abcdef.jsonl was altered'),
    }
    const store = await opened(path)
    expect(await thrownBy(() => store.verifyChain())).toMatchObject(altered)
    for (const ask of [() => store.read('x1'), () => store.audit.records(1, 5), () => store.get(texts.old)])
      expect(await thrownBy(ask)).toMatchObject(altered)
    expect(await store.read('x3')).toHaveLength(4)
  })

  test('a segment that cannot be read is named, and nobody says that it was altered', async () => {
    const { path } = await filled()
    const segment = await sealed(path)
    renameSync(segment, `${segment}.taken`)
    mkdirSync(segment)
    const thrown = await thrownBy(async () => (await opened(path)).read('x1'))
    expect(thrown).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(
        /^the segment .*executions-1-10-0123456789abcdef\.jsonl cannot be read \(EISDIR\)$/,
      ),
    })
    expect(thrown).not.toBeInstanceOf(BrokenChainError)
  })

  test('the segment of another store at its place is named, and gives no record', async () => {
    const { path } = await filled()
    const segment = await sealed(path)
    const other = await filled()
    copyFileSync(await sealed(other.path), segment)
    const altered = {
      kind: 'store',
      message: expect.stringContaining('executions-1-10-0123456789abcdef.jsonl was altered'),
    }
    const store = await opened(path)
    for (const ask of [() => store.read('x1'), () => store.audit.records(1, 5), () => store.verifyChain()])
      expect(await thrownBy(ask)).toMatchObject(altered)
  })
})

/** Copies the files of a store as they are before every statement of some work: what a process that is killed there leaves. */
async function atEveryStatement(path: string, work: () => Promise<void>) {
  const folder = temporaryFolder()
  const places: string[] = []
  const keep = () => {
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
  const undo: (() => void)[] = []
  const watched = <K extends string>(on: Record<K, (...args: unknown[]) => unknown>, name: K) => {
    const original = on[name]
    on[name] = function (this: unknown, ...args: unknown[]) {
      keep()
      return original.apply(this, args)
    }
    undo.push(() => {
      on[name] = original
    })
  }
  watched(own, 'exec')
  watched(own, 'pragma')
  watched(statement, 'run')
  try {
    await work()
  } finally {
    for (const one of undo) one()
  }
  keep()
  return places
}

test('a process that is killed at any statement has taken out all or nothing, and the next one goes on', {
  tags: 'long',
}, async () => {
  const all = await filled()
  const before = await opened(all.path)
  const said = await answers(before, all)
  await before.close()
  const { event, store: writing } = await segmentIn(all.path, NOW)
  const places = await atEveryStatement(all.path, async () => {
    await writing.append(undefined, [event])
    await writing.retirement.takeOutTexts()
    await writing.close()
    giveSpaceBack(all.path)
  })
  const left: number[] = []
  for (const place of places) {
    cpSync(segmentFolder(all.path), segmentFolder(place), { recursive: true })
    const store = await opened(place)
    left.push((await store.verifyChain()).seq)
    expect(await answers(store, all)).toEqual(said)
    await store.close()
    expect(await verified(place)).toBeUndefined()
    if (left.at(-1) === RECORDS) {
      const again = await opened(place)
      await again.append(undefined, [event])
      await again.close()
      expect(await verified(place)).toBeUndefined()
    }
  }
  expect(new Set(left)).toEqual(new Set([RECORDS, RECORDS + 1]))
  expect(places.length).toBeGreaterThan(20)
})
