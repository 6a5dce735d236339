import type { Flow, State, StateMachine } from '../machine/machine.ts'
import { machinesIn, type Transition, waysOn } from '../machine/walk.ts'

/**
 * For each state that can be reached, inner ones too, the variables that some way to it assigns. An inner machine sees those
 * of the state that it stands in, and keeps its own to itself (states-language.net, "Variable scope").
 */
export function variablesAt(
  machine: StateMachine,
  outer: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, ReadonlySet<string>> {
  const here = variablesHere(machine, outer)
  const inner = [...here].flatMap(([name, seen]) => {
    const state = machine.states[name]
    return state === undefined ? [] : machinesIn(state).flatMap((one) => [...variablesAt(one, seen)])
  })
  return new Map([...here, ...inner])
}

function variablesHere(
  { startAt, states }: StateMachine,
  outer: ReadonlySet<string>,
): Map<string, ReadonlySet<string>> {
  const at = new Map([[startAt, outer]])
  const pending = [startAt]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = states[name]
    if (state === undefined) continue
    for (const way of waysOn(state)) {
      const known = at.get(way.next)
      const joined = new Set([...(known ?? []), ...(at.get(name) ?? []), ...assigned(state, way)])
      if (known !== undefined && joined.size === known.size) continue
      at.set(way.next, joined)
      pending.push(way.next)
    }
  }
  return at
}

/** What a state assigns when it is left on one of its ways: a rule or a catcher assigns in the state's stead. */
function assigned(state: State, way: Transition): readonly string[] {
  if (way.by === 'catch') return 'catch' in state ? namesIn(state.catch[way.index]?.flow) : []
  if (way.by === 'choice') return state.kind === 'Choice' ? namesIn(state.choices[way.index]?.flow) : []
  return namesIn(state.flow)
}

function namesIn(flow: Flow | undefined): readonly string[] {
  return Object.keys(flow?.assign ?? {})
}
