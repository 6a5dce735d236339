import { Map as PersistentMap } from 'immutable'
import { describe, expect, test } from 'vitest'
import { foldAll, redriven } from '../../../src/change/engine/fold.ts'
import type { ExecutionState, ScopeState } from '../../../src/change/engine/state.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { journalled, started } from './machine.ts'

const stateAfter = (...events: EventBody[]) =>
  foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
/** The same with its root scope otherwise. */
function withRoot(state: ExecutionState, root: Partial<ScopeState>) {
  const before = state.scopes.get('')
  if (before === undefined) throw new RangeError('no root')
  return { ...state, scopes: state.scopes.set('', { ...before, ...root }) }
}

const plan: EventBody = { type: 'StateEntered', path: '', state: 'Plan' }

const planBegun: EventBody = { type: 'TaskStarted', path: '', state: 'Plan', attempt: 1 }

const stopped: EventBody = {
  type: 'CompensationStarted',
  reason: 'failure',
  error: { kind: 'verification', message: 'not good' },
}

describe('a redriven execution', () => {
  const ended = (...before: EventBody[]) =>
    stateAfter(...before, stopped, { type: 'ExecutionEnded', outcome: 'refused', devices: {}, records: 1 })
  const again = (state: ExecutionState) => redriven(state, { at: '2026-11-20T02:00:00.000Z', seq: 99 })

  test('[P20] does not do once more what was done when it ended', () => {
    const left = ended(
      plan,
      planBegun,
      { type: 'PlanMade', digest: 'sha256:aa', plan: 'blob:aa', waves: [['leaf1']], unchanged: [] },
      { type: 'TaskSucceeded', path: '', state: 'Plan', output: {} },
      { type: 'StateExited', path: '', state: 'Plan', output: {} },
    )
    const { scopes } = again(withRoot(left, { result: 'failed' }))
    expect(scopes.get('')).toMatchObject({ phase: 'left', result: 'open', next: 'Approve', visit: 2 })
  })

  const measured = { type: 'JudgesMeasured', judges: ['prometheus core'], before: 'blob:j', series: 1 } as const
  test.each([
    ['reverted', undefined],
    ['untouched', undefined],
    ['unknown', measured],
    ['changed', measured],
  ] as const)('whose switch is %s at its end compares with what was before: %s', (end, noted) => {
    const left = { ...ended(plan, measured), ends: PersistentMap({ leaf1: { end, detail: '' } }) }
    expect(again(left).noted.JudgesMeasured).toEqual(noted && expect.objectContaining(noted))
  })

  test('leaves out what was left out before the plan, where that has looked at the others already', () => {
    const out = { ...ended(plan), leftOut: PersistentMap({ leaf1: { why: 'it does not answer' } as never }) }
    expect([...again({ ...out, snapshot: 'blob:s' }).leftOut.keys()]).toEqual(['leaf1'])
    expect([...again(out).leftOut.keys()]).toEqual([])
  })
})
