import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { joinedWrites } from '../../../../src/change/record/sqlite/group-commit.ts'
import { freshPath, openForTest } from './open-for-test.ts'

test('a checkpoint is written with the record that comes next, and by itself where none comes', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  // Whoever opens a file with a trigger that eosflow has not made is refused: here both connections are open before.
  await store.verifyChain()
  const database = new Database(path)
  database.exec('CREATE TABLE written(newest)')
  database.exec(
    'CREATE TRIGGER counts AFTER UPDATE ON register_head BEGIN INSERT INTO written VALUES (new.newest); END',
  )
  const ended = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} } as const
  await store.append('x1', [ended])
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'plan' }])
  await store.audit.close()
  const written = database.prepare<[], number>('SELECT newest FROM written').pluck()
  const signed = database.prepare<[], number>('SELECT seq FROM checkpoint').pluck()
  expect([written.all(), signed.all()]).toEqual([[1, 2], [1]])
  await store.append('x2', [ended])
  await store.audit.close()
  expect([written.all(), signed.all()]).toEqual([
    [1, 2, 3, 3],
    [1, 3],
  ])
  database.close()
})

test('what has joined a transaction is given what became of that, once', async () => {
  const joined = joinedWrites()
  const [one, other] = [joined.add(() => 'one'), joined.add(() => 'other')]
  const taken = joined.taken()
  expect([joined.isWaiting, joined.taken().write()]).toEqual([false, undefined])
  taken.write()
  taken.settle()
  expect(await Promise.all([one, other])).toEqual(['one', 'other'])
  const failed = joined.add(() => 'third')
  joined.taken().fail(new Error('the disk is full'))
  await expect(failed).rejects.toThrow('the disk is full')
})

test('texts that are put together are one transaction, and the record that comes next in it', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  const database = new Database(path)
  database.exec('CREATE TABLE written(ref, at)')
  database.exec("CREATE TRIGGER puts AFTER INSERT ON blob BEGIN INSERT INTO written VALUES (new.ref, 'put'); END")
  database.exec("CREATE TRIGGER counts AFTER INSERT ON event BEGIN INSERT INTO written VALUES (NULL, 'event'); END")
  const refs = ['one', 'two', 'three'].map((text) => store.put(text))
  const appended = store.append('x1', [{ type: 'StateEntered', path: '', state: 'plan' }])
  const [one, two, three] = await Promise.all(refs)
  await appended
  const written = database.prepare('SELECT ref, at FROM written').all()
  expect(written).toEqual([
    { ref: one, at: 'put' },
    { ref: two, at: 'put' },
    { ref: three, at: 'put' },
    { ref: null, at: 'event' },
  ])
  expect(await Promise.all([one, two, three].map((ref) => store.get(ref ?? 'blob:none')))).toEqual([
    'one',
    'two',
    'three',
  ])
  expect(await store.put('one')).toBe(one)
  database.close()
})

test('a text that cannot be written is refused, and so is what it was written with; the next is written', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  const database = new Database(path)
  database.exec("CREATE TRIGGER full BEFORE INSERT ON blob BEGIN SELECT RAISE(ABORT, 'no room'); END")
  const put = store.put('one')
  const appended = store.append('x1', [{ type: 'StateEntered', path: '', state: 'plan' }])
  const refused = await Promise.allSettled([put, appended])
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  database.exec('DROP TRIGGER full')
  expect(await store.get(await store.put('one'))).toBe('one')
  await store.append('x1', [{ type: 'StateEntered', path: '', state: 'plan' }])
  expect(await store.read('x1')).toHaveLength(1)
  database.close()
})
