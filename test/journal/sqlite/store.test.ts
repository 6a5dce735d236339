import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { EACH_MACHINE_EVENT } from '../each-machine-event.ts'
import { ONE_OF_EACH, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const RESUMED = { type: 'ExecutionResumed' } as const

describe('append and read', () => {
  test('gives each event its place, time and actor, and reads back the same', async () => {
    const clock = new VirtualClock()
    const store = await openForTest(':memory:', clock)
    const first = await store.append('x1', [RESUMED])
    await clock.advance(1_500)
    const second = await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }, RESUMED])
    expect([...first, ...second]).toEqual([
      {
        v: 1,
        seq: 1,
        at: '2026-01-05T08:00:00.000Z',
        actor: 'local:1000:alice@noc1',
        execution: 'x1',
        type: 'ExecutionResumed',
      },
      {
        v: 1,
        seq: 2,
        at: '2026-01-05T08:00:01.500Z',
        actor: 'local:1000:alice@noc1',
        execution: 'x1',
        type: 'UndoStarted',
        device: 'leaf1',
      },
      {
        v: 1,
        seq: 3,
        at: '2026-01-05T08:00:01.500Z',
        actor: 'local:1000:alice@noc1',
        execution: 'x1',
        type: 'ExecutionResumed',
      },
    ])
    expect(await store.read('x1')).toEqual([...first, ...second])
  })

  test('keeps every type of event, across a restart', async () => {
    const path = freshPath()
    const bodies = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT]
    const written = await (await openForTest(path)).append('x1', bodies)
    expect(written).toMatchObject(bodies)
    expect(written.length).toBeGreaterThan(70)
    expect(await (await openForTest(path)).read('x1')).toEqual(written)
  })

  test('reads only the asked execution, among others and events outside of any', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED])
    await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:00' }])
    await store.append('x2', [RESUMED])
    await store.append('x1', [RESUMED])
    expect((await store.read('x1')).map(({ seq }) => seq)).toEqual([1, 4])
    expect((await store.read('x2')).map(({ seq }) => seq)).toEqual([3])
    expect(await store.read('x3')).toEqual([])
  })

  test('is not misled by an execution that speaks of another one', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED])
    await store.append('x2', [{ type: 'TaskSucceeded', path: '', state: 'a', output: { execution: 'x1', ratio: 0.5 } }])
    await store.append('quoted "x1"', [RESUMED])
    expect((await store.read('x1')).map(({ seq }) => seq)).toEqual([1])
    expect(await store.read('x2')).toMatchObject([{ seq: 2, output: { execution: 'x1', ratio: 0.5 } }])
    expect((await store.read('quoted "x1"')).map(({ seq }) => seq)).toEqual([3])
  })

  test('writes nothing of a batch of which one event cannot be journalled', async () => {
    const store = await openForTest(':memory:')
    const error = await thrownBy(() =>
      store.append('x1', [RESUMED, { type: 'TaskSucceeded', path: '', state: 'a', output: { ratio: Number.NaN } }]),
    )
    expect(error).toMatchObject({ kind: 'bug' })
    expect(await store.read('x1')).toEqual([])
    expect((await store.head()).seq).toBe(0)
  })

  test('refuses to journal what it could not read again', async () => {
    const store = await openForTest(':memory:')
    const error = await thrownBy(() =>
      store.append('x1', [{ type: 'WaitStarted', path: '', state: 'a' } as unknown as typeof RESUMED]),
    )
    expect(error).toMatchObject({ kind: 'bug', message: expect.stringMatching(/WaitStarted.*until/) })
  })
})

describe('fencing', () => {
  test('lets the holder of the newest event go on, and refuses who has missed one', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED], 0)
    await store.append('x2', [RESUMED], 0)
    const [mine] = await store.append('x1', [RESUMED], 1)
    expect(mine?.seq).toBe(3)
    const error = await thrownBy(() => store.append('x1', [RESUMED, RESUMED], 1))
    expect(error).toMatchObject({ kind: 'busy', message: expect.stringContaining('x1') })
    expect((await store.head()).seq).toBe(3)
  })

  test('refuses a second beginning of one execution', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED], 0)
    expect(await thrownBy(() => store.append('x1', [RESUMED], 0))).toMatchObject({ kind: 'busy' })
  })

  test('holds between two stores over one file', async () => {
    const path = freshPath()
    const [one, other] = [await openForTest(path), await openForTest(path)]
    await one.append('x1', [RESUMED], 0)
    await other.append('x1', [RESUMED], 1)
    expect(await thrownBy(() => one.append('x1', [RESUMED], 1))).toMatchObject({ kind: 'busy' })
    expect((await one.read('x1')).map(({ seq }) => seq)).toEqual([1, 2])
  })
})

describe('the use of an approval', () => {
  test('happens once, whichever execution asks, and nothing is written beside it', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [{ type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN }])
    const again = () => store.append('x2', [RESUMED, { type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN }])
    expect(await thrownBy(again)).toMatchObject({ kind: 'not-approved' })
    expect(await store.read('x2')).toEqual([])
    expect(await store.approvalUses(PLAN)).toEqual([{ nonce: STATEMENT.nonce, execution: 'x1' }])
    expect((await store.head()).seq).toBe(1)
  })

  test('happens once between two stores over one file', async () => {
    const path = freshPath()
    const [one, other] = [await openForTest(path), await openForTest(path)]
    await one.append('x1', [{ type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
    const again = () => other.append('x2', [{ type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
    expect(await thrownBy(again)).toMatchObject({ kind: 'not-approved' })
    await other.append('x2', [{ type: 'ApprovalUsed', nonce: 'n2', plan: PLAN }])
    expect(await one.approvalUses(PLAN)).toHaveLength(2)
  })
})

describe('questions', () => {
  test('lists executions newest first with their first and last events', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED])
    await store.append('x2', [{ type: 'UndoStarted', device: 'leaf2' }])
    await store.append(undefined, [{ type: 'ApprovalRequested', plan: PLAN }])
    await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }])
    expect(await store.executions()).toMatchObject([
      { id: 'x2', first: { seq: 2 }, last: { seq: 2, type: 'UndoStarted' } },
      { id: 'x1', first: { seq: 1, type: 'ExecutionResumed' }, last: { seq: 4, device: 'leaf1' } },
    ])
  })

  test.each([
    ['@latest', { found: 'one', id: 'abc2' }],
    ['abc1', { found: 'one', id: 'abc1' }],
    ['abd', { found: 'one', id: 'abd1' }],
    ['ab', { found: 'several', ids: ['abc2', 'abd1', 'abc', 'abc1'] }],
    ['abc', { found: 'one', id: 'abc' }],
    ['x', { found: 'none' }],
  ])('resolves %s', async (word, expected) => {
    const store = await openForTest(':memory:')
    for (const id of ['abc1', 'abc', 'abd1', 'abc2']) await store.append(id, [RESUMED])
    await store.append('abc1', [RESUMED])
    expect(await store.resolveExecution(word)).toEqual(expected)
  })

  test('resolves nothing in an empty store', async () => {
    expect(await (await openForTest(':memory:')).resolveExecution('@latest')).toEqual({ found: 'none' })
  })

  test('finds the decisions about one plan, and those alone', async () => {
    const store = await openForTest(':memory:')
    const other = { ...STATEMENT, plan: 'sha256:other', nonce: 'n2' }
    const reject = { ...STATEMENT, decision: 'reject', nonce: 'n3' } as const
    await store.append('x1', [{ type: 'PlanMade', digest: PLAN, plan: 'blob:0', waves: [], unchanged: [] }])
    await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
    await store.append(undefined, [
      { type: 'ApprovalDecided', statement: other, seal: 'hmac:2' },
      { type: 'ApprovalDecided', statement: reject, seal: 'hmac:3' },
    ])
    expect(await store.approvals(PLAN)).toMatchObject([
      { event: { seq: 2, statement: STATEMENT, seal: 'hmac:1' }, verified: true },
      { event: { seq: 4, statement: reject, seal: 'hmac:3' }, verified: true },
    ])
    expect(await store.approvals('sha256:none')).toEqual([])
  })

  test('lists snapshots newest first', async () => {
    const store = await openForTest(':memory:')
    await store.append(undefined, [
      {
        type: 'SnapshotTaken',
        name: 'a',
        snapshot: 'blob:1',
        devices: ['leaf1'],
        baseline: ['leaf1'],
        notices: ['leaf1'],
      },
    ])
    await store.append(undefined, [{ type: 'ApprovalRequested', plan: PLAN }])
    await store.append(undefined, [
      { type: 'SnapshotTaken', name: 'b', snapshot: 'blob:2', devices: [], baseline: [], notices: [] },
    ])
    expect((await store.snapshots()).map(({ name }) => name)).toEqual(['b', 'a'])
  })

  test('gives no snapshot whose record was altered, whatever was done to another one', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const taken = {
      type: 'SnapshotTaken',
      snapshot: 'blob:1',
      devices: ['leaf1'],
      baseline: ['leaf1'],
      notices: ['leaf1'],
    } as const
    await store.append(undefined, [{ ...taken, name: 'a' }])
    await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }])
    await store.append(undefined, [{ ...taken, name: 'b' }])
    tamper(path, "UPDATE event SET body = replace(body, 'leaf1', 'leaf9')")
    expect((await store.snapshots()).map(({ name }) => name)).toEqual(['b', 'a'])
    tamper(path, "UPDATE register SET body = replace(body, 'leaf1', 'leaf9') WHERE pos = 1")
    expect(await thrownBy(() => store.snapshots())).toBeInstanceOf(BrokenChainError)
  })

  test.each([
    "body = replace(body, 'x1', 'x9')",
    'prev = zeroblob(32)',
    'hash = zeroblob(32)',
    "covers = '[9]'",
    'pos = 9',
    'n = 9',
  ])('verifies an execution each time that it is read: after %s', async (change) => {
    const path = freshPath()
    const store = await openForTest(path)
    for (let count = 0; count < 3; count += 1) await store.append('x1', [RESUMED])
    expect(await store.read('x1')).toHaveLength(3)
    tamper(path, `UPDATE event SET ${change} WHERE n = 2`)
    expect(await thrownBy(() => store.read('x1'))).toBeInstanceOf(BrokenChainError)
  })

  test('keeps the highest wall time though the clock is set back', async () => {
    const path = freshPath()
    expect((await (await openForTest(path)).head()).latest).toBeUndefined()
    await (await openForTest(path, new VirtualClock(Date.UTC(2026, 0, 5, 10)))).append('x1', [RESUMED])
    await (await openForTest(path, new VirtualClock(Date.UTC(2026, 0, 5, 9)))).append('x1', [RESUMED])
    expect(await (await openForTest(path)).head()).toMatchObject({ seq: 2, latest: '2026-01-05T10:00:00.000Z' })
  })
})

describe('artefacts', () => {
  test('come back byte for byte, and the same text is kept once', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const text = 'hostname leaf1\r\n!\nbanner login\nZutritt verboten \u{1f512}\nEOF\n'
    const ref = await store.put(text)
    expect(ref).toMatch(/^blob:[0-9a-f]{64}$/)
    expect(await store.put(text)).toBe(ref)
    expect(await (await openForTest(path)).get(ref)).toBe(text)
    expect(await store.get(await store.put(''))).toBe('')
    expect(new Database(path, { readonly: true }).prepare('SELECT count(*) FROM blob').pluck().get()).toBe(2)
  })

  test('have a name that depends on the key, and no byte of the text in the file', async () => {
    const folder = temporaryFolder()
    const [one, other] = [join(folder, 'a'), join(folder, 'b')]
    const refs = [
      await (await openForTest(one)).put('enable secret sha512 canary-canary'),
      await (await openForTest(other, undefined, 'another key of thirty-two characters')).put(
        'enable secret sha512 canary-canary',
      ),
    ]
    expect(new Set(refs).size).toBe(2)
    for (const file of [one, `${one}-wal`]) expect(readFileSync(file).includes('canary')).toBe(false)
  })

  test('that were never put are named', async () => {
    const error = await thrownBy(async () => (await openForTest(':memory:')).get('blob:00'))
    expect(error).toMatchObject({ kind: 'store', message: expect.stringContaining('blob:00') })
  })
})
