import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const NOW = '2026-01-05T08:00:00.000Z'
const until = (hour: string, reason = 'INC-1'): EventBody => ({
  type: 'FreezeSet',
  principal: ALICE,
  reason,
  until: `2026-01-05T${hour}:00:00.000Z`,
})
const ended = (freeze: number): EventBody => ({ type: 'FreezeEnded', principal: ALICE, freeze, reason: 'solved' })

describe('the records of freezes', () => {
  test.each<[string, string, number]>([
    ['an end that was brought forward', `UPDATE register SET body = replace(body, 'T09', 'T07') WHERE pos = 1`, 1],
    ['an end that was put off', `UPDATE register SET body = replace(body, 'T07', 'T23') WHERE pos = 2`, 2],
    [
      'an end that somebody has written for another',
      `UPDATE register SET body = replace(body, '"freeze":2', '"freeze":1') WHERE pos = 3`,
      3,
    ],
  ])('are not believed where the file was altered: %s', async (_name, change, seq) => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append(undefined, [until('09'), until('07'), ended(2), until('10')])
    expect((await store.freezes(NOW)).map((one) => one.seq)).toEqual([1, 4])
    tamper(path, change)
    expect(await thrownBy(() => store.freezes(NOW))).toMatchObject({ kind: 'store', seq })
    expect(await thrownBy(() => store.append('x1', [{ type: 'ExecutionRedriven' }]))).toMatchObject({
      kind: 'store',
      seq,
    })
  })

  test('of which the newest was cut off are missed by whoever asks, and nothing begins', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append(undefined, [until('09'), until('10')])
    tamper(path, 'DELETE FROM register WHERE pos = 2')
    for (const ask of [() => store.freezes(NOW), () => store.append('x1', [{ type: 'ExecutionRedriven' }])])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 2 })
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
  })
})
