import { describe, expect, test } from 'vitest'
import { taskNamed } from '../../../src/change/engine/change-tasks.ts'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { next } from '../../../src/change/engine/next.ts'
import { outcomeOfCompensation } from '../../../src/change/engine/outcome.ts'
import type { Effect, ExecutionState, ScopeState } from '../../../src/change/engine/state.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { journalled, started } from './machine.ts'
import { play } from './table.ts'

const NOW = Date.UTC(2026, 10, 20, 1)
const ID = '20261120-000000-00c0ffee'
const wave0 = 'RollOutWaves[0]'
const leaf1 = 'RollOutWaves[0].RollOutWave[0]'
const leaf2 = 'RollOutWaves[0].RollOutWave[1]'

/** Effects in a form that reads: records as their type and place, tasks by key. */
const said = (effects: readonly Effect[]) => effects.map(saidOne)

function saidOne(effect: Effect) {
  switch (effect.effect) {
    case 'record':
      return saidEvent(effect.event)
    case 'enter':
      return `StateEntered ${effect.path}/${effect.state}`
    case 'evaluate':
      return `evaluate ${effect.path}/${effect.step}`
    case 'wake':
      return `wake ${effect.path} ${new Date(effect.until).toISOString()}`
    case 'listen':
      return `listen ${effect.path}`
    case 'task':
      return `task ${effect.key}${effect.begun ? ' recover' : ''}`
    default:
      return `${effect.effect} ${effect.key}`
  }
}

function saidEvent(event: EventBody) {
  const place = 'path' in event ? ` ${event.path}/${event.state}` : ''
  return event.type === 'ExecutionEnded'
    ? `${event.type} ${event.outcome} ${JSON.stringify(event.devices)}`
    : `${event.type}${place}`
}

const nextAfter = (...bodies: EventBody[]) => said(next(foldAll(ID, journalled(...bodies)), NOW))

const entered = (path: string, state: string): EventBody => ({ type: 'StateEntered', path, state })
const begun = (path: string, state: string): EventBody => ({ type: 'TaskStarted', path, state, attempt: 1 })
const good = (path: string, state: string): EventBody => ({ type: 'TaskSucceeded', path, state, output: {} })
const bad = (path: string, state: string): EventBody => ({
  type: 'TaskFailed',
  path,
  state,
  error: { kind: 'verification', message: 'not good' },
})
const lost = (path: string, state: string): EventBody => ({
  type: 'StateFailed',
  path,
  state,
  error: { kind: 'verification', message: 'not good' },
})
const exited = (path: string, state: string): EventBody => ({ type: 'StateExited', path, state, output: {} })
const planned = (...waves: string[][]): EventBody[] => [
  entered('', 'Plan'),
  begun('', 'Plan'),
  { type: 'PlanMade', digest: 'sha256:aa', plan: 'blob:aa', waves, unchanged: [] },
  good('', 'Plan'),
]
const approved: EventBody[] = [
  exited('', 'Plan'),
  entered('', 'Approve'),
  begun('', 'Approve'),
  good('', 'Approve'),
  exited('', 'Approve'),
]
const twoInOneWave: EventBody[] = [
  started(['leaf1', 'leaf2']),
  ...planned(['leaf1', 'leaf2']),
  ...approved,
  entered('', 'RollOutWaves'),
  { type: 'MapStarted', path: '', state: 'RollOutWaves', items: [['leaf1', 'leaf2']], maxConcurrency: 1 },
  entered(wave0, 'RollOutWave'),
  { type: 'MapStarted', path: wave0, state: 'RollOutWave', items: ['leaf1', 'leaf2'], maxConcurrency: 10 },
]
const oneLost = [
  ...twoInOneWave,
  entered(leaf1, 'Push'),
  entered(leaf2, 'Push'),
  begun(leaf1, 'Push'),
  begun(leaf2, 'Push'),
  bad(leaf1, 'Push'),
  lost(leaf1, 'Push'),
]
const armed = (device: string): EventBody[] => [
  { type: 'ActIntended', device, act: 'stage', session: 'eosflow-00c0ffee-2', checkpoint: 'eosflow-00c0ffee' },
  {
    type: 'ActFinished',
    device,
    act: 'stage',
    session: 'eosflow-00c0ffee-2',
    outcome: 'done',
    base: 'blob:b',
    target: 'blob:t',
  },
  { type: 'ActIntended', device, act: 'arm', session: 'eosflow-00c0ffee-2', seconds: 600 },
]

describe('next', () => {
  const table: { name: string; events: EventBody[]; effects: string[] }[] = [
    { name: 'nothing is on record', events: [], effects: [] },
    {
      name: 'one switch is ahead of the other',
      events: [
        ...twoInOneWave,
        entered(leaf1, 'Push'),
        entered(leaf2, 'Push'),
        begun(leaf1, 'Push'),
        good(leaf1, 'Push'),
      ],
      effects: [`evaluate ${leaf1}/finish`, `evaluate ${leaf2}/begin`],
    },
    {
      name: 'a failure that nothing handles ends the scope',
      events: [...twoInOneWave, entered(leaf1, 'Push'), begun(leaf1, 'Push'), bad(leaf1, 'Push')],
      effects: [`StateEntered ${leaf2}/Push`, `StateFailed ${leaf1}/Push`],
    },
    {
      name: 'a failed sibling drains what runs and begins nothing',
      events: oneLost,
      effects: [`end ${leaf2}/Push/16/1`],
    },
    {
      name: 'a drained Map fails',
      events: [...oneLost, good(leaf2, 'Push')],
      effects: [`StateAborted ${leaf2}/Push`],
    },
    {
      name: 'a Map whose children have all ended fails with the first failure',
      events: [...oneLost, good(leaf2, 'Push'), { type: 'StateAborted', path: leaf2, state: 'Push' }],
      effects: [`MapFailed ${wave0}/RollOutWave`],
    },
    {
      name: 'compensation puts back what was touched, and only that',
      events: [
        ...twoInOneWave,
        ...armed('leaf1'),
        { type: 'CompensationStarted', reason: 'failure', error: { kind: 'verification', message: 'not good' } },
      ],
      effects: ['undo undo/leaf1'],
    },
    {
      name: 'a Wait begins with its end on record',
      events: [started(['leaf1']), ...planned(['leaf1']), entered('', 'Pause')],
      effects: ['evaluate /begin'],
    },
    {
      name: 'a Wait whose time has come is left',
      events: [
        started(['leaf1']),
        entered('', 'Pause'),
        { type: 'WaitStarted', path: '', state: 'Pause', until: '2026-11-20T00:59:59.000Z' },
      ],
      effects: ['evaluate /finish'],
    },
    {
      name: 'a Wait sleeps until its time',
      events: [
        started(['leaf1']),
        entered('', 'Pause'),
        { type: 'WaitStarted', path: '', state: 'Pause', until: '2026-11-20T01:00:01.000Z' },
      ],
      effects: ['wake  2026-11-20T01:00:01.000Z'],
    },
    {
      name: 'a machine that comes to its end with a switch under its timer has failed',
      events: [
        started(['leaf1']),
        ...planned(['leaf1']),
        ...armed('leaf1'),
        entered('', 'Done'),
        { type: 'StateExited', path: '', state: 'Done', output: {} },
      ],
      effects: ['CompensationStarted'],
    },
  ]

  test.each(table)('$name', ({ events, effects }) => {
    expect(nextAfter(...events)).toEqual(effects)
  })
})

const stateAfter = (...events: EventBody[]): ExecutionState =>
  foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
const saidOf = (effect: Effect) =>
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
