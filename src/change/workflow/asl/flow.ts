import { definedMembers, isJsonObject, type JsonObject } from '../../../model/json.ts'
import type { Flow, MapState, Source } from '../machine/machine.ts'
import { instantOf } from '../query/jsonpath/timestamp.ts'
import {
  checkAssign,
  checkPath,
  checkPathOrCall,
  checkReferencePath,
  checkResultPath,
  checkTemplate,
  isExpression,
  type Members,
} from './expression.ts'
import type { DefinitionPart, QueryLanguageName, Range } from './part.ts'

type MapFields = Pick<
  MapState,
  'items' | 'selector' | 'maxConcurrency' | 'toleratedFailureCount' | 'toleratedFailurePercentage'
>

const LONGEST_LABEL = 40
const NOT_IN_LABEL = /[\s?*<>{}[\]:;,\\|^~$#%&`"/\p{Cc}]/u

const SWITCHES = ['targets', 'waves', 'wave'] as const

export function mapOf(state: DefinitionPart, language: QueryLanguageName): MapFields {
  checkLabel(state)
  checkBatching(state, language)
  const count = sourceOf(state, 'ToleratedFailureCount', language, integerIn({ min: 0 }))
  const percentage = sourceOf(state, 'ToleratedFailurePercentage', language, numberIn({ min: 0, max: 100 }))
  const selectorKey = language === 'JSONPath' && state.has('Parameters') ? 'Parameters' : 'ItemSelector'
  if (language === 'JSONPath') state.atMostOneOf('ItemSelector', 'Parameters')
  checkTemplate(state, selectorKey, language)
  const selector = state.raw(selectorKey)
  return {
    items: itemsOf(state, language),
    ...definedMembers({ selector }),
    maxConcurrency: sourceOf(state, 'MaxConcurrency', language, integerIn({ min: 0 })) ?? { from: 'literal', value: 0 },
    ...definedMembers({ toleratedFailureCount: count, toleratedFailurePercentage: percentage }),
  }
}

export function processorOf(state: DefinitionPart, language: QueryLanguageName): DefinitionPart | undefined {
  if (language === 'JSONPath') state.exactlyOneOf('ItemProcessor', 'Iterator')
  else state.demand('ItemProcessor')
  const processor = state.object('ItemProcessor') ?? state.object('Iterator')
  const config = processor?.object('ProcessorConfig')
  if (config !== undefined) checkConfig(config)
  return processor
}

function itemsOf(state: DefinitionPart, language: QueryLanguageName): MapState['items'] {
  if (language === 'JSONPath') {
    checkReferencePath(state, 'ItemsPath')
    const path = state.text('ItemsPath')
    return path === undefined ? { from: 'input' } : { from: 'path', path }
  }
  const items = state.raw('Items')
  if (items === undefined) return { from: 'input' }
  const switches = SWITCHES.find((one) => one === items)
  if (switches !== undefined && state.reading.dialect.extensions) return { from: switches }
  if (typeof items === 'object' && items !== null ? false : !isExpression(items)) {
    state.fail('Items', 'Expected a JSONata expression or value of type Array or Object')
  }
  checkTemplate(state, 'Items', language)
  const source: Source = { from: 'template', value: items }
  return source
}

function checkConfig(config: DefinitionPart) {
  config.allowOnly('Mode', 'ExecutionType')
  const mode = config.oneOf('Mode', ['INLINE', 'DISTRIBUTED'])
  config.oneOf('ExecutionType', ['STANDARD', 'EXPRESS'])
  if (mode !== 'DISTRIBUTED') return
  config.demand('ExecutionType')
  if (config.reading.dialect.type === 'EXPRESS') {
    config.fail('Mode', 'Express state machine does not support Distributed Map')
  }
}

function checkLabel(state: DefinitionPart) {
  const label = state.text('Label')
  if (label === undefined) return
  const { labels } = state.reading
  const [invalid] = NOT_IN_LABEL.exec(label) ?? []
  if (invalid !== undefined) state.fail('Label', `Label contains invalid character: '${invalid}'`, 'invalid-label-name')
  if (label.length === 0 || label.length > LONGEST_LABEL) {
    state.fail('Label', `Label must have 1 to ${LONGEST_LABEL} characters`, 'invalid-label-name')
  }
  if (labels.has(label)) state.fail('Label', `Label '${label}' appears more than once`, 'duplicate-label-name')
  labels.add(label)
}

function checkBatching(state: DefinitionPart, language: QueryLanguageName) {
  const reader = state.object('ItemReader')
  reader?.demand('Resource')
  reader?.allowOnly('Resource', 'ReaderConfig', language === 'JSONPath' ? 'Parameters' : 'Arguments')
  const config = reader?.object('ReaderConfig')
  if (config !== undefined) sourceOf(config, 'MaxItems', language, integerIn({ min: 0, max: 100_000_000 }))
  const writer = state.object('ResultWriter')
  writer?.allowOnly('Resource', 'WriterConfig', language === 'JSONPath' ? 'Parameters' : 'Arguments')
  const batcher = state.object('ItemBatcher')
  if (batcher === undefined) return
  for (const key of ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']) {
    sourceOf(batcher, key, language, integerIn({ min: 0 }))
  }
  checkTemplate(batcher, 'BatchInput', language)
}

/** `members` is what Output and Assign may read of `$states` besides. */
export function flowOf(part: DefinitionPart, language: QueryLanguageName, members: Members = []): Flow {
  checkAssign(part, language, members)
  const assign = part.raw('Assign')
  const assigned = isJsonObject(assign) ? { assign } : {}
  if (language === 'JSONata') {
    return {
      language: 'jsonata',
      ...given(part, 'Arguments', language),
      ...given(part, 'Output', language, members),
      ...assigned,
    }
  }
  return {
    language: 'jsonpath',
    ...nullablePath(part, 'InputPath', checkPath),
    ...given(part, 'Parameters', language),
    ...literal(part, 'Result'),
    ...given(part, 'ResultSelector', language),
    ...nullablePath(part, 'ResultPath', checkResultPath),
    ...nullablePath(part, 'OutputPath', checkPath),
    ...assigned,
  }
}

/** How many seconds a time-out or a heartbeat may have (states-language.net, "Timeouts"). */
export const SECONDS = { min: 1, max: 99_999_999 } as const

/**
 * A value that a state may give as a literal, in JSONata as an expression, and in JSONPath by a second field whose name
 * ends in `Path`. `check` reports a literal that will not do.
 */
export function sourceOf(
  part: DefinitionPart,
  key: string,
  language: QueryLanguageName,
  check: (part: DefinitionPart, key: string) => void,
): Source | undefined {
  if (language === 'JSONPath') part.atMostOneOf(key, `${key}Path`)
  const path = part.raw(`${key}Path`)
  if (language === 'JSONPath' && path !== undefined) {
    checkReferencePath(part, `${key}Path`)
    return { from: 'path', path: String(path) }
  }
  const value = part.raw(key)
  if (value === undefined) return undefined
  if (language === 'JSONata' && isExpression(value)) {
    checkTemplate(part, key, language)
    return { from: 'template', value }
  }
  check(part, key)
  return { from: 'literal', value }
}

export function failText(
  part: DefinitionPart,
  key: 'Error' | 'Cause',
  language: QueryLanguageName,
): Source | undefined {
  if (language === 'JSONPath' && part.has(`${key}Path`)) {
    part.atMostOneOf(key, `${key}Path`)
    checkPathOrCall(part, `${key}Path`)
    return { from: 'path', path: String(part.raw(`${key}Path`)) }
  }
  return sourceOf(part, key, language, (one) => one.text(key))
}

/** A check for {@link sourceOf}: an integer in a range. */
export const integerIn = (range: Range) => (part: DefinitionPart, key: string) => {
  part.integer(key, range)
}

/** A check for {@link sourceOf}: any number in a range. */
export const numberIn = (range: Range) => (part: DefinitionPart, key: string) => {
  part.number(key, range)
}

/** A check for {@link sourceOf}: an RFC 3339 timestamp. */
export function timestamp(part: DefinitionPart, key: string): void {
  const text = part.text(key)
  if (text !== undefined && instantOf(text) === undefined) part.fail(key, 'String does not match RFC3339 timestamp')
}

function given(part: DefinitionPart, key: string, language: QueryLanguageName, members: Members = []): JsonObject {
  checkTemplate(part, key, language, members)
  return literal(part, key)
}

function literal(part: DefinitionPart, key: string): JsonObject {
  const value = part.raw(key)
  return value === undefined ? {} : { [key.charAt(0).toLowerCase() + key.slice(1)]: value }
}

function nullablePath(
  part: DefinitionPart,
  key: string,
  check: (part: DefinitionPart, key: string) => void,
): JsonObject {
  if (part.raw(key) !== null) check(part, key)
  return literal(part, key)
}
