import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { openReadOnly } from '../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { ALICE } from '../../change/record/one-of-each-event.ts'
import { freshPath, KEY, openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const NOTE: EventBody = { type: 'SuspendRequested', suspended: 'x', reason: 'y' }

test('a store that is opened for reading sees what the writer appends, and can write nothing, not even a mark', async () => {
  const path = freshPath()
  const writer = await openForTest(path)
  await writer.append(undefined, [NOTE])
  const asked: EventBody[] = []
  const reader = await openReadOnly({
    path,
    installKey: KEY,
    clock: new VirtualClock(),
    elsewhere: {
      append: () => async (_, events) => {
        asked.push(...events)
        return []
      },
      changeNotes: writer.changeNotes,
    },
  })
  onTestFinished(() => reader.close())
  const before = reader.foreignWrites()
  expect((await reader.head()).seq).toBe(1)
  await writer.append(undefined, [NOTE, NOTE])
  expect(reader.foreignWrites()).not.toBe(before)
  expect((await reader.head()).seq).toBe(3)
  expect((await reader.tail()).events).toEqual([])
  expect(await reader.executions()).toEqual([])
  expect(await reader.verifyChain()).toMatchObject({ seq: 3 })
  // What is kept for a while is written by whoever writes, and is there for both.
  expect(await reader.notes.put('session', 'a', 'who', { lasts: 1_000 })).toBe(true)
  expect([await reader.notes.take('session', 'a'), await writer.notes.read('session', 'a')]).toEqual(['who', undefined])
  // What is appended goes to whoever writes, and the artefacts and checkpoints of this connection go nowhere.
  expect(await reader.as(ALICE).append(undefined, [NOTE])).toEqual([])
  expect(asked).toEqual([NOTE])
  await expect(reader.put('a text')).rejects.toMatchObject({
    kind: 'store',
    message: expect.stringMatching(/read-only/),
  })
  await expect(reader.copyInto(join(temporaryFolder(), 'copy.db'))).rejects.toMatchObject({ kind: 'store' })
  await reader.audit.checkpoint().catch(() => undefined)
  expect((await writer.head()).seq).toBe(3)
  const bytes = readFileSync(path)
  await reader.close()
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a store under another key is refused, and one that is not there is not made', async () => {
  const path = freshPath()
  const options = {
    path,
    clock: new VirtualClock(),
    elsewhere: { append: () => async () => [], changeNotes: async () => false },
  }
  await expect(openReadOnly({ ...options, installKey: KEY })).rejects.toThrow(/cannot be opened/)
  await openForTest(path)
  await expect(openReadOnly({ ...options, installKey: 'f'.repeat(64) })).rejects.toThrow(/written under another key/)
})
