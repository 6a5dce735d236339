import type { Clock } from '../../model/clock.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { LazyMap } from '../../model/lazy-value.ts'
import type { Random } from '../../model/random.ts'
import { TASK_TOKEN } from '../../model/task-token.ts'
import type { State } from '../workflow/machine/machine.ts'
import { jsonataLanguage } from '../workflow/query/jsonata/language.ts'
import { jsonpathLanguage } from '../workflow/query/jsonpath/language.ts'
import type { SeenInventory } from '../workflow/query/language/inventory-names.ts'
import type { ExpressionScope, QueryLanguage } from '../workflow/query/language/language.ts'
import { contextObject, visibleVariables } from './context-object.ts'
import { scopeAt } from './fold-scope.ts'
import { devicesAt, stateOf } from './scope-path.ts'
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
