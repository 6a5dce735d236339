import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Notes } from '../../../../src/change/record/store/notes.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { describeNotes } from '../notes-contract.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshPath, openForTest } from './open-for-test.ts'

const LONG = { lasts: 60_000 }

describeNotes('in a file', async (processes) => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  const all: Notes[] = []
  for (let at = 0; at < processes; at += 1) all.push((await openForTest(path, clock)).notes)
  const countOf = async (kind: string) => {
    const database = new Database(path, { readonly: true })
    const kept = database.prepare<[string], number>('SELECT count(*) FROM note WHERE kind = ?').pluck().get(kind)
    database.close()
    return kept ?? 0
  }
  return { all, wait: (milliseconds) => clock.advance(milliseconds), countOf }
})

test('no clock that is set back makes a note last longer for a process that has the store open', async () => {
  let now = Date.UTC(2026, 0, 5, 8)
  let passed = 0
  const clock = { now: () => now, monotonic: () => passed, sleep: async () => undefined }
  const { notes } = await openForTest(':memory:', clock)
  await notes.put('link', 'secret', '', { lasts: 1_000 })
  now -= 3_600_000
  passed += 999
  expect((await notes.read('link', 'secret'))?.left).toBe(1)
  passed += 1
  expect(await notes.take('link', 'secret')).toBeUndefined()
})

test('a backup that becomes the store has none: what was used since, and who has logged out, is not known to it', async () => {
  const store = await openForTest(freshPath())
  await store.notes.put('link', 'secret', '', LONG)
  const path = freshPath()
  await store.copyInto(path)
  chmodSync(path, 0o600)
  expect(await store.notes.take('link', 'secret')).toBe('')
  const restored = await openForTest(path)
  await restored.append(undefined, [{ type: 'StoreRestored', principal: ALICE, reason: 'r', records: 1, open: [] }])
  expect([await restored.notes.take('link', 'secret'), await restored.notes.put('link', 'new', '', LONG)]).toEqual([
    undefined,
    true,
  ])
  await restored.verifyChain()
  await restored.close()
  const again = await openForTest(path)
  expect([await again.notes.take('link', 'secret'), await again.notes.take('link', 'new')]).toEqual([undefined, ''])
})
