import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { StateMachine } from '../workflow/machine.ts'
import type { ExecutionState } from './state.ts'

const SEGMENT = /^(.*)\[(\d+)\]$/

/** The path of one item of a Map: `''` and `RollOutWaves` and 0 give `RollOutWaves[0]`. */
export function childPath(path: string, state: string, index: number): string {
  return `${path === '' ? '' : `${path}.`}${state}[${index}]`
}

/** One step of a path: the Map state's name and the item's index. */
interface Step {
  readonly state: string
  readonly index: number
}

function stepsOf(path: string): readonly Step[] {
  if (path === '') return []
  return path.split('.').map((segment) => {
    const match = SEGMENT.exec(segment)
    if (match === null) throw new EosflowError('bug', `not a scope path: ${path}`)
    return { state: match[1] ?? '', index: Number(match[2]) }
  })
}

/** The machine that a scope runs. */
export function machineAt(root: StateMachine, path: string): StateMachine {
  return stepsOf(path).reduce((machine, { state }) => {
    const map = machine.states[state]
    if (map?.kind !== 'Map') throw new EosflowError('bug', `no Map state ${state} on the way to ${path}`)
    return map.iterator
  }, root)
}

/** The items on the way to a scope, outermost first. */
export function itemsAt(execution: ExecutionState, path: string): readonly Json[] {
  const items: Json[] = []
  let at = ''
  for (const { state, index } of stepsOf(path)) {
    const item = execution.scopes[at]?.items?.[index]
    if (item === undefined) throw new EosflowError('bug', `no item ${index} of ${state} in ${at}`)
    items.push(item)
    at = childPath(at, state, index)
  }
  return items
}

/** The switches that a state in this scope acts on: the innermost item when it is a switch, else all selected ones. */
export function devicesAt(execution: ExecutionState, path: string): readonly string[] {
  const item = itemsAt(execution, path).at(-1)
  if (typeof item === 'string') return [item]
  if (Array.isArray(item)) return item.map(String)
  return execution.targets
}
