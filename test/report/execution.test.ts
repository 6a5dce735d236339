import { stripVTControlCharacters } from 'node:util'
import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import { describe, expect, test } from 'vitest'
import { type ExecutionState, freshScope, newExecution, type ScopeState } from '../../src/change/engine/state.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { DeviceEnd } from '../../src/model/act.ts'
import { type HistoryEntry, historyJson, historyText } from '../../src/report/event-words/history.ts'
import { progressLine } from '../../src/report/event-words/table.ts'
import { executionAs } from '../../src/report/execution/formats.ts'
import { colored, plain } from '../../src/report/text/text.ts'
import { ONE_OF_EACH, PLAN } from '../change/record/one-of-each-event.ts'
import { MACHINE_EVENTS } from './machine-events.ts'

const ID = '20260105-080000-01234567'

/** One of each event, as it stands in the journal. */
const EVENTS: readonly JournalEvent[] = [...MACHINE_EVENTS, ...ONE_OF_EACH].map((body, index) => ({
  v: 1,
  seq: index + 1,
  at: new Date(Date.UTC(2026, 0, 5, 8, 0, index)).toISOString(),
  actor: 'local:1000:alice@noc1',
  execution: ID,
  ...body,
}))
const ENTRIES: readonly HistoryEntry[] = EVENTS.map((event) => ({ event }))
const VERDICTS = EVENTS.filter(({ type }) => type === 'VerdictGiven')

const base: ExecutionState = {
  ...newExecution(ID),
  status: 'ended',
  workflow: 'add-vlan',
  targets: ['leaf1', 'leaf2', 'spine1'],
  plan: { digest: PLAN, ref: 'blob:01', waves: [['leaf1'], ['leaf2']], unchanged: ['spine1'], canaries: [] },
}
const at = (phase: 'saved' | 'armed', reached: 'save' | 'arm') => ({ phase, reached, sessions: 1 }) as const

const REVERTED = { end: 'reverted', detail: 'read back: running-config equals the one before' } as const
const ends = (of: Readonly<Record<string, { end: DeviceEnd; detail: string }>>) => PersistentMap(of)
const scope = (of: Partial<ScopeState>) => PersistentMap({ '': { ...freshScope(base.machine, {}), ...of } })

/** Ends of executions, as a person finds them. */
const ENDS: Readonly<Record<string, ExecutionState>> = {
  succeeded: {
    ...base,
    outcome: 'succeeded',
    devices: PersistentMap({ leaf1: at('saved', 'save'), leaf2: at('saved', 'save') }),
  },
  'rolled-back': {
    ...base,
    outcome: 'rolled-back',
    devices: PersistentMap({ leaf1: at('armed', 'arm'), leaf2: at('armed', 'arm') }),
    ends: ends({ leaf2: REVERTED, leaf1: REVERTED }),
    compensation: {
      reason: 'failure',
      error: { kind: 'verification', message: 'leaf2: not good within 180 s: bgp-established: 10.1.2.0 is Active' },
    },
  },
  kept: {
    ...base,
    outcome: 'rolled-back',
    devices: PersistentMap({ leaf1: at('saved', 'save'), leaf2: at('armed', 'arm') }),
    ends: ends({ leaf2: REVERTED }),
    kept: PersistentSet(['leaf1']),
    compensation: { reason: 'failure', error: { kind: 'verification', message: 'leaf2: not good within 180 s' } },
  },
  unknown: {
    ...base,
    outcome: 'unknown',
    devices: PersistentMap({ leaf1: at('armed', 'arm'), leaf2: at('armed', 'arm') }),
    ends: ends({
      leaf1: REVERTED,
      leaf2: { end: 'unknown', detail: 'no answer. Log in to leaf2 and compare: show configuration sessions detail' },
    }),
    compensation: { reason: 'failure', error: { kind: 'unreachable', message: 'leaf2: no answer', hint: 'Look.' } },
  },
  waiting: {
    ...base,
    status: 'running',
    scopes: scope({ phase: 'waiting', attempt: 1, state: 'Approve' }),
  },
  signal: {
    ...base,
    status: 'running',
    scopes: scope({
      phase: 'waiting',
      attempt: 1,
      state: 'Ask',
      token: { digest: `sha256:${'5e'.repeat(32)}`, since: 17 },
    }),
  },
  tolerated: {
    ...base,
    outcome: 'tolerated',
    devices: PersistentMap({ leaf1: at('saved', 'save'), leaf2: at('armed', 'arm') }),
    ends: ends({ leaf2: REVERTED }),
  },
  crashed: { ...base, status: 'running', devices: PersistentMap({ leaf1: at('armed', 'arm') }) },
}

describe('an execution on paper', () => {
  test.each(Object.entries(ENDS))('%s', async (name, execution) => {
    await expect(`${executionAs.text(execution, VERDICTS, plain)}\n`).toMatchFileSnapshot(
      `../golden/execution-${name}.txt`,
    )
  })

  test('[U26] says the lock of switches without a row, and why a verification failed once', () => {
    const targets = Array.from({ length: 25 }, (_, index) => `leaf${index}`)
    const armed = { type: 'ActIntended', device: 'leaf20', act: 'arm', session: 's', locked: false }
    const error = { kind: 'verification', message: 'leaf4: not good within 5 s: reachable: no' }
    const bodies = [
      armed,
      { ...armed, device: 'leaf4' },
      { type: 'StateEntered', path: '', state: 'Verify' },
      { type: 'TaskFailed', path: '', state: 'Verify', error },
      { type: 'StateFailed', path: '', state: 'Verify', error },
    ]
    const events = bodies.map(
      (body, seq) =>
        ({ v: 1, seq, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: ID, ...body }) as JournalEvent,
    )
    const failed = {
      ...base,
      targets,
      outcome: 'rolled-back',
      ends: ends({ leaf4: REVERTED }),
      compensation: { reason: 'failure', error },
    } as ExecutionState
    const lines = executionAs.text(failed, events, plain).split('\n')
    expect(lines[0]).toBe('device  result       verify   lock  end state')
    expect(lines).toContain('leaf4   ↺ put back   -        no    BEFORE: put back, read back')
    expect(lines.filter((line) => line.includes('Verify') || line.includes('not good'))).toEqual([error.message])
    expect(lines.filter((line) => line.startsWith('lock:'))).toEqual(['lock: no on leaf20'])
  })

  test('its progress says who goes on by itself, and why', () => {
    const resumed = { v: 1, seq: 2, at: '2026-01-05T08:00:00.000Z', type: 'ExecutionResumed' } as const
    const lines = [
      { ...resumed, actor: 'local:1000:ann@noc1' },
      { ...resumed, actor: 'worker:m1', byItself: true },
      { ...resumed, actor: 'worker:m2', byItself: true, ownerDied: true },
    ].map((event) => progressLine(event as JournalEvent, plain))
    expect(lines).toEqual([
      'resumed: the switches are asked for their state',
      'worker:m1 goes on with it',
      'worker:m2 takes it over: who had it has died',
    ])
  })

  test('of each event, its history and its progress, which is one line at most', async () => {
    const progress = EVENTS.map((event) => `${event.type.padEnd(20)}${progressLine(event, plain) ?? '-'}`)
    expect(progress.every((line) => !line.includes('\n'))).toBe(true)
    const golden = `${historyText(ENTRIES, plain)}\n\n${progress.join('\n')}\n`
    await expect(golden).toMatchFileSnapshot('../golden/event-words.txt')
  })

  test('in colours says the same', () => {
    for (const execution of Object.values(ENDS)) {
      expect(stripVTControlCharacters(executionAs.text(execution, VERDICTS, colored))).toBe(
        executionAs.text(execution, VERDICTS, plain),
      )
    }
    expect(stripVTControlCharacters(historyText(ENTRIES, colored))).toBe(historyText(ENTRIES, plain))
    for (const event of EVENTS) {
      expect(stripVTControlCharacters(progressLine(event, colored) ?? '')).toBe(progressLine(event, plain) ?? '')
    }
  })

  test('as JSON it says where each switch ended, and the exit code', () => {
    expect(JSON.parse(executionAs.json(ENDS.unknown ?? base, [], 7))).toEqual({
      version: 1,
      kind: 'execution',
      id: ID,
      workflow: 'add-vlan',
      purpose: 'run',
      status: 'ended',
      outcome: 'unknown',
      plan: PLAN,
      devices: [
        {
          name: 'leaf1',
          end: 'reverted',
          detail: 'read back: running-config equals the one before',
          network: 'not-looked-at',
          differences: [],
        },
        {
          name: 'leaf2',
          end: 'unknown',
          detail: 'no answer. Log in to leaf2 and compare: show configuration sessions detail',
        },
        { name: 'spine1', end: 'unchanged' },
      ],
      error: { kind: 'unreachable', message: 'leaf2: no answer', hint: 'Look.' },
      exitCode: 7,
    })
  })

  test('its history as JSON is every event with what applies to it, the machine aside', () => {
    const printed = JSON.parse(historyJson(ENTRIES)) as Record<string, unknown>[]
    expect(printed).toHaveLength(EVENTS.length)
    for (const event of printed) {
      expect(Object.keys(event)).toEqual(expect.arrayContaining(['seq', 'at', 'type', 'execution', 'actor']))
      expect(event).not.toHaveProperty('machine')
    }
    expect(printed.find(({ type }) => type === 'TaskStarted')).toMatchObject({
      state: 'Push',
      device: 'leaf1',
      attempt: 1,
    })
    expect(printed.find(({ type }) => type === 'ActFinished')).toMatchObject({ outcome: 'unknown', device: 'leaf1' })
  })
})

describe('what a switch said', () => {
  const said = '\u001b[2K\rleaf1: \u202eall good'
  const shown = '\\u{1b}[2K\\u{d}leaf1: \\u{202e}all good'
  const error = { kind: 'refused', message: said, device: 'leaf1' } as const

  test('is shown and not obeyed in the recap', () => {
    const failed: ExecutionState = {
      ...base,
      outcome: 'unknown',
      ends: ends({ leaf1: { end: 'unknown', detail: said } }),
      compensation: { reason: 'failure', error: { ...error, hint: said } },
    }
    const text = executionAs.text(failed, [], plain)
    expect(text).not.toContain(said)
    expect(text.split(shown)).toHaveLength(4)
  })

  test('is shown and not obeyed in progress and history', () => {
    const place = { path: '', state: 'Push', device: 'leaf1' }
    const events = [
      { type: 'TaskFailed', ...place, error },
      { type: 'ActFinished', device: 'leaf1', act: 'arm', session: 's', outcome: 'refused', error },
      { type: 'VerdictGiven', device: 'leaf1', check: 'c', round: 1, verdict: { status: 'fail', reasons: [said] } },
      { type: 'VerdictGiven', device: 'leaf1', check: 'c', round: 1, verdict: { status: 'error', reason: said } },
      { type: 'VerdictGiven', device: 'leaf1', check: 'c', round: 1, verdict: { status: 'skip', reason: said } },
      { type: 'UndoFinished', device: 'leaf1', end: 'unknown', detail: said },
      { type: 'UndoFinished', device: 'leaf1', end: 'reverted', detail: said },
      { type: 'DeviceSettled', device: 'leaf1', found: 'other', detail: said },
    ] as const
    for (const body of events) {
      const event = { v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: ID, ...body } as JournalEvent
      expect(progressLine(event, plain), body.type).toContain(shown)
      expect(progressLine(event, plain), body.type).not.toContain(said)
      expect(historyText([{ event }], plain), body.type).not.toContain('\u202e')
    }
  })
})
