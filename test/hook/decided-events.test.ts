import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DecidedEvents } from '../../src/app/hook/decided-events.ts'
import { temporaryFolder } from '../lab/folder.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 0, 5, 8)

const folder = (): string => join(temporaryFolder(), 'events-decided')

test('an event is known for seven days, to this process and to the next one', async () => {
  const where = folder()
  const decided = new DecidedEvents(where)
  expect(await decided.has('hook:a:1', NOW)).toBe(false)
  await decided.add('hook:a:1', NOW)
  const after = new DecidedEvents(where)
  for (const one of [decided, after]) {
    expect([
      await one.has('hook:a:1', NOW),
      await one.has('hook:a:1', NOW + 7 * DAY - 1),
      await one.has('hook:a:1', NOW + 7 * DAY),
      await one.has('hook:b:1', NOW),
      await one.has('hook:a:2', NOW),
    ]).toEqual([true, true, false, false, false])
  }
})

test('what is over is forgotten, and what nobody has written here is left alone', async () => {
  const where = folder()
  const decided = new DecidedEvents(where)
  for (let hour = 0; hour < 5; hour += 1) await decided.add(`hook:a:${hour}`, NOW + hour * 3_600_000)
  writeFileSync(join(where, 'notes.txt'), '')
  const next = new DecidedEvents(where)
  await next.add('hook:a:new', NOW + 7 * DAY + 2 * 3_600_000)
  // Those of the first three hours are over; two are left, and the new one.
  expect(
    readdirSync(where)
      .toSorted()
      .map((name) => name.length),
  ).toEqual([78, 78, 78, 9])
  expect(await next.has('hook:a:3', NOW + 7 * DAY + 2 * 3_600_000)).toBe(true)
})
