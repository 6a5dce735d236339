import type { JsonObject } from '../../model/json.ts'
import { factsOf } from '../workflow/machine/task-table.ts'
import { leavesDoubt } from './fault.ts'
import { type ScopeEvent, scopeAt } from './fold-scope.ts'
import { devicesAt, visitKey } from './scope-path.ts'
import type { ExecutionState, ScopeState, Write } from './state.ts'

/** Folds what an event of a task says about what was written, and about the snapshot. The scope is folded already. */
export function foldTask(execution: ExecutionState, event: ScopeEvent): ExecutionState {
  switch (event.type) {
    case 'TaskStarted':
      return begunWrite(begunApproval(execution, event), event)
    case 'TaskSucceeded':
      return finishedTask(execution, event, scopeAt(execution, event.path))
    case 'TaskFailed':
      return failedTask(execution, event, scopeAt(execution, event.path))
    default:
      return execution
  }
}

function begunApproval(
  execution: ExecutionState,
  { path, state: name }: ScopeEvent & { type: 'TaskStarted' },
): ExecutionState {
  const { machine, input, variables } = scopeAt(execution, path)
  const state = machine.states[name]
  const isAsking = path === '' && state?.kind === 'Task' && factsOf(state.task)?.asksApproval === true
  return isAsking ? { ...execution, approving: { state: name, input, variables } } : execution
}

function begunWrite(
  execution: ExecutionState,
  { path, state: name }: ScopeEvent & { type: 'TaskStarted' },
): ExecutionState {
  const scope = scopeAt(execution, path)
  const state = scope.machine.states[name]
  if (state?.kind !== 'Task' || state.effect === 'read' || state.undo.by === 'none') return execution
  const root = scopeAt(execution, '')
  const write: Write = {
    path,
    state: name,
    visit: scope.visit,
    devices: devicesAt(execution, path),
    arguments: scope.arguments ?? {},
    input: scope.input,
    entry: root.precheck ?? { state: root.state ?? '', input: root.input, variables: root.variables },
  }
  return { ...execution, writes: execution.writes.set(visitKey(path, scope), write) }
}

function finishedTask(
  execution: ExecutionState,
  event: ScopeEvent & { type: 'TaskSucceeded' },
  scope: ScopeState,
): ExecutionState {
  const state = scope.machine.states[event.state]
  if (state?.kind !== 'Task') return execution
  const key = visitKey(event.path, scope)
  const begun = execution.writes.get(key)
  const writes = begun === undefined ? execution.writes : execution.writes.set(key, { ...begun, result: event.output })
  const read = factsOf(state.task)?.givesSnapshot ? (event.output as JsonObject).snapshot : undefined
  return { ...execution, writes, ...(typeof read === 'string' ? { snapshot: read } : {}) }
}

/** A call that was refused has written nothing. What a switch carries is known from its acts, not from here. */
function failedTask(
  execution: ExecutionState,
  { path, state: name, error }: ScopeEvent & { type: 'TaskFailed' },
  scope: ScopeState,
): ExecutionState {
  const state = scope.machine.states[name]
  if (state?.kind !== 'Task' || state.undo.by !== 'task' || leavesDoubt(error)) return execution
  return { ...execution, writes: execution.writes.delete(visitKey(path, scope)) }
}
