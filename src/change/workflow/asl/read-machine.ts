import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json } from '../../../model/json.ts'
import { acceptUnless, type LocatedValue } from '../../../text/source/located.ts'
import type {
  Catcher,
  ChoiceRule,
  ChoiceState,
  FailState,
  Flow,
  Retrier,
  State,
  StateMachine,
  SucceedState,
  TaskState,
  Undo,
  WaitState,
} from '../machine/machine.ts'
import { OPERATORS, PATH_OPERATORS } from '../query/jsonpath/choice-operator.ts'
import { ruleProblems } from '../query/jsonpath/language.ts'
import { checkTemplate, isExpression } from './expression.ts'
import { failText, flowOf, integerIn, mapOf, processorOf, SECONDS, sourceOf, timestamp } from './flow.ts'
import {
  type DefinitionFault,
  DefinitionPart,
  DefinitionReader,
  type Dialect,
  placeIn,
  type QueryLanguageName,
  type TaskBinding,
} from './part.ts'
import { checkStateFields, notOf, STATE_TYPES, type StateType } from './state-fields.ts'

const ANY_RULE = ['Next', 'Comment', 'Assign']
const JSONATA_RULE = ['Condition', 'Output']

function choiceOf(state: DefinitionPart, language: QueryLanguageName): Pick<ChoiceState, 'choices' | 'default'> {
  state.demand('Choices')
  const rules = state.objects('Choices') ?? []
  if (Array.isArray(state.raw('Choices')) && rules.length === 0) state.fail('Choices', 'Minimum number of items is 1')
  const otherwise = state.text('Default')
  return {
    choices: rules.map((rule) => ruleOf(rule, state, language)),
    ...definedMembers({ default: otherwise }),
  }
}

function ruleOf(rule: DefinitionPart, state: DefinitionPart, language: QueryLanguageName): ChoiceRule {
  rule.demand('Next')
  rule.text('Comment')
  const next = rule.text('Next') ?? ''
  return language === 'JSONata'
    ? { when: { language: 'jsonata', condition: conditionOf(rule) }, next, flow: flowOf(rule, language) }
    : { when: pathRuleOf(rule), next, flow: { ...pathsOf(state), ...flowOf(rule, language) } }
}

function pathsOf(state: DefinitionPart): { inputPath?: string | null; outputPath?: string | null } {
  const pathAt = (key: string) => {
    const value = state.raw(key)
    return value === null || typeof value === 'string' ? value : undefined
  }
  const [inputPath, outputPath] = [pathAt('InputPath'), pathAt('OutputPath')]
  return definedMembers({ inputPath, outputPath })
}

function isOfTest(key: string) {
  return ['Variable', 'And', 'Or', 'Not', 'IsPresent'].includes(key) || OPERATORS.has(key) || PATH_OPERATORS.has(key)
}

function conditionOf(rule: DefinitionPart): Json {
  for (const key of rule.keys) {
    if ([...ANY_RULE, ...JSONATA_RULE].includes(key)) continue
    rule.failWhole(isOfTest(key) ? notOf('JSONata', key, 'JSONPath') : `Field '${key}' is not supported`)
  }
  rule.demand('Condition')
  const condition = rule.raw('Condition')
  if (isExpression(condition)) checkTemplate(rule, 'Condition', 'JSONata')
  else if (condition !== undefined && typeof condition !== 'boolean') {
    rule.fail('Condition', 'Expected a JSONata expression or value of type Boolean')
  }
  return condition ?? null
}

function pathRuleOf(rule: DefinitionPart): ChoiceRule['when'] {
  const foreign = JSONATA_RULE.filter((key) => rule.has(key))
  for (const key of foreign) rule.failWhole(notOf('JSONPath', key, 'JSONata'))
  for (const { way, message } of foreign.length > 0 ? [] : ruleProblems(rule.value)) {
    rule.reading.fail([...rule.path, ...way], message)
  }
  return { language: 'jsonpath', rule: rule.value }
}

// A delay between attempts is shorter than a year (states-language.net, "Retrying after error").
const LONGEST_DELAY = 31_622_399

// Retry and Catch of a state, with the defaults of the language: 3 attempts, from 1 second on, twice as long each time.
function handlingOf(state: DefinitionPart, language: QueryLanguageName): { retry: Retrier[]; catch: Catcher[] } {
  const retriers = state.objects('Retry') ?? []
  const catchers = state.objects('Catch') ?? []
  return {
    retry: retriers.map((one, index) => retrierOf(one, index === retriers.length - 1)),
    catch: catchers.map((one, index) => catcherOf(one, index === catchers.length - 1, language)),
  }
}

function retrierOf(retrier: DefinitionPart, last: boolean): Retrier {
  retrier.allowOnly(
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
    'Comment',
  )
  retrier.text('Comment')
  const intervalSeconds = retrier.integer('IntervalSeconds', { min: 1, max: 99_999_999 }) ?? 1
  const maxDelaySeconds = retrier.integer('MaxDelaySeconds', { min: 1, max: LONGEST_DELAY })
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    retrier.fail('MaxDelaySeconds', 'MaxDelaySeconds must be greater than IntervalSeconds')
  }
  return {
    errorEquals: errorEqualsOf(retrier, last),
    intervalSeconds,
    maxAttempts: retrier.integer('MaxAttempts', { min: 0, max: 99_999_999 }) ?? 3,
    backoffRate: retrier.number('BackoffRate', { min: 1 }) ?? 2,
    ...definedMembers({ maxDelaySeconds }),
    jitter: retrier.oneOf('JitterStrategy', ['FULL', 'NONE']) ?? 'NONE',
  }
}

function catcherOf(catcher: DefinitionPart, last: boolean, language: QueryLanguageName): Catcher {
  const [mine, other] = language === 'JSONata' ? ['Output', 'ResultPath'] : ['ResultPath', 'Output']
  if (catcher.has(other)) catcher.failWhole(notOf(language, other, language === 'JSONata' ? 'JSONPath' : 'JSONata'))
  catcher.allowOnly('ErrorEquals', 'Next', 'Comment', 'Assign', mine, other)
  catcher.demand('Next')
  catcher.text('Comment')
  return {
    errorEquals: errorEqualsOf(catcher, last),
    next: catcher.text('Next') ?? '',
    flow: flowOf(catcher, language, ['errorOutput']),
  }
}

function errorEqualsOf(part: DefinitionPart, last: boolean) {
  part.demand('ErrorEquals')
  const value = part.raw('ErrorEquals')
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0 || !value.every((name) => typeof name === 'string')) {
    part.fail('ErrorEquals', 'Expected a list of at least one String')
    return []
  }
  const names: readonly string[] = value
  if (names.includes('States.ALL') && !(last && names.length === 1)) {
    part.fail('ErrorEquals', 'States.ALL must appear alone and in the last element')
  }
  return names
}

type TaskFields = Pick<
  TaskState,
  'task' | 'scope' | 'effect' | 'undo' | 'token' | 'timeoutSeconds' | 'heartbeatSeconds'
>

const UNKNOWN: TaskBinding = { task: '', scope: 'task.exec', effect: 'read', undo: { by: 'none' }, token: false }

function taskOf(state: DefinitionPart, language: QueryLanguageName): TaskFields {
  state.demand('Resource')
  const bound = bindingOf(state) ?? UNKNOWN
  checkCredentials(state, language)
  const timeout = sourceOf(state, 'TimeoutSeconds', language, integerIn(SECONDS))
  const heartbeat = sourceOf(state, 'HeartbeatSeconds', language, integerIn(SECONDS))
  const [longest, shortest] = [state.raw('TimeoutSeconds'), state.raw('HeartbeatSeconds')]
  if (typeof longest === 'number' && typeof shortest === 'number' && shortest >= longest) {
    state.fail('HeartbeatSeconds', 'HeartbeatSeconds must be smaller than TimeoutSeconds')
  }
  return {
    ...bound,
    effect: state.oneOf('Effect', ['read', 'write', 'irreversible']) ?? bound.effect,
    undo: undoOf(state) ?? bound.undo,
    ...definedMembers({ timeoutSeconds: timeout, heartbeatSeconds: heartbeat }),
  }
}

function bindingOf(part: DefinitionPart) {
  const resource = part.text('Resource')
  if (resource === undefined) return undefined
  const { reading, path } = part
  const bound = reading.dialect.resource(resource, reading.placeOf([...path, 'Resource']))
  if (bound.ok) return bound.value
  for (const { message, hint } of bound.problems) {
    reading.fail([...path, 'Resource'], message, 'schema-validation-failed', hint)
  }
  return undefined
}

function undoOf(state: DefinitionPart): Undo | undefined {
  const undo = state.raw('Undo')
  if (undo === undefined || !state.reading.dialect.extensions) return undefined
  if (undo === 'none' || undo === 'rollback') return { by: undo }
  if (typeof undo === 'string') {
    state.fail('Undo', 'Value is not one of: [none, rollback], nor a call with Resource and Arguments')
    return undefined
  }
  const call = state.object('Undo')
  if (call === undefined) return undefined
  call.allowOnly('Resource', 'Arguments')
  call.demand('Resource')
  checkTemplate(call, 'Arguments', 'JSONata', ['result'])
  const given: Json = call.raw('Arguments') ?? {}
  return { by: 'task', task: bindingOf(call)?.task ?? '', arguments: given }
}

function checkCredentials(state: DefinitionPart, language: QueryLanguageName) {
  if (!state.has('Credentials') || isExpression(state.raw('Credentials'))) return
  const credentials = state.object('Credentials')
  if (credentials === undefined) return
  const names = language === 'JSONPath' ? ['RoleArn', 'RoleArn.$'] : ['RoleArn']
  credentials.allowOnly(...names)
  if (!names.some((name) => credentials.has(name))) {
    credentials.failWhole(`The field 'RoleArn' is required but was missing`)
  }
  credentials.text('RoleArn')
  checkTemplate(state, 'Credentials', language)
}

type ReadInner = (machine: DefinitionPart, kind: 'processor' | 'branch') => StateMachine

function stateOf(name: string, state: DefinitionPart, readInner: ReadInner): State | undefined {
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

function languageOf(state: DefinitionPart) {
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

const isWork = (type: StateType) => type === 'Task' || type === 'Map' || type === 'Parallel'

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
  return definedMembers({ next })
}

function endOf(
  state: DefinitionPart,
  type: 'Succeed' | 'Fail',
  language: QueryLanguageName,
): Pick<SucceedState, 'kind'> | Pick<FailState, 'kind' | 'error' | 'cause'> {
  if (type === 'Succeed') return { kind: type }
  const error = failText(state, 'Error', language)
  const cause = failText(state, 'Cause', language)
  return { kind: type, ...definedMembers({ error, cause }) }
}

function waitOf(state: DefinitionPart, language: QueryLanguageName): Pick<WaitState, 'kind' | 'seconds' | 'timestamp'> {
  if (language === 'JSONata') state.exactlyOneOf('Seconds', 'Timestamp')
  else state.exactlyOneOf('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath')
  const seconds = sourceOf(state, 'Seconds', language, integerIn({ ...SECONDS, min: 0 }))
  const until = sourceOf(state, 'Timestamp', language, timestamp)
  return {
    kind: 'Wait',
    ...definedMembers({ seconds, timestamp: until }),
  }
}

function branchesOf(state: DefinitionPart, readInner: ReadInner) {
  state.demand('Branches')
  return (state.objects('Branches') ?? []).map((branch) => readInner(branch, 'branch'))
}

const LONGEST_NAME = 80
const ANY_MACHINE = ['Comment', 'StartAt', 'States']

/** `located` is the object that has `StartAt` and `States`. */
export function readMachine(located: LocatedValue, dialect: Dialect): ValueOrProblems<StateMachine> {
  const { machine, faults } = parseMachine(located, dialect)
  return acceptUnless(
    faults.map((fault) => problemOf(fault, located)),
    () => machine,
  )
}

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

export function problemOf({ code, message, path, hint }: DefinitionFault, located: LocatedValue): Problem {
  return { code, message, at: placeIn(located, path), ...definedMembers({ hint }) }
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
    ...definedMembers({ timeoutSeconds, payloadBytes }),
  }
}

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

function checkName(name: string, states: DefinitionPart) {
  const { names } = states.reading
  if (names.has(name)) states.fail(name, `State name '${name}' appears more than once`, 'duplicate-state-name')
  names.add(name)
  if (name.length > LONGEST_NAME) {
    states.fail(name, `A state name has at most ${LONGEST_NAME} characters`, 'invalid-state-name')
  }
}

interface Transition {
  readonly at: DefinitionPart
  readonly field: 'Next' | 'Default' | 'StartAt'
}

function checkTransitions(machine: DefinitionPart, states: DefinitionPart) {
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

function isTerminal(state: DefinitionPart) {
  return state.raw('End') === true || state.raw('Type') === 'Succeed' || state.raw('Type') === 'Fail'
}

function transitionsOf(state: DefinitionPart): readonly Transition[] {
  const own = (['Next', 'Default'] as const).map((field) => ({ at: state, field }))
  const nested = ['Choices', 'Catch'].flatMap((key) => members(state, key))
  return [...own, ...nested.map((at) => ({ at, field: 'Next' as const }))].filter(({ at, field }) => at.has(field))
}

function members(state: DefinitionPart, key: string) {
  const value = state.raw(key)
  return Array.isArray(value) && value.every(isJsonObject) ? (state.objects(key) ?? []) : []
}
