import type { FailState, Flow, State, StateMachine, SucceedState, WaitState } from '../machine/machine.ts'
import { choiceOf } from './choice.ts'
import type { QueryLanguageName } from './dialect.ts'
import { failText, flowOf, integerIn, SECONDS, sourceOf, timestamp } from './flow.ts'
import { handlingOf } from './handling.ts'
import { mapOf, processorOf } from './map.ts'
import type { DefinitionPart } from './part.ts'
import { checkStateFields, STATE_TYPES, type StateType } from './state-fields.ts'
import { taskOf } from './task.ts'

/** Reads a machine inside a Map or a Parallel. */
export type ReadInner = (machine: DefinitionPart, kind: 'processor' | 'branch') => StateMachine

/** One state of a machine; undefined when it is of no known type. */
export function stateOf(name: string, state: DefinitionPart, readInner: ReadInner): State | undefined {
  state.demand('Type')
  const type = state.oneOf('Type', STATE_TYPES)
  if (type === undefined) return undefined
  const language = languageOf(state)
  checkStateFields(state, type, language)
  state.text('Comment')
  const named = { name, at: state.reading.placeOf(state.path), flow: ownFlow(state, type, language) }
  if (type === 'Choice') return { ...named, kind: type, ...choiceOf(state, language) }
  if (type === 'Succeed' || type === 'Fail') return { ...named, ...endOf(state, type, language) }
  const flowing = { ...named, ...nextOf(state) }
  if (type === 'Pass') return { ...flowing, kind: type }
  if (type === 'Wait') return { ...flowing, ...waitOf(state, language) }
  const handling = handlingOf(state, language)
  if (type === 'Task') return { ...flowing, kind: type, ...taskOf(state, language), ...handling }
  if (type === 'Parallel') return { ...flowing, kind: type, branches: branchesOf(state, readInner), ...handling }
  const processor = processorOf(state, language)
  const iterator = processor === undefined ? NONE : readInner(processor, 'processor')
  return { ...flowing, kind: type, ...mapOf(state, language), iterator, ...handling }
}

const NONE: StateMachine = { version: 3, startAt: '', states: {} }

/** The query language of a state. A machine in JSONata has no states in JSONPath (recorded from AWS). */
function languageOf(state: DefinitionPart): QueryLanguageName {
  const { reading } = state
  const own = state.oneOf('QueryLanguage', ['JSONPath', 'JSONata'])
  if (own === undefined) return reading.language
  if (own === 'JSONPath' && reading.language === 'JSONata') {
    state.failWhole(`'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine`)
  } else if (!reading.dialect.languages.includes(own)) {
    state.fail('QueryLanguage', `'${own}' is not supported here: write '${reading.dialect.languages[0]}'`)
  }
  return own
}

const isWork = (type: StateType): boolean => type === 'Task' || type === 'Map' || type === 'Parallel'

/** The Parameters of a Map belong to its iterations, not to its own data flow. */
function ownFlow(state: DefinitionPart, type: StateType, language: QueryLanguageName): Flow {
  const flow = flowOf(state, language, isWork(type) ? ['result'] : [])
  if (type !== 'Map' || flow.language !== 'jsonpath') return flow
  const { parameters: _, ...rest } = flow
  return rest
}

function nextOf(state: DefinitionPart): { next?: string } {
  const [next, end] = [state.text('Next'), state.boolean('End')]
  if (next !== undefined && end === true) state.atMostOneOf('Next', 'End')
  if (next === undefined && end !== true) state.failWhole('One of these fields is required: [Next, End]')
  return next === undefined ? {} : { next }
}

function endOf(
  state: DefinitionPart,
  type: 'Succeed' | 'Fail',
  language: QueryLanguageName,
): Pick<SucceedState, 'kind'> | Pick<FailState, 'kind' | 'error' | 'cause'> {
  if (type === 'Succeed') return { kind: type }
  const error = failText(state, 'Error', language)
  const cause = failText(state, 'Cause', language)
  return { kind: type, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) }
}

function waitOf(state: DefinitionPart, language: QueryLanguageName): Pick<WaitState, 'kind' | 'seconds' | 'timestamp'> {
  if (language === 'JSONata') state.exactlyOneOf('Seconds', 'Timestamp')
  else state.exactlyOneOf('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath')
  const seconds = sourceOf(state, 'Seconds', language, integerIn({ ...SECONDS, min: 0 }))
  const until = sourceOf(state, 'Timestamp', language, timestamp)
  return {
    kind: 'Wait',
    ...(seconds === undefined ? {} : { seconds }),
    ...(until === undefined ? {} : { timestamp: until }),
  }
}

function branchesOf(state: DefinitionPart, readInner: ReadInner): readonly StateMachine[] {
  state.demand('Branches')
  return (state.objects('Branches') ?? []).map((branch) => readInner(branch, 'branch'))
}
