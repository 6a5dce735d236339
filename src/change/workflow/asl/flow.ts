import type { JsonObject } from '../../../model/json.ts'
import { isJsonObject } from '../../../model/json.ts'
import type { Flow, Source } from '../machine/machine.ts'
import { instantOf } from '../query/jsonpath/timestamp.ts'
import type { QueryLanguageName } from './dialect.ts'
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
import type { DefinitionPart, Range } from './part.ts'

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
