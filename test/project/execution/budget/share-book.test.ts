import { expect, test } from 'vitest'
import type { Budget } from '../../../../src/change/inventory/budget-settings.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { lackedBy, ShareBook, sharesFor } from '../../../../src/project/execution/budget/share-book.ts'
import { SWITCHES } from './contenders.ts'

const lease = (device: string, execution: string) => ({
  device,
  execution,
  token: 1,
  until: '2026-01-05T09:00:00.000Z',
})
const SPINE = (max: number) => ({ on: 'role:spine', max })

/** The record of one execution that has taken the first share of a spine under a budget of so many; or of one that knows of none. */
function recordOf(max: number | undefined) {
  const taken: EventBody = {
    type: 'SharesTaken',
    shares: [{ device: 'spine1', share: 'budget role:spine [] #1' }],
    seconds: 300,
    budgets: [{ budget: 'role:spine', max: max ?? 0 }],
    beside: [],
  }
  const began = { type: 'ExecutionResumed', at: '2026-01-05T08:00:00.000Z', seq: 1 }
  const events = max === undefined ? [began] : [began, { ...taken, at: '2026-01-05T08:01:00.000Z', seq: 2 }]
  return events as unknown as readonly JournalEvent[]
}

/** How many spines too many it is to change spine2 under these budgets, while another execution changes spine1. */
async function lackedFor(own: readonly Budget[], theirs: number | undefined) {
  const book = new ShareBook('mine', own, SWITCHES, { read: async () => recordOf(theirs) })
  const live = [lease('spine1', 'other'), ...(theirs === undefined ? [] : [lease('budget role:spine [] #1', 'other')])]
  const standing = await book.standing(book.wanted(['spine2', 'leaf1'], live), live)
  return standing.map((one) => [one.max, lackedBy(one), one.holders.map(({ since }) => since)])
}

test.each([
  ['one is allowed, and there is one', [SPINE(1)], 1, [[1, 1, ['2026-01-05T08:01:00.000Z']]]],
  ['two are allowed by both', [SPINE(2)], 2, [[2, 0, ['2026-01-05T08:01:00.000Z']]]],
  ['two are allowed here, and one by whoever has one', [SPINE(2)], 1, [[1, 1, ['2026-01-05T08:01:00.000Z']]]],
  ['one is allowed here, and two by whoever has one', [SPINE(1)], 2, [[1, 1, ['2026-01-05T08:01:00.000Z']]]],
  ['nothing is said here, and whoever has one allows one', [], 1, [[1, 1, ['2026-01-05T08:01:00.000Z']]]],
  [
    'one is allowed here, and whoever changes one knows of no budget',
    [SPINE(1)],
    undefined,
    [[1, 1, ['2026-01-05T08:00:00.000Z']]],
  ],
  ['nobody says anything', [], undefined, []],
] as const)('where %s', async (_case, own, theirs, expected) => {
  expect(await lackedFor(own, theirs)).toEqual(expected)
})

test('shares are taken from the lowest free number on, beside those below them', () => {
  const held = new Map([
    [1, lease('budget role:spine [] #1', 'x1')],
    [3, lease('budget role:spine [] #3', 'x3')],
    [5, lease('budget role:spine [] #5', 'x5')],
  ])
  const standing = { group: { on: 'role:spine' }, devices: ['a', 'b'], own: 9, max: 9, held, unshared: [], holders: [] }
  expect(sharesFor(standing)).toEqual({
    shares: [
      { device: 'a', share: 'budget role:spine [] #2' },
      { device: 'b', share: 'budget role:spine [] #4' },
    ],
    beside: [
      { share: 'budget role:spine [] #1', execution: 'x1' },
      { share: 'budget role:spine [] #3', execution: 'x3' },
    ],
  })
})
