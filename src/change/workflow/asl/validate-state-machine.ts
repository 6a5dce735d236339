import type { Problem } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { type LocatedValue, locatedNowhere, type Path } from '../../../text/source/located.ts'
import { type MachineType, placeIn, pointerOf, rawAsl } from './part.ts'
import { parseMachine, problemOf } from './read-machine.ts'

const DISTRIBUTED = ['ItemReader', 'ItemBatcher', 'ResultWriter'] as const

/** Tasks need an answer: `answered` says whether somebody gives one, as a mock file does. */
export function notRunnable(located: LocatedValue, answered: boolean): readonly Problem[] {
  return statesIn(located.value, []).flatMap(({ name, state, path }) => {
    const refuse = (what: string, ...way: readonly string[]): Problem => ({
      code: 'not-runnable',
      message: `state '${name}': ${what}`,
      at: placeIn(located, [...path, ...way]),
      hint: 'see docs/states.md for what eosflow runs',
    })
    if (state.Type === 'Map') return mapRefusals(state, refuse)
    if (state.Type !== 'Task' || answered) return []
    const credentials = Object.hasOwn(state, 'Credentials')
      ? [refuse('Credentials name a role of AWS, which eosflow does not assume', 'Credentials')]
      : []
    return [
      refuse(`the resource ${String(state.Resource)} is none of ours; mock its answers`, 'Resource'),
      ...credentials,
    ]
  })
}

interface Found {
  readonly name: string
  readonly state: { readonly [field: string]: Json }
  readonly path: Path
}

function mapRefusals(state: Found['state'], refuse: (what: string, ...way: readonly string[]) => Problem) {
  const [key = 'ItemProcessor', processor] = processorOf(state)
  const config = isJsonObject(processor) ? processor.ProcessorConfig : undefined
  const distributed = isJsonObject(config) && config.Mode === 'DISTRIBUTED'
  return [
    ...(distributed ? [refuse('a distributed Map is not run; write Mode INLINE', key, 'ProcessorConfig', 'Mode')] : []),
    ...DISTRIBUTED.filter((field) => Object.hasOwn(state, field)).map((field) =>
      refuse(`${field} belongs to a distributed Map, which is not run`, field),
    ),
  ]
}

function processorOf(state: Found['state']): readonly [key?: string, machine?: Json | undefined] {
  const key = ['ItemProcessor', 'Iterator'].find((one) => Object.hasOwn(state, one))
  return key === undefined ? [] : [key, state[key]]
}

function statesIn(machine: Json | undefined, path: Path): readonly Found[] {
  const states = isJsonObject(machine) ? machine.States : undefined
  if (!isJsonObject(states)) return []
  return Object.entries(states).flatMap(([name, state]): readonly Found[] => {
    if (!isJsonObject(state)) return []
    const here = [...path, 'States', name]
    const branches = Array.isArray(state.Branches) ? state.Branches : []
    const [key = '', processor] = processorOf(state)
    return [
      { name, state, path: here },
      ...branches.flatMap((branch: Json, index) => statesIn(branch, [...here, 'Branches', index])),
      ...statesIn(processor, [...here, key]),
    ]
  })
}

export interface DefinitionProblem {
  readonly message: string
  readonly path: string
  readonly line?: number
  readonly column?: number
}

export interface DefinitionVerdict {
  readonly valid: boolean
  readonly problems: readonly DefinitionProblem[]
}

/** `definition` is the parsed JSON; what is no object is a problem. */
export function validateStateMachine(
  definition: unknown,
  { type = 'STANDARD' }: { readonly type?: MachineType } = {},
): DefinitionVerdict {
  const { faults } = parseMachine(locatedNowhere(definition as Json, 'definition'), rawAsl(type))
  const problems = faults.map(({ message, path }) => ({ message, path: pointerOf(path) }))
  return { valid: problems.length === 0, problems }
}

/** {@link validateStateMachine} for a definition that was read from a file: every problem has its line and column. */
export function validateLocated(located: LocatedValue, type: MachineType = 'STANDARD'): DefinitionVerdict {
  const { faults } = parseMachine(located, rawAsl(type))
  const problems = faults.map((fault) => {
    const { line, column } = problemOf(fault, located).at
    return { message: fault.message, path: pointerOf(fault.path), line, column }
  })
  return { valid: problems.length === 0, problems }
}
