import type { JournalEvent } from '../journal/event.ts'
import { unreachable } from '../model/error.ts'
import type { StateMachine } from '../workflow/machine.ts'
import { foldFinished, foldIntended } from './fold-device.ts'
import { machineAt } from './scope-path.ts'
import { type ExecutionState, FRESH, newExecution, type ScopeState } from './state.ts'

/** Folds a whole journal of one execution. */
export function foldAll(id: string, events: readonly JournalEvent[]): ExecutionState {
  return events.reduce(fold, newExecution(id))
}

/** The one place the journal becomes state. Pure: recovery after a crash is this function again. */
export function fold(before: ExecutionState, event: JournalEvent): ExecutionState {
  return { ...foldBody(before, event), seq: event.seq }
}

function foldBody(before: ExecutionState, event: JournalEvent): ExecutionState {
  switch (event.type) {
    case 'ExecutionStarted':
      return {
        ...before,
        status: 'running',
        purpose: event.purpose,
        workflow: event.workflow,
        file: event.file,
        definition: event.definition,
        params: event.params,
        requester: event.requester,
        machine: event.machine as unknown as StateMachine,
        targets: event.targets,
        planFile: event.plan,
      }
    case 'ExecutionResumed':
      return wake(before)
    case 'StateEntered':
    case 'StateExited':
    case 'TaskStarted':
    case 'TaskSucceeded':
    case 'TaskFailed':
    case 'TaskWaiting':
    case 'MapStarted':
    case 'MapFailed':
    case 'WaitStarted':
      return { ...before, scopes: { ...before.scopes, [event.path]: foldScope(before, event) } }
    case 'PlanMade':
      return {
        ...before,
        plan: { digest: event.digest, ref: event.plan, waves: event.waves, unchanged: event.unchanged },
      }
    case 'ApprovalUsed':
      return { ...before, approval: event.nonce }
    case 'ActIntended':
      return {
        ...before,
        devices: { ...before.devices, [event.device]: foldIntended(before.devices[event.device], event) },
      }
    case 'ActFinished':
      return {
        ...before,
        devices: { ...before.devices, [event.device]: foldFinished(before.devices[event.device], event) },
      }
    case 'CompensationStarted':
      return { ...before, status: 'compensating', compensation: { reason: event.reason, error: event.error } }
    case 'UndoFinished':
      return { ...before, ends: { ...before.ends, [event.device]: { end: event.end, detail: event.detail } } }
    case 'ExecutionEnded':
      return { ...before, status: 'ended', outcome: event.outcome }
    case 'ApprovalRequested':
    case 'ApprovalDecided':
    case 'DeviceSettled':
    case 'VerdictGiven':
    case 'UndoStarted':
    case 'SnapshotTaken':
      return before
    default:
      return unreachable(event)
  }
}

type ScopeEvent = Extract<JournalEvent, { path: string }>

function foldScope(execution: ExecutionState, event: ScopeEvent): ScopeState {
  const before = execution.scopes[event.path] ?? FRESH
  const state = machineAt(execution.machine, event.path).states[event.state]
  switch (event.type) {
    case 'StateEntered': {
      const entered: ScopeState = {
        phase: 'entered',
        result: 'open',
        attempt: 0,
        state: event.state,
        ...(before.output === undefined ? {} : { output: before.output }),
      }
      if (state?.kind === 'Succeed') return { ...entered, phase: 'left', result: 'done' }
      if (state?.kind !== 'Fail') return entered
      return {
        ...entered,
        result: 'failed',
        error: { kind: 'verification', message: `${state.error}: ${state.cause}` },
      }
    }
    case 'TaskStarted':
      return { ...before, phase: 'started', attempt: event.attempt }
    case 'MapStarted':
      return { ...before, phase: 'started', items: event.items }
    case 'WaitStarted':
      return { ...before, phase: 'started', until: Date.parse(event.until) }
    case 'TaskWaiting':
      return { ...before, phase: 'waiting' }
    case 'TaskSucceeded':
      return { ...before, phase: 'succeeded', output: event.output }
    case 'TaskFailed':
    case 'MapFailed':
      return { ...before, result: 'failed', error: event.error }
    case 'StateExited': {
      const last = state === undefined || !('next' in state) || state.next === undefined
      return { ...before, phase: 'left', result: last ? 'done' : 'open' }
    }
    default:
      return unreachable(event)
  }
}

/** What waited for a person is asked again. */
function wake(execution: ExecutionState): ExecutionState {
  const scopes = Object.entries(execution.scopes).map(([path, scope]): [string, ScopeState] => [
    path,
    scope.phase === 'waiting' ? { ...scope, phase: 'entered' } : scope,
  ])
  return { ...execution, scopes: Object.fromEntries(scopes) }
}
