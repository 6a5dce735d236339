import { describe, expect, test } from 'vitest'
import { notUndone, type UndonePlan } from '../../../src/change/policy/approval-case.ts'
import type { PlanRun } from '../../../src/model/plan-run.ts'

/** An undo that was approved as record 20, at 12:00. */
const GIVEN = {
  statement: { nonce: '00', notBefore: '2026-01-05T12:00:00.000Z', maxRuns: 1 },
  record: 20,
} as const

const early = { record: 10, at: '2026-01-05T11:00:00.000Z', isRefused: false } as const
const late = { record: 40, at: '2026-01-05T13:00:00.000Z', isRefused: false } as const

const run = (execution: string, rest: Partial<PlanRun> = {}) => ({ execution, began: 30, ...rest })
const sent = (...executions: readonly string[]) => executions.map((execution) => ({ nonce: '01', execution }))

describe('the approval of an undo', () => {
  test.each<[string, UndonePlan]>([
    [
      'counts for the next execution that has sent the plan',
      { by: 'x1', runs: [run('x1', { ended: late })], uses: sent('x1') },
    ],
    [
      'counts for one that waited for it already',
      { by: 'x1', runs: [run('x1', { began: 5, ended: late })], uses: sent('x1') },
    ],
    [
      'counts behind an execution that had ended before',
      { by: 'x2', runs: [run('x1', { began: 5, ended: early }), run('x2', { ended: late })], uses: sent('x1', 'x2') },
    ],
    [
      'counts behind an execution that has sent nothing',
      { by: 'x2', runs: [run('x1', { ended: late }), run('x2', { ended: late })], uses: sent('x2') },
    ],
    [
      'counts for the one that was sent first, whichever began first',
      { by: 'x2', runs: [run('x1'), run('x2', { ended: late })], uses: sent('x2') },
    ],
    ['counts for one of a plan that needs no approval', { by: 'x1', runs: [run('x1', { ended: late })], uses: [] }],
    ['is not asked for which while nobody rolls anything back', { by: undefined, runs: [], uses: [] }],
  ])('%s', (_what, undone) => {
    expect(notUndone(GIVEN, undone)).toBeUndefined()
  })

  test.each<[string, UndonePlan, string]>([
    [
      'another execution than the next one',
      { by: 'x2', runs: [run('x1', { ended: late }), run('x2', { ended: late })], uses: sent('x1', 'x2') },
      'the undo was approved for x1, which was the next to send the plan; approve this rollback by itself',
    ],
    [
      'one that had ended when it was given',
      { by: 'x1', runs: [run('x1', { began: 5, ended: early })], uses: sent('x1') },
      'the undo was approved when every execution of the plan had ended',
    ],
    [
      'one that had ended when it was signed elsewhere, by its time',
      {
        by: 'x1',
        runs: [run('x1', { began: 5, ended: { ...late, at: '2026-01-05T11:59:59.000Z', record: 15 } })],
        uses: sent('x1'),
      },
      'the undo was approved when every execution of the plan had ended',
    ],
    [
      'one that has sent nothing',
      { by: 'x1', runs: [run('x1', { ended: { ...late, isRefused: true } })], uses: [] },
      'the undo was approved when every execution of the plan had ended',
    ],
    [
      'one that somebody has stopped since',
      { by: 'x1', runs: [run('x1', { ended: late, stopped: late })], uses: sent('x1') },
      'the approval of the undo lapsed when x1 was stopped',
    ],
    [
      'one behind which another one has sent the plan again',
      { by: 'x1', runs: [run('x1', { ended: late }), run('x2', { ended: late })], uses: sent('x1', 'x2') },
      'the approval of the undo lapsed when x2 sent the plan again',
    ],
    [
      'one that began before the one that was sent first',
      { by: 'x1', runs: [run('x1', { ended: late }), run('x2', { ended: late })], uses: sent('x2', 'x1') },
      'the undo was approved for x2, which was the next to send the plan; approve this rollback by itself',
    ],
    [
      'an execution that was not begun to roll anything back',
      { by: '', runs: [run('x1', { ended: late })], uses: sent('x1') },
      'the undo was approved for x1, which was the next to send the plan; approve this rollback by itself',
    ],
    [
      'the next one, where one has sent the plan since',
      { by: undefined, runs: [run('x1', { ended: late })], uses: sent('x1') },
      'the undo was approved for x1, which has sent the plan; approve it again',
    ],
    [
      'a plan that somebody has rejected',
      { by: 'x1', runs: [run('x1', { ended: late })], uses: sent('x1'), rejectedBy: 'ssh:bob' },
      'ssh:bob has rejected the plan, and with it its undo',
    ],
  ])('does not count for %s', (_what, undone, reason) => {
    expect(notUndone(GIVEN, undone)).toBe(reason)
  })
})
