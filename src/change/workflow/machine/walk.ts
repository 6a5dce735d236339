import type { MapState, ParallelState, State, StateMachine, TaskState } from './machine.ts'

export type Transition =
  | { readonly by: 'next' | 'default'; readonly next: string }
  | { readonly by: 'choice' | 'catch'; readonly next: string; readonly index: number }

/** Every way on from a state, in the order of the file; none where its machine ends. */
export function waysOn(state: State): readonly Transition[] {
  if (state.kind === 'Succeed' || state.kind === 'Fail') return []
  if (state.kind === 'Choice') {
    const rules = state.choices.map(({ next }, index): Transition => ({ by: 'choice', next, index }))
    return state.default === undefined ? rules : [...rules, { by: 'default', next: state.default }]
  }
  const caught =
    'catch' in state ? state.catch.map(({ next }, index): Transition => ({ by: 'catch', next, index })) : []
  return state.next === undefined ? caught : [{ by: 'next', next: state.next }, ...caught]
}

export function endsWell(state: State): boolean {
  if (state.kind === 'Succeed') return true
  return state.kind !== 'Fail' && state.kind !== 'Choice' && state.next === undefined
}

export function machinesIn(state: State): readonly StateMachine[] {
  if (state.kind === 'Parallel') return state.branches
  return state.kind === 'Map' ? [state.iterator] : []
}

export interface NestedState {
  readonly state: State
  readonly around: readonly (MapState | ParallelState)[]
}

/** Every state of a machine and of the machines inside it, in the order of the file. */
export function statesIn(machine: StateMachine, around: NestedState['around'] = []): readonly NestedState[] {
  return Object.values(machine.states).flatMap((state) => [
    { state, around },
    ...(state.kind === 'Map' || state.kind === 'Parallel'
      ? machinesIn(state).flatMap((inner) => statesIn(inner, [...around, state]))
      : []),
  ])
}

export function reachable(machine: StateMachine): ReadonlySet<string> {
  const seen = new Set<string>()
  const pending = [machine.startAt]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = machine.states[name]
    if (seen.has(name) || state === undefined) continue
    seen.add(name)
    pending.push(...waysOn(state).map(({ next }) => next))
  }
  return seen
}

export function isOverSwitches({ items }: MapState): boolean {
  return items.from === 'targets' || items.from === 'waves' || items.from === 'wave'
}

export function holdsTask(state: State, is: (task: TaskState) => boolean): boolean {
  if (state.kind === 'Task') return is(state)
  return machinesIn(state).some((machine) => machineHolds(machine, is))
}

export function machineHolds(machine: StateMachine, is: (task: TaskState) => boolean): boolean {
  return Object.values(machine.states).some((state) => holdsTask(state, is))
}
