import { Map as PersistentMap } from 'immutable'
import { describe, expect, test } from 'vitest'
import { approvalPort } from '../../src/engine/approval.ts'
import { taskNamed } from '../../src/engine/change-tasks.ts'
import type { Effect } from '../../src/engine/effect.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { KeptPlan } from '../../src/engine/kept-plan.ts'
import type { Ledger } from '../../src/engine/ledger.ts'
import { next } from '../../src/engine/next.ts'
import { outcomeOfCompensation } from '../../src/engine/outcome.ts'
import { plannedBase } from '../../src/engine/planned-bases.ts'
import type { ChangePorts } from '../../src/engine/ports.ts'
import { redriven } from '../../src/engine/redrive.ts'
import { foldSites, ONE_SITE } from '../../src/engine/sites.ts'
import type { ExecutionState, ScopeState } from '../../src/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import type { ApprovalRefusal } from '../../src/policy/approval-case.ts'
import { journalled, started } from './machine.ts'
import { play } from './table.ts'

/** Guards of the engine that could be put wrong one by one while every other test stayed green. */

const NOW = Date.UTC(2026, 10, 20, 1)
const stateAfter = (...events: EventBody[]): ExecutionState =>
  foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
const saidOf = (effect: Effect): string =>
  effect.effect === 'record' ? effect.event.type : 'key' in effect ? `${effect.effect} ${effect.key}` : effect.effect

/** The same with its root scope otherwise. */
function withRoot(state: ExecutionState, root: Partial<ScopeState>): ExecutionState {
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
const act = (name: 'stage' | 'arm' | 'confirm' | 'save'): EventBody[] => [
  {
    type: 'ActIntended',
    device: 'leaf1',
    act: name,
    session: 'eosflow-00c0ffee-1',
    ...(name === 'stage' ? { checkpoint: 'eosflow-00c0ffee' } : {}),
    ...(name === 'arm' ? { seconds: 300 } : {}),
  },
  { type: 'ActFinished', device: 'leaf1', act: name, session: 'eosflow-00c0ffee-1', outcome: 'done' },
]

describe('what an execution does next', () => {
  test('a task whose time is over when it is taken up is ended, and not asked about before', () => {
    const late = withRoot(stateAfter(plan, planBegun), { deadline: NOW - 1 })
    expect(next(late, NOW).map(saidOf)).toEqual(['end /Plan/2/1'])
  })

  test('[P20] before an execution in doubt ends well the switches are asked that nothing on record has touched', () => {
    const done = withRoot(stateAfter(plan, planBegun), { phase: 'left', result: 'done' })
    expect(next(done, NOW).map(saidOf)).toEqual(['ExecutionEnded'])
    expect(next({ ...done, isRestored: true }, NOW).map(saidOf)).toEqual(['undo undo/leaf1'])
  })

  test('[P20] an execution that is put back, and has left a saved change on a switch, is not said to be put back', () => {
    const saved = stateAfter(...act('stage'), ...act('arm'), ...act('confirm'), ...act('save'), stopped)
    expect(outcomeOfCompensation(saved)).toBe('unknown')
  })

  test.each([
    [{ Error: 'Full', Cause: 'no room' }, 'Full: no room'],
    [{ Cause: 'no room' }, 'no room'],
    [{ Error: 'Full' }, 'Full'],
    [{}, 'Ends says so'],
  ])('a Fail state with %j says %s', async (said, message) => {
    const { state } = await play({ states: { Ends: { Type: 'Fail', ...said } } })
    expect(state.compensation?.error.message).toBe(message)
  })

  test('no task is called by a name that is none', () => {
    expect(() => taskNamed('pushed')).toThrow('no such task: pushed')
    expect(taskNamed('push').name).toBe('push')
  })
})

describe('a redriven execution', () => {
  const ended = (...before: EventBody[]): ExecutionState =>
    stateAfter(...before, stopped, { type: 'ExecutionEnded', outcome: 'refused', devices: {}, records: 1 } as never)
  const again = (state: ExecutionState): ExecutionState => redriven(state, { at: '2026-11-20T02:00:00.000Z', seq: 99 })

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

  test.each([
    ['reverted', undefined],
    ['untouched', undefined],
    ['unknown', 'blob:j'],
    ['changed', 'blob:j'],
  ] as const)('whose switch is %s at its end compares with what was before: %s', (end, judged) => {
    const left = { ...ended(plan), judged: 'blob:j', ends: PersistentMap({ leaf1: { end, detail: '' } }) }
    expect(again(left as never).judged).toBe(judged)
  })

  test('leaves out what was left out before the plan, where that has looked at the others already', () => {
    const out = { ...ended(plan), leftOut: PersistentMap({ leaf1: { why: 'it does not answer' } as never }) }
    expect([...again({ ...out, snapshot: 'blob:s' }).leftOut.keys()]).toEqual(['leaf1'])
    expect([...again(out).leftOut.keys()]).toEqual([])
  })
})

test('[P20] of two decisions at a barrier the first one is in force', () => {
  const at = '2026-11-20T01:00:00.000Z'
  const go = { type: 'BarrierDecided', barrier: 'push', decision: 'released', reason: 'all are ready', at } as const
  const stop = { type: 'BarrierDecided', barrier: 'push', decision: 'refused', reason: 'too late', at } as const
  const decided = [go, stop].reduce((before, event) => foldSites(before, event), ONE_SITE)
  expect(decided.decided).toEqual({ push: { decision: 'released', reason: 'all are ready' } })
})

test('what a switch ran when a plan was made is looked for in the two hundred newest executions', async () => {
  const ids = Array.from({ length: 201 }, (_, index) => `x${index}`)
  const keptBy = (id: string) =>
    plannedBase(
      {
        texts: { get: async (ref: string) => (ref === 'blob:bases' ? '{"leaf1":"blob:leaf1"}' : `text of ${ref}`) },
        executionIds: async (most?: number) => ids.slice(0, most),
        readExecution: async (one: string) =>
          one === id
            ? ([{ type: 'PlanMade', digest: 'sha256:aa', bases: 'blob:bases' }] as unknown as JournalEvent[])
            : [],
      } as unknown as ChangePorts,
      'sha256:aa',
      'leaf1',
    )
  expect([await keptBy('x199'), await keptBy('x200')]).toEqual(['text of blob:leaf1', undefined])
})

test.each<[ApprovalRefusal['status'], boolean]>([
  ['rejected', true],
  ['tampered', true],
  ['stale', true],
  ['missing', false],
  ['expired', false],
])(
  'an approval that is %s ends the wait at once: %s; nobody is asked for another word then',
  async (status, isFinal) => {
    const appended: string[] = []
    let asked = 0
    const port = approvalPort(
      {
        approvals: {
          judge: async () => ({ status, condition: 'c', reason: 'why' }),
          ask: async () => {
            asked += 1
            return 'nobody'
          },
        },
      } as unknown as ChangePorts,
      {
        state: stateAfter(plan),
        append: async ({ type }: EventBody) => void appended.push(type),
      } as unknown as Ledger,
      { get: async () => ({ digest: 'sha256:aa', content: { devices: [] } }) } as unknown as KeptPlan,
    )
    const ended = await port.obtain(new AbortController().signal).catch((error: Error) => error.message)
    expect([asked, appended[0]]).toEqual(isFinal ? [0, 'ApprovalInvalidated'] : [1, 'ApprovalRequested'])
    expect(ended).toBe(status === 'missing' ? 'waiting' : 'why')
  },
)
