import { definedMembers } from '../../../model/defined-members.ts'
import type { MapState, Source } from '../machine/machine.ts'
import type { QueryLanguageName } from './dialect.ts'
import { checkReferencePath, checkTemplate, isExpression } from './expression.ts'
import { integerIn, numberIn, sourceOf } from './flow.ts'
import type { DefinitionPart } from './part.ts'

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
