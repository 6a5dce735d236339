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

  test('of an instant that somebody has decided about are one, whoever asks', async () => {
    const path = freshPath()
    const [mine, other] = [await openForTest(path), await openForTest(path)]
    await mine.append(undefined, [fired('a')])
    expect(await thrownBy(() => other.append(undefined, [fired('a')]))).toMatchObject({
      kind: 'busy',
      message: 'another process has decided about this instant of the schedule',
    })
    expect((await other.verifyChain()).seq).toBe(1)
  })
})
