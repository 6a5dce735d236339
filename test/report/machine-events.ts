import type { EventBody } from '../../src/change/record/event/event.ts'

const PLACE = { path: 'RollOut[1]', state: 'Ask' }
const TOKEN = `sha256:${'5e'.repeat(32)}`
const ERROR = { kind: 'state-failed', name: 'Ticket.Closed', message: 'Ticket.Closed: CHG-1 is closed' } as const

/** Events that only machines with data, retries, waiting and undos have. */
export const MACHINE_EVENTS: readonly EventBody[] = [
  { type: 'ExecutionRedriven' },
  {
    type: 'TaskScheduled',
    ...PLACE,
    attempt: 2,
    arguments: { url: 'https://itsm.example/changes' },
    timeoutSeconds: 90,
    heartbeatSeconds: 30,
    device: 'leaf1',
  },
  { type: 'TaskSubmitted', ...PLACE, token: TOKEN, output: { status: 202 } },
  { type: 'TaskHeartbeat', ...PLACE, signal: 41 },
  { type: 'TaskTimedOut', ...PLACE, error: { kind: 'state-failed', name: 'States.Timeout', message: 'Ask: too late' } },
  { type: 'MapStarted', ...PLACE, items: [1, 2, 3], inputs: [10, 20, 30], maxConcurrency: 2, tolerated: 1 },
  { type: 'ParallelStarted', ...PLACE, input: { n: 1 } },
  { type: 'ParallelFailed', ...PLACE, error: ERROR },
  { type: 'EvaluationFailed', ...PLACE, error: ERROR, location: 'Output/result' },
  { type: 'RetryScheduled', ...PLACE, retrier: 0, attempt: 3, until: '2026-01-05T08:00:30.000Z', error: ERROR },
  { type: 'StateExited', ...PLACE, output: { ok: true }, assigned: { ticket: 'CHG-1' }, next: 'Close', caught: 1 },
  { type: 'StateExited', ...PLACE, output: { ok: true }, next: 'Close' },
  { type: 'StateFailed', ...PLACE, error: ERROR },
  { type: 'StateAborted', ...PLACE },
  { type: 'TaskUndoStarted', ...PLACE, write: 17 },
  { type: 'TaskUndoFinished', ...PLACE, write: 17 },
  { type: 'TaskUndoFinished', ...PLACE, write: 17, error: { kind: 'lost-answer', message: 'itsm.example: no answer' } },
  { type: 'SignalSent', token: TOKEN, answer: { signal: 'heartbeat' } },
  { type: 'SignalSent', token: TOKEN, answer: { signal: 'success', output: { approved: true } } },
  { type: 'SignalSent', token: TOKEN, answer: { signal: 'failure', error: 'Ticket.Closed', cause: null } },
  { type: 'StopRequested', stopped: '20260105-080000-01234567', reason: 'wrong window' },
  { type: 'SuspendRequested', suspended: '20260105-080000-01234567', reason: 'shift ends' },
  { type: 'DeviceReleased', device: 'leaf1', released: '20260105-080000-01234567', reason: 'nothing is on its way' },
  { type: 'CompensationStarted', reason: 'timed-out', error: ERROR },
  {
    type: 'CompensationStarted',
    reason: 'cancelled',
    error: { kind: 'cancelled', message: 'stopped before it was done' },
  },
]
