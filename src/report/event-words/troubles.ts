import type { ExecutionState } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { ErrorRecord } from '../../model/error.ts'
import { tallied } from '../text/count.ts'
import { type HistoryEntry, historyOf } from './history.ts'

export interface Failure {
  readonly path: string
  readonly state: string
  readonly device?: string
  readonly error: ErrorRecord
  readonly caught: boolean
}

interface CallUndo {
  readonly path: string
  readonly state: string
  readonly undone: 'done' | 'failed'
  readonly error?: ErrorRecord
}

/** What went wrong in an execution since it was started or redriven last, and what was tried again. */
export interface Troubles {
  readonly retries: ReadonlyMap<string, number>
  readonly failures: readonly Failure[]
  readonly undos: readonly CallUndo[]
}

export function troublesOf({ id, targets }: ExecutionState, events: readonly JournalEvent[]): Troubles {
  // Most executions have none, and the history of thousands of switches is long.
  if (!isTroubled(events)) return { retries: new Map(), failures: [], undos: [] }
  const entries = historyOf(id, events)
  const own = entries.slice(entries.findLastIndex(({ event }) => event.type === 'ExecutionRedriven') + 1)
  const { failures } = own.reduce(failuresSoFar, NO_FAILURES)
  return { retries: retriesIn(own, targets), failures, undos: own.flatMap(undoIn) }
}

/** Whether anything went wrong, or was tried again: else {@link troublesOf} needs no records of tasks. */
export function isTroubled(events: readonly JournalEvent[]): boolean {
  return events.some(({ type }) => OF_TROUBLE.has(type))
}

const OF_TROUBLE: ReadonlySet<JournalEvent['type']> = new Set([
  'RetryScheduled',
  'TaskUndoFinished',
  'TaskFailed',
  'TaskTimedOut',
  'EvaluationFailed',
  'StateFailed',
])

function retriesIn(entries: readonly HistoryEntry[], targets: readonly string[]): ReadonlyMap<string, number> {
  const isTarget = new Set(targets)
  return tallied(
    entries.flatMap(({ event, device }) => {
      if (event.type !== 'RetryScheduled') return []
      return [device !== undefined && isTarget.has(device) ? device : event.state]
    }),
  )
}

function undoIn({ event }: HistoryEntry): readonly CallUndo[] {
  if (event.type !== 'TaskUndoFinished') return []
  const { path, state, error } = event
  return [{ path, state, ...(error === undefined ? { undone: 'done' } : { undone: 'failed', error }) }]
}

export interface FailureTally {
  readonly faults: ReadonlyMap<string, ErrorRecord | 'of a part'>
  readonly failures: readonly Failure[]
}

export const NO_FAILURES: FailureTally = { faults: new Map(), failures: [] }

/** Folds one event into what has failed since the execution was started or redriven last. */
export function failuresSoFar(before: FailureTally, entry: Pick<HistoryEntry, 'event' | 'device'>): FailureTally {
  return transitionsOf(entry.event).reduce((tally, event) => withTransition(tally, { ...entry, event }), before)
}

function withTransition(before: FailureTally, entry: Pick<HistoryEntry, 'event' | 'device'>) {
  const { event } = entry
  const { faults, failures } = before
  switch (event.type) {
    case 'ExecutionRedriven':
      return NO_FAILURES
    case 'StateEntered': {
      if (!faults.has(event.path)) return before
      const left = new Map(faults)
      left.delete(event.path)
      return { faults: left, failures }
    }
    case 'MapFailed':
    case 'ParallelFailed':
      return { faults: new Map(faults).set(event.path, 'of a part'), failures }
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'EvaluationFailed':
      return { faults: new Map(faults).set(event.path, event.error), failures }
    case 'StateExited': {
      const fault = event.caught === undefined ? undefined : faults.get(event.path)
      if (fault === undefined || fault === 'of a part') return before
      return { faults, failures: [...failures, failureOf(entry, event, fault, true)] }
    }
    case 'StateFailed': {
      const isItsOwn = faults.get(event.path) !== 'of a part' && event.error.kind !== 'cancelled'
      return isItsOwn ? { faults, failures: [...failures, failureOf(entry, event, event.error, false)] } : before
    }
    default:
      return before
  }
}

function failureOf(
  { device }: Pick<HistoryEntry, 'device'>,
  { path, state }: State,
  error: ErrorRecord,
  caught: boolean,
): Failure {
  return { path, state, error, caught, ...definedMembers({ device }) }
}

type State = Pick<Failure, 'path' | 'state'>
