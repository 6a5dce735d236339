import type { JournalEvent } from '../record/event/event.ts'
import { foldAll } from './fold.ts'
import type { ScopeEvent } from './fold-scope.ts'
import type { ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

// Of its switches they say nothing but what the acts say, where it was never redriven.
const OF_TASKS: Readonly<Record<ScopeEvent['type'] | 'VerdictGiven', true>> = {
  StateEntered: true,
  StateExited: true,
  StateFailed: true,
  StateAborted: true,
  TaskScheduled: true,
  TaskStarted: true,
  TaskSubmitted: true,
  TaskHeartbeat: true,
  TaskWaiting: true,
  TaskSucceeded: true,
  TaskFailed: true,
  TaskTimedOut: true,
  MapStarted: true,
  MapFailed: true,
  ParallelStarted: true,
  ParallelFailed: true,
  WaitStarted: true,
  EvaluationFailed: true,
  RetryScheduled: true,
  VerdictGiven: true,
}
const NOT_READ = Object.keys(OF_TASKS) as readonly JournalEvent['type'][]

/** What an execution of the store has done to its switches, up to a record: its plan, `devices`, `ends`, `sites` and how it ended. Throws `store` as reading does. */
export async function foldSwitches(
  id: string,
  read: ChangePorts['readExecution'],
  until = Number.POSITIVE_INFINITY,
): Promise<ExecutionState> {
  const some = await read(id, { but: NOT_READ })
  const events = some.some(({ type }) => type === 'ExecutionRedriven') ? await read(id) : some
  return foldAll(
    id,
    events.filter(({ seq }) => seq <= until),
  )
}
