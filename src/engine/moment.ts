import type { Random } from '../model/random.ts'
import { TASK_TOKEN } from '../model/task-token.ts'
import type { State } from '../workflow/machine.ts'
import { jsonataLanguage } from '../workflow/query/jsonata/language.ts'
import { jsonpathLanguage } from '../workflow/query/jsonpath/language.ts'
import type { QueryLanguage, Sight } from '../workflow/query/language.ts'
import { contextObject, visibleVariables } from './context-object.ts'
import { scopeAt } from './fold-scope.ts'
import { stateOf } from './scope-path.ts'
import type { ExecutionState, ScopeState } from './state.ts'

/** What a transition is computed from, besides the execution. */
export interface EvaluationPorts {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly random: Random
}

/** One state on the point of a transition: everything that its expressions may see. */
export interface Moment {
  readonly execution: ExecutionState
  readonly path: string
  readonly scope: ScopeState
  readonly state: State
  readonly language: QueryLanguage
  readonly sight: Sight
}

/** A state as it stands now, with what its expressions may see. */
export function momentOf(execution: ExecutionState, path: string, ports: EvaluationPorts): Moment {
  const scope = scopeAt(execution, path)
  const state = stateOf(scope, path)
  const token = state.kind === 'Task' && state.token ? TASK_TOKEN : undefined
  const language = languageOf(state.flow.language)
  const sight: Sight = {
    input: scope.input,
    context: contextObject(execution, path, scope, token),
    variables: visibleVariables(execution, path),
    now: ports.now,
    random: ports.random,
  }
  return { execution, path, scope, state, language, sight }
}

/** The language of a flow. */
export function languageOf(name: 'jsonata' | 'jsonpath'): QueryLanguage {
  return name === 'jsonata' ? jsonataLanguage : jsonpathLanguage
}

/** A field as messages name it: its `Path` form where a path gives the value. */
export function fieldOf(name: string, source: { readonly from: string }): string {
  return source.from === 'path' ? `${name}Path` : name
}
