import type { EventBody } from '../../src/journal/event.ts'
import { ALICE } from './one-of-each-event.ts'

const PLACE = { path: 'Ask[0].Par[1]', state: 'Ask' }
const ERROR = { kind: 'state-failed', message: 'no ticket', name: 'Ticket.Missing', cause: 'no ticket' } as const

/** Events that interpreter 2 has brought, of every type, each with all of its optional members and, where it has some, once without. */
export const EACH_MACHINE_EVENT: readonly EventBody[] = [
  {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'add-vlan',
    file: 'workflows/add-vlan.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: { startAt: 'Ask', retry: { backoffRate: 1.5 } },
    params: {},
    requester: ALICE,
    targets: [],
    input: [1, 2.5, null],
    context: { Execution: { Id: 'x1' } },
    trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  { type: 'ExecutionRedriven' },
  {
    type: 'TaskScheduled',
    ...PLACE,
    attempt: 1,
    arguments: { url: 'https://tickets.example' },
    timeoutSeconds: 0.5,
    heartbeatSeconds: 30,
    device: 'leaf1',
  },
  { type: 'TaskScheduled', ...PLACE, attempt: 2, arguments: null },
  { type: 'TaskSubmitted', ...PLACE, token: 'sha256:02', output: { ticket: 7 } },
  { type: 'TaskSubmitted', ...PLACE, token: 'sha256:02' },
  { type: 'TaskHeartbeat', ...PLACE, signal: 12 },
  { type: 'TaskTimedOut', ...PLACE, error: { ...ERROR, name: 'States.Timeout', cause: null }, device: 'leaf1' },
  { type: 'MapStarted', ...PLACE, items: [1], inputs: [{ n: 1 }], maxConcurrency: 0, tolerated: 2 },
  { type: 'ParallelStarted', ...PLACE, input: 'x' },
  { type: 'ParallelFailed', ...PLACE, error: ERROR },
  { type: 'EvaluationFailed', ...PLACE, error: ERROR, location: 'Output/total' },
  { type: 'EvaluationFailed', ...PLACE, error: ERROR },
  { type: 'RetryScheduled', ...PLACE, retrier: 0, attempt: 2, until: '2026-01-05T08:00:02.500Z', error: ERROR },
  { type: 'StateExited', ...PLACE, output: false, assigned: { total: 0.1 }, next: 'Ask', caught: 0 },
  { type: 'StateFailed', ...PLACE, error: ERROR },
  { type: 'StateAborted', ...PLACE },
  { type: 'TaskUndoStarted', ...PLACE, write: 7 },
  { type: 'TaskUndoFinished', ...PLACE, write: 7, error: ERROR },
  { type: 'TaskUndoFinished', ...PLACE, write: 8 },
  { type: 'SignalSent', token: 'sha256:02', answer: { signal: 'success', output: [] } },
  { type: 'SignalSent', token: 'sha256:02', answer: { signal: 'failure', error: null, cause: 'no ticket' } },
  { type: 'SignalSent', token: 'sha256:02', answer: { signal: 'heartbeat' } },
  { type: 'StopRequested', stopped: 'x1', reason: 'wrong window' },
  { type: 'SuspendRequested', suspended: 'x1', reason: 'shift ends' },
  { type: 'ExecutionResumed', abandoned: ['leaf1'], ownerDied: true },
  { type: 'DeviceReleased', device: 'leaf1', released: 'x1', reason: 'nothing is on its way' },
  { type: 'ExecutionEnded', outcome: 'succeeded', output: { total: 2.5 }, devices: {} },
]
