import type { Json } from '../../../model/json.ts'
import { type LocatedValue, locatedNowhere } from '../../../text/source/located.ts'
import type { MachineType } from './dialect.ts'
import { pointerOf } from './fault.ts'
import { rawAsl } from './raw-asl.ts'
import { parseMachine, problemOf } from './read-machine.ts'

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
