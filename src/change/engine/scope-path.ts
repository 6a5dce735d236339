import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { MapState, State, StateMachine } from '../workflow/machine/machine.ts'
import type { ExecutionState, ScopeState } from './state.ts'

const NUMBER = /^\d+$/

export interface Parent {
  readonly path: string
  readonly state: string
  readonly index: number
}

/** The path of one item of a Map or one branch of a Parallel: `''` and `RollOutWaves` and 0 give `RollOutWaves[0]`. */
export function childPath(path: string, state: string, index: number): string {
  const name = state.replace(/[%.[\]]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${path === '' ? '' : `${path}.`}${name}[${index}]`
}

/** Where a scope hangs; undefined for the root. */
export function parentOf(path: string): Parent | undefined {
  if (path === '') return undefined
  const [dot, bracket] = [path.lastIndexOf('.'), path.lastIndexOf('[')]
  const [name, index] = [path.slice(dot + 1, bracket), path.slice(bracket + 1, -1)]
  if (bracket <= dot + 1 || !path.endsWith(']') || !NUMBER.test(index))
    throw new EosflowError('bug', `not a scope path: ${path}`)
  return {
    path: path.slice(0, Math.max(0, dot)),
    state: name.includes('%') ? decodeURIComponent(name) : name,
    index: Number(index),
  }
}

/** Whether a path is the scope `prefix` or lies below it. */
export function isWithin(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}.`)
}

/** Whether a scope lies below the Map or Parallel `state` of the scope `path`. */
export function isBelow(candidate: string, path: string, state: string): boolean {
  return candidate.startsWith(childPath(path, state, 0).slice(0, -2))
}

export function machineOf(parent: Parent, holder: ScopeState): StateMachine {
  const state = holder.machine.states[parent.state]
  if (state?.kind === 'Map') return state.iterator
  const branch = state?.kind === 'Parallel' ? state.branches[parent.index] : undefined
  if (branch === undefined) throw new EosflowError('bug', `no Map or Parallel ${parent.state} in ${parent.path}`)
  return branch
}

/** Throws `bug` when it is in none. */
export function stateOf(scope: ScopeState, path: string): State {
  const state = scope.machine.states[scope.state ?? '']
  if (state === undefined) throw new EosflowError('bug', `no state ${scope.state} in scope ${path}`)
  return state
}

/** One visit of a state: the same for every attempt, never used again. */
export function visitKey(path: string, { state, visit }: { readonly state?: string; readonly visit: number }): string {
  return `${path}/${state ?? ''}/${visit}`
}

export function attemptKey(path: string, scope: ScopeState): string {
  return `${visitKey(path, scope)}/${Math.max(1, scope.attempt)}`
}

export function mapsAround(
  execution: ExecutionState,
  path: string,
): readonly { readonly state: MapState; readonly index: number; readonly item: Json }[] {
  const parent = parentOf(path)
  if (parent === undefined) return []
  const holder = execution.scopes.get(parent.path)
  const state = holder?.machine.states[parent.state]
  const around = mapsAround(execution, parent.path)
  if (state?.kind !== 'Map') return around
  return [{ state, index: parent.index, item: holder?.children?.items[parent.index] ?? null }, ...around]
}

export function devicesAt(execution: ExecutionState, path: string): readonly string[] {
  for (let at = parentOf(path); at !== undefined; at = parentOf(at.path)) {
    const holder = execution.scopes.get(at.path)
    const state = holder?.machine.states[at.state]
    if (state?.kind !== 'Map' || !bindsSwitches(state)) continue
    const item = holder?.children?.items[at.index] ?? null
    return Array.isArray(item) ? item.map(String) : [String(item)]
  }
  return present(execution)
}

function present({ targets, leftOut }: ExecutionState) {
  return leftOut.isEmpty() ? targets : targets.filter((name) => !leftOut.has(name))
}

// Whether a Map runs over switches, so that the tasks in it act on the item's switches alone.
export function bindsSwitches({ items: { from } }: MapState): boolean {
  return from === 'waves' || from === 'wave' || from === 'targets'
}
