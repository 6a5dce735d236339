import { expect, test } from 'vitest'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import { decidedEvents } from '../../../src/features/hook/hook-keys.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { freshPath, openForTest } from '../../change/record/sqlite/open-for-test.ts'

const DAY = 86_400_000

test('an event is known for seven days, to this process and to the next one', async () => {
  const clock = new VirtualClock()
  const path = freshPath()
  const first = await openForTest(path, clock)
  expect(await decidedEvents(first.notes).has('hook:a:1')).toBe(false)
  await decidedEvents(first.notes).add('hook:a:1')
  await first.close()
  const decided = decidedEvents((await openForTest(path, clock)).notes)
  expect([await decided.has('hook:a:1'), await decided.has('hook:b:1'), await decided.has('hook:a:2')]).toEqual([
    true,
    false,
    false,
  ])
  await clock.advance(7 * DAY - 1)
  expect(await decided.has('hook:a:1')).toBe(true)
  await clock.advance(1)
  expect(await decided.has('hook:a:1')).toBe(false)
})

test('of those that were decided about the newest 10,000 are known', async () => {
  const terms: object[] = []
  const set: Notes['set'] = async (kind, name, text, term) => {
    terms.push({ kind, name, text, ...term })
  }
  await decidedEvents({ set } as Partial<Notes> as Notes).add('hook:a:1')
  expect(terms).toEqual([{ kind: 'event', name: 'hook:a:1', text: '', lasts: 604_800_000, most: 10_000 }])
})
