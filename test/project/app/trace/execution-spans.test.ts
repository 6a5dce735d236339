import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent, Outcome } from '../../../../src/change/record/event/event.ts'
import { ExecutionSpans } from '../../../../src/project/app/trace/tracer.ts'
import { seenSpans, treeOf } from './otlp-receiver.ts'

const EXECUTION = '20260105-080000-01234567'
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', isSampled: true }
const BEGAN = Date.UTC(2026, 0, 5, 8)
const WAVE = 'RollOutWaves[0]'
const leaf = (index: number) => `${WAVE}.RollOutWave[${index}]`

/** Records a second apart. */
function records(...bodies: readonly EventBody[]): readonly JournalEvent[] {
  return bodies.map((body, index) => ({
    v: 1,
    seq: index + 2,
    at: new Date(BEGAN + (index + 1) * 1000).toISOString(),
    actor: 'local:1000:ann@box',
    execution: EXECUTION,
    ...body,
  }))
}

function traced(taken: 'started' | 'resumed' = 'started') {
  const { spans, seen } = seenSpans()
  const of = new ExecutionSpans(spans, {
    id: EXECUTION,
    workflow: 'add-vlan',
    purpose: 'run',
    parent: CALLER,
    taken,
    at: BEGAN,
  })
  const heed = (...bodies: readonly EventBody[]) => {
    for (const event of records(...bodies)) of.heed(event)
  }
  return { of, seen, heed }
}

const entered = (state: string, path = ''): EventBody => ({ type: 'StateEntered', path, state })
const exited = (state: string, path = ''): EventBody => ({ type: 'StateExited', path, state, output: {} })
const started = (state: string, path: string, device?: string): EventBody => ({
  type: 'TaskStarted',
  path,
  state,
  attempt: 1,
  ...(device === undefined ? {} : { device }),
})
const ended = (outcome: Outcome): EventBody => ({ type: 'ExecutionEnded', outcome, devices: {} })

describe('the spans of an execution', () => {
  test('a state is a part of the Map around it, and each has the times of its records', () => {
    const { seen, heed } = traced()
    heed(
      entered('RollOutWaves'),
      entered('RollOutWave', WAVE),
      entered('Push', leaf(0)),
      entered('Push', leaf(1)),
      started('Push', leaf(0), 'leaf1'),
      started('Push', leaf(1), 'leaf2'),
      exited('Push', leaf(0)),
      exited('Push', leaf(1)),
      exited('RollOutWave', WAVE),
      exited('RollOutWaves'),
      ended('succeeded'),
    )
    expect(treeOf(seen)).toEqual([
      'execution add-vlan: succeeded',
      '  RollOutWaves: ok',
      '    RollOutWave: ok',
      '      Push: ok leaf1',
      '      Push: ok leaf2',
    ])
    expect(seen[0]).toMatchObject({
      kind: 'internal',
      parent: CALLER,
      at: BEGAN,
      attributes: {
        'cicd.pipeline.name': 'add-vlan',
        'cicd.pipeline.run.id': EXECUTION,
        'eosflow.purpose': 'run',
        'eosflow.taken': 'started',
      },
      ended: { at: BEGAN + 11_000, attributes: { 'cicd.pipeline.result': 'success' } },
    })
    expect(seen[3]).toMatchObject({ at: BEGAN + 3_000, ended: { at: BEGAN + 7_000 } })
    expect(seen[3]?.attributes).toEqual({
      'cicd.pipeline.task.name': 'Push',
      'eosflow.path': 'RollOutWaves[0].RollOutWave[0]',
    })
  })

  test('a failure says its kind and never its message', () => {
    const { seen, heed } = traced()
    const error = {
      kind: 'lost-answer',
      message: 'CANARY % Invalid input',
      command: 'CANARY',
      device: 'leaf1',
    } as const
    heed(
      entered('Push'),
      started('Push', '', 'leaf1'),
      { type: 'TaskFailed', path: '', state: 'Push', error, device: 'leaf1' },
      { type: 'StateFailed', path: '', state: 'Push', error },
      { type: 'ExecutionEnded', outcome: 'rolled-back', devices: {}, error },
    )
    expect(treeOf(seen)).toEqual(['execution add-vlan: rolled-back lost-answer', '  Push: failed leaf1 lost-answer'])
    expect(JSON.stringify(seen)).not.toContain('CANARY')
  })

  test('a failure that the workflow goes on from is none of the state', () => {
    const { seen, heed } = traced()
    const error = { kind: 'lost-answer', message: 'no answer' } as const
    heed(
      entered('Ask'),
      started('Ask', ''),
      { type: 'TaskFailed', path: '', state: 'Ask', error },
      { type: 'StateExited', path: '', state: 'Ask', output: {}, next: 'Other', caught: 0 },
    )
    expect(seen[1]?.ended).toEqual({
      at: BEGAN + 4_000,
      attributes: { 'eosflow.result': 'caught', 'eosflow.caught': 'lost-answer' },
    })
  })

  test('while a state waits for a person it has no span, and the next one has a link', () => {
    const { seen, heed } = traced()
    heed(
      entered('Approve'),
      started('Approve', ''),
      { type: 'TaskWaiting', path: '', state: 'Approve', plan: 'sha256:00' },
      { type: 'TaskSucceeded', path: '', state: 'Approve', output: null },
      exited('Approve'),
      ended('succeeded'),
    )
    expect(treeOf(seen)).toEqual(['execution add-vlan: succeeded', '  Approve: waits', '  Approve <- waits: ok'])
    expect(seen.map(({ at, ended: end }) => [at - BEGAN, (end?.at ?? 0) - BEGAN])).toEqual([
      [0, 6_000],
      [1_000, 3_000],
      [4_000, 5_000],
    ])
  })

  test('a process that goes on has spans of the states that it finds open, within those around them', () => {
    const { seen, heed } = traced('resumed')
    heed(
      started('Verify', leaf(1), 'leaf2'),
      exited('Verify', leaf(1)),
      exited('RollOutWave', WAVE),
      { type: 'TaskUndoStarted', path: '', state: 'OpenTicket', write: 3 },
      ended('cancelled'),
    )
    expect(treeOf(seen)).toEqual([
      'execution add-vlan: cancelled cancelled',
      '  RollOutWaves: ended',
      '    RollOutWave: ok',
      '      Verify: ok leaf2',
    ])
  })

  test('an execution that rests ends what is open, the innermost first, and takes nothing more', () => {
    const { of, seen, heed } = traced()
    heed(entered('RollOutWaves'), entered('RollOutWave', WAVE))
    of.rest(BEGAN + 5_000)
    heed(entered('Push', leaf(0)), ended('succeeded'))
    of.rest(BEGAN + 9_000)
    expect(treeOf(seen)).toEqual(['execution add-vlan: rests', '  RollOutWaves: rests', '    RollOutWave: rests'])
    expect(seen.map(({ ended: end }) => end?.at)).toEqual([BEGAN + 5_000, BEGAN + 5_000, BEGAN + 5_000])
  })

  test('records of another execution, and an aborted state', () => {
    const { of, seen, heed } = traced()
    heed(entered('Push', leaf(0)))
    for (const event of records(entered('Other'))) of.heed({ ...event, execution: 'another' })
    heed({ type: 'StateAborted', path: leaf(0), state: 'Push' }, { type: 'StateAborted', path: leaf(1), state: 'Push' })
    expect(treeOf(seen)).toEqual([
      'execution add-vlan (open)',
      '  RollOutWaves (open)',
      '    RollOutWave (open)',
      '      Push: aborted',
    ])
  })

  test.each([
    ['planned', 'success'],
    ['nothing-to-do', 'success'],
    ['succeeded', 'success'],
    ['tolerated', 'failure'],
    ['refused', 'failure'],
    ['rolled-back', 'failure'],
    ['cancelled', 'cancellation'],
    ['failed', 'failure'],
    ['unknown', 'error'],
  ] as const)('the outcome %s is the result %s', (outcome, result) => {
    const { seen, heed } = traced()
    heed(ended(outcome))
    expect(seen[0]?.ended).toEqual({
      at: BEGAN + 1_000,
      attributes: { 'cicd.pipeline.result': result, 'eosflow.outcome': outcome },
      ...(result === 'success' ? {} : { error: outcome }),
    })
  })
})

describe('a request to a switch', () => {
  const nameOf = (traces: ReturnType<typeof traced>, device: string) => {
    const { spanId } = traces.of.around(device)
    const one = traces.seen.find((span) => span.spanId === spanId)
    return `${one?.name} ${one?.attributes['eosflow.path'] ?? ''}`.trim()
  }

  test('is a part of the newest task of its switch', () => {
    const traces = traced()
    expect(nameOf(traces, 'leaf1')).toBe('execution add-vlan')
    traces.heed(entered('Snapshot'), started('Snapshot', ''))
    expect(nameOf(traces, 'leaf1')).toBe('Snapshot')
    traces.heed(exited('Snapshot'))
    expect(nameOf(traces, 'leaf1')).toBe('execution add-vlan')
    traces.heed(started('Push', leaf(0), 'leaf1'), started('Push', leaf(1), 'leaf2'))
    expect(['leaf1', 'leaf2'].map((device) => nameOf(traces, device))).toEqual([
      'Push RollOutWaves[0].RollOutWave[0]',
      'Push RollOutWaves[0].RollOutWave[1]',
    ])
  })

  test('to a switch beside those of the tasks is a part of the only task at work, else of the execution', () => {
    const traces = traced()
    traces.heed(started('Verify', leaf(0), 'leaf1'))
    expect(nameOf(traces, 'spine1')).toBe('Verify RollOutWaves[0].RollOutWave[0]')
    traces.heed(started('Verify', leaf(1), 'leaf2'))
    expect(nameOf(traces, 'spine1')).toBe('execution add-vlan')
  })
})
