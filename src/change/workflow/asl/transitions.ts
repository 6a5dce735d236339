import { isJsonObject } from '../../../model/json.ts'
import type { DefinitionPart } from './part.ts'

/** A transition out of a state: the field that names its target. */
interface Transition {
  readonly at: DefinitionPart
  readonly field: 'Next' | 'Default' | 'StartAt'
}

/**
 * Reports transitions to states that are not there, states that no transition leads to, and a machine without an end.
 * As AWS does: a state counts as reached when any state names it, a missing end or start silences what is unreachable,
 * and every missing target is called 'Next' (recorded diagnostics; statelint's `state_node.rb`).
 */
export function checkTransitions(machine: DefinitionPart, states: DefinitionPart): void {
  const members = states.keys.flatMap((name) => (isJsonObject(states.raw(name)) ? (states.object(name) ?? []) : []))
  const transitions: Transition[] = [
    { at: machine, field: 'StartAt' },
    ...members.flatMap((state) => transitionsOf(state)),
  ]
  const reached = new Set<string>()
  for (const { at, field } of transitions) {
    const target = at.raw(field)
    if (typeof target !== 'string') continue
    reached.add(target)
    if (!states.has(target)) at.fail(field, `Missing 'Next' target: ${target}`, 'missing-transition-target')
  }
  if (members.length > 0 && !members.some(isTerminal)) {
    machine.failWhole('Workflow has no terminal state', 'missing-end-state')
    return
  }
  if (machine.reading.dialect.extensions) return
  if (typeof machine.raw('StartAt') !== 'string') return
  for (const name of states.keys) {
    if (!reached.has(name)) states.fail(name, `State "${name}" is not reachable.`, 'missing-transition-target')
  }
}

function isTerminal(state: DefinitionPart): boolean {
  return state.raw('End') === true || state.raw('Type') === 'Succeed' || state.raw('Type') === 'Fail'
}

function transitionsOf(state: DefinitionPart): readonly Transition[] {
  const own = (['Next', 'Default'] as const).map((field) => ({ at: state, field }))
  const nested = ['Choices', 'Catch'].flatMap((key) => members(state, key))
  return [...own, ...nested.map((at) => ({ at, field: 'Next' as const }))].filter(({ at, field }) => at.has(field))
}

/** The objects of a list; what is not a list of objects is reported where the state is read. */
function members(state: DefinitionPart, key: string): readonly DefinitionPart[] {
  const value = state.raw(key)
  return Array.isArray(value) && value.every(isJsonObject) ? (state.objects(key) ?? []) : []
}
