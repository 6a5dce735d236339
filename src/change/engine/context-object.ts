import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { scopeAt } from './fold-scope.ts'
import { mapsAround, parentOf } from './scope-path.ts'
import type { ExecutionState, ScopeState } from './state.ts'

/** `Task.Token` is only there for states that wait for one. */
export function contextObject(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  token: string | undefined,
): JsonObject {
  const [nearest] = mapsAround(execution, path)
  const state = scope.machine.states[scope.state ?? '']
  const isRetried = state !== undefined && 'retry' in state
  const { Execution, ...others } = execution.context
  return {
    ...(isJsonObject(Execution) ? { Execution: redrivenAs(Execution, execution.redriven) } : {}),
    ...others,
    State: {
      Name: scope.state ?? '',
      EnteredTime: new Date(scope.enteredAt).toISOString(),
      ...(isRetried ? { RetryCount: scope.attempt } : {}),
    },
    ...(token === undefined ? {} : { Task: { Token: token } }),
    ...(nearest === undefined ? {} : { Map: { Item: { Index: nearest.index, Value: nearest.item } } }),
  }
}

function redrivenAs(began: JsonObject, count: number) {
  return 'RedriveCount' in began ? { ...began, RedriveCount: count } : began
}

export function visibleVariables(execution: ExecutionState, path: string): JsonObject {
  const own = scopeAt(execution, path).variables
  const parent = parentOf(path)
  return parent === undefined ? own : { ...visibleVariables(execution, parent.path), ...own }
}
