import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import type { TypesRead } from '../../../../src/change/record/event/record-text.ts'
import { Connection, Views } from '../../../../src/change/record/sqlite/connection.ts'
import { openReadOnly } from '../../../../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshPath, KEY, openForTest, thrownBy } from './open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const STAGED: EventBody = { type: 'ActIntended', act: 'stage', device: 'leaf1', session: 's', checkpoint: 'c' }
const ENTERED: EventBody = { type: 'StateEntered', path: '', state: 'push' }

function changed(path: string, ...statements: readonly string[]) {
  const database = new Database(path)
  for (const statement of statements) database.exec(statement)
  database.close()
}

describe('the file of a store of chains', () => {
  test('is for its owner alone, written ahead, and made once', async () => {
    const path = join(temporaryFolder(), 'folder', 'store.sqlite')
    const [one, other] = await Promise.all([openForTest(path), openForTest(path)])
    expect(one.id).toBe(other.id)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    const database = new Database(path, { readonly: true })
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
  })

  test.each([
    ['of a later layout', 'PRAGMA user_version = 17', /store of layout 17; this eosflow reads layout 16/],
    ['of an earlier layout', 'PRAGMA user_version = 12', /store of layout 12; this eosflow reads layout 16/],
    ['of another program', 'PRAGMA application_id = 1', /not a store of eosflow/],
    ['that has lost its name', 'DELETE FROM store', /lost the id of its store/],
    ['that has lost its head', 'DELETE FROM register_head', /the head of the register is gone/],
    ['under another key', "UPDATE store SET key_check = 'x'", /was written under another key/],
  ])('%s is refused by name', async (_name, change, message) => {
    const path = freshPath()
    await (await openForTest(path)).close()
    changed(path, change)
    expect(await thrownBy(() => openForTest(path))).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(message),
    })
  })

  test('refuses to change what is on record, whoever asks', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED, ENTERED])
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
    await store.put('a text')
    await store.audit.checkpoint()
    for (const change of [
      'DELETE FROM event',
      "UPDATE event SET body = '{}'",
      'DELETE FROM register',
      "UPDATE register SET body = '{}'",
      'DELETE FROM checkpoint',
      "UPDATE checkpoint SET note = ''",
      'DELETE FROM blob',
      "UPDATE blob SET bytes = x'00'",
    ])
      expect(await thrownBy(() => changed(path, change))).toMatchObject({
        message: expect.stringMatching(/append-only|are kept/),
      })
  })

  test.each([
    ['deleted', (path: string) => rmSync(path), 'is no longer at its path'],
    ['moved away', (path: string) => renameSync(path, `${path}-moved`), 'is no longer at its path'],
    [
      'replaced',
      (path: string) => {
        renameSync(path, `${path}-moved`)
        writeFileSync(path, 'x')
      },
      'was replaced by another file',
    ],
  ])('[G86] that was %s is written to no more', async (_name, lose, says) => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED, STAGED])
    lose(path)
    const lost = { kind: 'store', message: expect.stringContaining(says) }
    expect(await thrownBy(() => store.append('x1', [ENTERED]))).toMatchObject(lost)
    expect(await thrownBy(() => store.put('a text'))).toMatchObject(lost)
    expect(await thrownBy(() => store.fence('x1', 'leaf1'))).toMatchObject(lost)
  })

  test('goes on in memory behind its loss, for the way back of what runs', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED, STAGED])
    rmSync(path)
    const lost = await thrownBy(() => store.append('x1', [ENTERED]))
    expect(store.file.goOnLost(lost)).toBe(true)
    await store.append('x1', [ENTERED])
    expect((await store.read('x1')).map(({ type }) => type)).toEqual([
      'ExecutionResumed',
      'ActIntended',
      'StateEntered',
    ])
    const some = async (types: TypesRead) => (await store.read('x1', types)).map(({ type }) => type)
    expect(await some({ of: ['StateEntered'] })).toEqual(['StateEntered'])
    expect(await some({ but: ['StateEntered'] })).toEqual(['ExecutionResumed', 'ActIntended'])
    expect(await store.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
  })

  test('keeps the highest wall time though a process comes whose clock is set back', async () => {
    const path = freshPath()
    await (await openForTest(path, new VirtualClock(Date.UTC(2026, 0, 5, 10)))).append('x1', [RESUMED])
    await (await openForTest(path, new VirtualClock(Date.UTC(2026, 0, 5, 9)))).append('x1', [RESUMED])
    expect(await (await openForTest(path)).head()).toMatchObject({ seq: 2, latest: '2026-01-05T10:00:00.000Z' })
  })

  test('has no byte of a text, and names it by a key', async () => {
    const [one, other] = [freshPath(), freshPath()]
    const text = 'enable secret sha512 canary-canary'
    const refs = [
      await (await openForTest(one)).put(text),
      await (await openForTest(other, undefined, 'another key of thirty-two characters')).put(text),
    ]
    expect(new Set(refs).size).toBe(2)
    for (const file of [one, `${one}-wal`]) expect(readFileSync(file).includes('canary')).toBe(false)
  })

  test('is copied as it is at one moment, and the copy is a store', async () => {
    const [path, copy] = [freshPath(), freshPath()]
    const store = await openForTest(path)
    const [, under] = [await store.append('x1', [RESUMED]), store.append('x1', [ENTERED])]
    writeFileSync(copy, '', { mode: 0o600 })
    await store.copyInto(copy)
    await under
    await store.append('x1', [ENTERED])
    const other = await openForTest(copy)
    expect([other.id, (await other.verifyChain()).seq]).toEqual([store.id, 2])
  })
})

describe('a store of chains that is only read', () => {
  const readOnly = async (path: string, elsewhere: Journal['append']) => {
    const options = {
      path,
      installKey: KEY,
      clock: new VirtualClock(),
      elsewhere: { append: () => elsewhere, changeNotes: async () => false },
    }
    const store = await openReadOnly(options)
    onTestFinished(() => store.close())
    return store
  }

  test('reads what another connection has written since, and has its appends taken elsewhere', async () => {
    const path = freshPath()
    const writer = await openForTest(path)
    const store = await readOnly(path, writer.append)
    await writer.append('x1', [RESUMED])
    expect(await store.read('x1')).toHaveLength(1)
    await store.as(ALICE).append('x1', [ENTERED], 1)
    expect((await store.executions()).map(({ last }) => last.seq)).toEqual([2])
    expect((await store.verifyChain()).seq).toBe(2)
  })

  test('writes nothing, and makes no file', async () => {
    const path = freshPath()
    await openForTest(path)
    const store = await readOnly(path, async () => [])
    expect(await thrownBy(() => store.put('a text'))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('it is read-only'),
    })
    expect(await thrownBy(() => readOnly(freshPath(), async () => []))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('it cannot be opened'),
    })
  })
})

describe('appends that come together', () => {
  const ends = (calls: readonly Promise<readonly { readonly seq: number }[]>[]) =>
    Promise.all(
      calls.map((call) =>
        call.then(
          (written) => written.map(({ seq }) => seq),
          ({ kind }) => kind as string,
        ),
      ),
    )

  test('fail together where the store fails: nothing of them is written, taken or used, and the next ones are', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED], 0)
    changed(
      path,
      `CREATE TRIGGER breaks BEFORE INSERT ON event WHEN new.pos = 5 BEGIN SELECT RAISE(ABORT, 'the disk broke'); END`,
    )
    const key = { key: 'CHG1', of: 'sha256:00' }
    const started: EventBody = { type: 'ExecutionRedriven' }
    const group = () => [
      store.append('y1', [RESUMED, STAGED], 0),
      store.append('y2', [started, ENTERED], 0),
      store.append(undefined, [
        { type: 'ScheduleFired', schedule: 'h', instant: '2026-01-05T08:00:00.000Z', does: key.key },
      ]),
    ]
    expect(await ends(group())).toEqual(['store', 'store', 'store'])
    expect((await store.head()).seq).toBe(1)
    expect(await store.leaseOf('leaf1')).toBeUndefined()
    changed(path, 'DROP TRIGGER breaks')
    expect(await ends(group())).toEqual([[2, 3], [4, 5], [6]])
    expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'y1', token: 1 })
    expect((await store.verifyChain()).seq).toBe(6)
  })

  test('take no switch by a group that was not written', async () => {
    const path = freshPath()
    const [one, other] = [await openForTest(path), await openForTest(path)]
    // The first of two that come together is written, and then the second is not.
    changed(
      path,
      "CREATE TRIGGER full BEFORE INSERT ON event WHEN new.pos = 2 BEGIN SELECT RAISE(FAIL, 'disk full'); END",
    )
    expect(await ends([one.append('x1', [STAGED]), one.append('x9', [ENTERED])])).toEqual(['store', 'store'])
    changed(path, 'DROP TRIGGER full')
    await other.append('x2', [STAGED])
    await other.append('x2', [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }])
    await one.append('x1', [STAGED])
    expect(await one.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 2 })
  })

  test('go on where a checkpoint, or how far a receiver is, could not be written', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('x1', [RESUMED])
    changed(path, "CREATE TRIGGER full BEFORE UPDATE ON register_head BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({ kind: 'store' })
    expect(await thrownBy(() => store.audit.delivered('sink siem', 1))).toMatchObject({ kind: 'store' })
    changed(path, 'DROP TRIGGER full')
    await store.append('x1', [ENTERED])
    expect(await store.audit.newestCheckpoint()).toBeUndefined()
    await store.audit.checkpoint()
    expect((await store.verifyChain()).seq).toBe(2)
    expect((await (await openForTest(path)).read('x1')).length).toBe(2)
  })

  test('begin nothing, and lead no change on, while records are known to be missing', async () => {
    const store = await openForTest(freshPath())
    await store.append('x1', [RESUMED, STAGED])
    const records = [{ chain: 'x1', n: 3, hash: '00'.repeat(32) }]
    await store.append(undefined, [{ type: 'RecordsMissed', records, through: 3 }])
    const armed: EventBody = { type: 'ActIntended', act: 'arm', device: 'leaf1', session: 's', seconds: 60 }
    for (const event of [armed, RESUMED])
      expect(await thrownBy(() => store.append('x1', [event]))).toMatchObject({ kind: 'guard' })
    await store.append('x1', [ENTERED])
    await store.append(undefined, [
      { type: 'StoreRestored', principal: ALICE, reason: 'disk', records: 4, open: ['x1'] },
    ])
    await store.append('x1', [RESUMED])
  })

  test('wait in memory for a verification, and go on beside one in a file', async () => {
    for (const path of [':memory:', freshPath()]) {
      const store = await openForTest(path)
      await store.append('x1', [RESUMED])
      const verified = store.verifyChain()
      const written = store.append('x1', [ENTERED])
      await Promise.all([verified, written])
      expect((await store.verifyChain()).seq).toBe(2)
    }
  })

  test('wait in memory until no view is open, in the order of the calls', async () => {
    const views = new Views(new Connection(new Database(':memory:'), ':memory:'))
    const heard: string[] = []
    const view = views.view(async () => {
      views.whenFree(() => heard.push('first'))
      views.free(() => heard.push('second')).catch((error: unknown) => heard.push(String(error)))
      await new Promise<void>((done) => setImmediate(done))
      heard.push('read')
    })
    await Promise.all([view, views.view(async () => heard.push('the next view'))])
    expect(heard).toEqual(['read', 'first', 'second', 'the next view'])
  })
})
