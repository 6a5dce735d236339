import type { Problem } from '../../../model/error.ts'
import { type LocatedValue, locatedAt, type Path, textPlaceOf } from '../../../text/source/located.ts'
import { type Flow, machinesIn, type State, type StateMachine, type Transition, waysOn } from '../machine/machine.ts'
import { templateProblems } from '../query/jsonata/problems.ts'
import { eachExpression, INVENTORY_NAMES, inventoryPaths, textOf } from '../query/language/inventory-names.ts'
import { orderProblems } from './order-problems.ts'
import { placeProblems } from './place-problems.ts'

const INNER: readonly string[] = ['ItemProcessor', 'Branches']

// `written` has every state as its file has it, by its name.
function variableProblems(machine: StateMachine, written: ReadonlyMap<string, LocatedValue>): readonly Problem[] {
  return [...variablesAt(machine)].flatMap(([name, variables]) => {
    const state = written.get(name)
    return state === undefined ? [] : problemsIn(name, state, variables)
  })
}

function problemsIn(name: string, state: LocatedValue, variables: ReadonlySet<string>): readonly Problem[] {
  const fields = Object.keys(state.value as object).filter((field) => !INNER.includes(field))
  return fields.flatMap((field) => {
    const part = locatedAt(state, [field])
    if (part === undefined) return []
    const known = new Set([...variables, ...INVENTORY_NAMES])
    const unassigned = templateProblems(part.value, { members: ['result', 'errorOutput'], variables: known })
      .filter(({ code }) => code === 'variable')
      .map(({ message, path, position, hint }) => ({
        code: 'unassigned-variable',
        message: `\`${name}\` reads a variable that no state on any way to it assigns: ${message}`,
        at: placeIn(part, path, position),
        hint: hint ?? 'assign it in a state before: `Assign: { name: value }`',
      }))
    return [...unassigned, ...(variables.has('fabric') ? [] : wholeFabric(name, part))]
  })
}

function wholeFabric(name: string, part: LocatedValue): readonly Problem[] {
  const problems: Problem[] = []
  eachExpression(part.value, (expression, path) => {
    const { text, offset } = textOf(expression)
    for (const { of, steps, position } of inventoryPaths(text)) {
      if (of !== 'fabric' || steps.length > 0) continue
      problems.push({
        code: 'whole-inventory',
        message: `\`${name}\` reads all switches of the inventory`,
        at: placeIn(part, path, offset + Math.max(0, position - 'fabric'.length)),
        hint: 'name the switch: `$fabric.leaf2.vars.asn`, or, where the state is for one switch, `$device.vars.asn`',
      })
    }
  })
  return problems
}

function placeIn(part: LocatedValue, path: Path, position: number) {
  const at = textPlaceOf(part, path)
  const text = locatedAt(part, path)
  const before = String(text?.value ?? '').slice(0, position)
  return text?.spot.text === undefined || /['"\\\n]/.test(before) ? at : { ...at, column: at.column + position }
}

function variablesAt(
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

function variablesHere({ startAt, states }: StateMachine, outer: ReadonlySet<string>) {
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

function assigned(state: State, way: Transition) {
  if (way.by === 'catch') return 'catch' in state ? namesIn(state.catch[way.index]?.flow) : []
  if (way.by === 'choice') return state.kind === 'Choice' ? namesIn(state.choices[way.index]?.flow) : []
  return namesIn(state.flow)
}

function namesIn(flow: Flow | undefined) {
  return Object.keys(flow?.assign ?? {})
}

const MISPLACED: readonly string[] = [
  'missing-task',
  'outside-switches',
  'inside-map',
  'inside-parallel',
  'misplaced-map',
  'confirm-early',
  'save-early',
]

/** Everything that makes a machine unsafe to run on switches, whatever way it goes. `written` has its states as the file has them. */
export function machineProblems(machine: StateMachine, written: ReadonlyMap<string, LocatedValue>): readonly Problem[] {
  const place = placeProblems(machine)
  const order = place.some(({ code }) => MISPLACED.includes(code)) ? [] : orderProblems(machine)
  return [...place, ...order, ...variableProblems(machine, written)]
}
