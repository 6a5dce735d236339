import { isJsonObject } from '../../../model/json.ts'
import type { Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import type { State, StateMachine } from '../machine/machine.ts'
import type { Dialect } from './dialect.ts'
import type { DefinitionFault } from './fault.ts'
import { DefinitionPart, DefinitionReader } from './part.ts'
import { placeIn } from './place.ts'
import { stateOf } from './state.ts'
import { checkTransitions } from './transitions.ts'

const LONGEST_NAME = 80
const ANY_MACHINE = ['Comment', 'StartAt', 'States']

/**
 * The typed machine of a definition in Amazon States Language, defaults filled in, or everything that is wrong with it.
 * `located` is the object that has `StartAt` and `States`.
 */
export function readMachine(located: LocatedValue, dialect: Dialect): ValueOrProblems<StateMachine> {
  const { machine, faults } = parseMachine(located, dialect)
  return acceptUnless(
    faults.map((fault) => problemOf(fault, located)),
    () => machine,
  )
}

/** What is wrong with a definition, each fault with the way to it. */
export function parseMachine(
  located: LocatedValue,
  dialect: Dialect,
): { machine: StateMachine; faults: readonly DefinitionFault[] } {
  const reading = new DefinitionReader(located, dialect)
  if (!isJsonObject(located.value)) {
    reading.fail([], 'Expected value of type Object')
    return { machine: { version: 3, startAt: '', states: {} }, faults: reading.faults }
  }
  return { machine: outerMachine(new DefinitionPart(reading, located.value, [])), faults: reading.faults }
}

/** A fault as a problem of the file that it was found in. */
export function problemOf({ code, message, path, hint }: DefinitionFault, located: LocatedValue): Problem {
  return { code, message, at: placeIn(located, path), ...(hint === undefined ? {} : { hint }) }
}

function outerMachine(machine: DefinitionPart): StateMachine {
  const { reading } = machine
  machine.allowOnly(...ANY_MACHINE, 'Version', 'TimeoutSeconds', 'QueryLanguage')
  machine.text('Version')
  const language = machine.oneOf('QueryLanguage', ['JSONPath', 'JSONata'])
  if (language !== undefined && !reading.dialect.languages.includes(language)) {
    machine.fail('QueryLanguage', `'${language}' is not supported here: write '${reading.dialect.languages[0]}'`)
  }
  reading.language = language ?? reading.language
  const timeoutSeconds = machine.integer('TimeoutSeconds', { min: 1, max: 99_999_999 })
  const { payloadBytes } = reading.dialect
  return {
    ...statesOf(machine),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(payloadBytes === undefined ? {} : { payloadBytes }),
  }
}

/** Inner machines have no query language of their own: their states have that of the whole machine (recorded from AWS). */
function innerMachine(machine: DefinitionPart, kind: 'processor' | 'branch'): StateMachine {
  machine.allowOnly(...ANY_MACHINE, ...(kind === 'processor' ? ['ProcessorConfig'] : []))
  return statesOf(machine)
}

function statesOf(machine: DefinitionPart): StateMachine {
  machine.demand('StartAt', 'States')
  machine.text('Comment')
  const startAt = machine.text('StartAt') ?? ''
  const states = machine.object('States')
  if (states === undefined) return { version: 3, startAt, states: {} }
  const read = states.keys.flatMap((name): State[] => {
    checkName(name, states)
    const part = states.object(name)
    const state = part === undefined ? undefined : stateOf(name, part, innerMachine)
    return state === undefined ? [] : [state]
  })
  checkTransitions(machine, states)
  return { version: 3, startAt, states: Object.fromEntries(read.map((state) => [state.name, state])) }
}

function checkName(name: string, states: DefinitionPart): void {
  const { names } = states.reading
  if (names.has(name)) states.fail(name, `State name '${name}' appears more than once`, 'duplicate-state-name')
  names.add(name)
  if (name.length > LONGEST_NAME) {
    states.fail(name, `A state name has at most ${LONGEST_NAME} characters`, 'invalid-state-name')
  }
}
