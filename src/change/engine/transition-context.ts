import { Buffer } from 'node:buffer'
import type { Clock } from '../../model/clock.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { LazyMap } from '../../model/lazy-value.ts'
import type { Random } from '../../model/random.ts'
import { TASK_TOKEN } from '../../model/task-token.ts'
import type { State } from '../workflow/machine/machine.ts'
import { jsonataLanguage } from '../workflow/query/jsonata/language.ts'
import { jsonpathLanguage } from '../workflow/query/jsonpath/language.ts'
import type { SeenInventory } from '../workflow/query/language/inventory-names.ts'
import { type ExpressionScope, QueryFault, type QueryLanguage } from '../workflow/query/language/language.ts'
import { scopeAt } from './fold-scope.ts'
import { devicesAt, mapsAround, parentOf, stateOf } from './scope-path.ts'
import type { ExecutionState, ScopeState } from './state.ts'

export interface EvaluationPorts {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly random: Random
  /** All switches of the inventory, by their names; absent where there is none. */
  readonly fabric?: LazyMap
}

export function evaluationPorts({
  clock,
  random,
  fabric,
}: { readonly clock: Clock } & Pick<EvaluationPorts, 'random' | 'fabric'>): EvaluationPorts {
  return { now: clock.now(), random, ...definedMembers({ fabric }) }
}

export interface TransitionContext {
  readonly execution: ExecutionState
  readonly path: string
  readonly scope: ScopeState
  readonly state: State
  readonly language: QueryLanguage
  readonly sight: ExpressionScope
}

export function transitionContextOf(
  execution: ExecutionState,
  path: string,
  ports: EvaluationPorts,
): TransitionContext {
  const scope = scopeAt(execution, path)
  const state = stateOf(scope, path)
  const token = state.kind === 'Task' && state.token ? TASK_TOKEN : undefined
  const language = languageOf(state.flow.language)
  const sight: ExpressionScope = {
    input: scope.input,
    context: contextObject(execution, path, scope, token),
    variables: visibleVariables(execution, path),
    now: ports.now,
    random: ports.random,
    ...(ports.fabric === undefined ? {} : { inventory: seenAt(execution, path, ports.fabric) }),
  }
  return { execution, path, scope, state, language, sight }
}

function seenAt(execution: ExecutionState, path: string, fabric: LazyMap): SeenInventory {
  const [name, ...others] = devicesAt(execution, path)
  if (name === undefined || others.length > 0) return { fabric }
  return {
    fabric,
    get device() {
      const device = fabric.member(name)
      return device?.kind === 'map' ? device : undefined
    },
  }
}

export function languageOf(name: 'jsonata' | 'jsonpath'): QueryLanguage {
  return name === 'jsonata' ? jsonataLanguage : jsonpathLanguage
}

/** A field as messages name it: its `Path` form where a path gives the value. */
export function fieldOf(name: string, source: { readonly from: string }): string {
  return source.from === 'path' ? `${name}Path` : name
}

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

/** Throws the state's error when a value is larger than the machine lets values be: States.DataLimitExceeded. */
export function requirePayload({ machine }: ExecutionState, value: Json, what: string): void {
  const limit = machine.payloadBytes
  if (limit === undefined || isSmall(value)) return
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= limit) return
  throw new QueryFault(
    'States.DataLimitExceeded',
    `The ${what} of ${bytes} bytes exceeds the ${limit} that a state may have.`,
  )
}

function isSmall(value: Json) {
  if (typeof value === 'string') return value.length < 1000
  return (
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) ? value.length : Object.keys(value).length) === 0
  )
}
