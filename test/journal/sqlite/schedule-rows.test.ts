import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const INSTANT = '2026-01-05T09:00:00.000Z'
const fired = (schedule: string): EventBody => ({ type: 'ScheduleFired', schedule, instant: INSTANT, does: 'drift' })

describe('the records of schedules', () => {
  test.each([
    ['an instant that was put off', `UPDATE register SET body = replace(body, 'T09', 'T10') WHERE pos = 1`, 1],
    ['a cut end of their chain', 'DELETE FROM register WHERE pos = 2', 2],
    ['another schedule', `UPDATE register SET body = replace(body, '"a"', '"c"') WHERE pos = 1`, 1],
  ])('are not believed where the file was altered: %s', async (_name, change, seq) => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append(undefined, [fired('a'), fired('b')])
    expect(await store.schedules()).toHaveLength(2)
    tamper(path, change)
    expect(await thrownBy(() => store.schedules())).toMatchObject({ kind: 'store', seq })
  })
})
