import { isJsonObject, type Json } from '../../../../model/json.ts'
import { QueryFault } from '../language/language.ts'
import { parsedOrFault } from './expression.ts'
import { parsePath, QuerySyntaxError } from './parse-path.ts'
import type { JsonPath } from './path.ts'
import { shownJson } from './select.ts'

export type ReferenceStep = string | number

/** Throws QuerySyntaxError. */
export function parseReferencePath(text: string): readonly ReferenceStep[] {
  const path = parsePath(text)
  if (path.root.of !== 'input') throw new QuerySyntaxError(`a reference path starts with '$'`, 0)
  return referenceSteps(path)
}

function referenceSteps(path: JsonPath): readonly ReferenceStep[] {
  if (path.call !== undefined) throw new QuerySyntaxError('a reference path has no functions', 0)
  return path.steps.map((step) => {
    if (step.kind === 'member') return step.name
    if (step.kind === 'index' && step.index >= 0) return step.index
    throw new QuerySyntaxError('a reference path names exactly one place', 0)
  })
}

/** The input with the value at a place, as ResultPath wants it: missing objects are made, items are replaced but never added. Throws QueryFault States.ResultPathMatchFailure where the place cannot be. */
export function place(input: Json, text: string, value: Json): Json {
  const placed = placedAt(input, parsedOrFault(text, parseReferencePath, 'States.ResultPathMatchFailure'), value)
  if (placed !== undefined) return placed
  throw new QueryFault(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${text} to input ${shownJson(input)}`,
  )
}

function placedAt(target: Json | undefined, steps: readonly ReferenceStep[], value: Json): Json | undefined {
  const [step, ...rest] = steps
  if (step === undefined) return value
  return typeof step === 'string' ? placedMember(target, step, rest, value) : placedItem(target, step, rest, value)
}

function placedMember(
  target: Json | undefined,
  name: string,
  rest: readonly ReferenceStep[],
  value: Json,
): Json | undefined {
  const object = target === undefined ? {} : target
  if (!isJsonObject(object)) return undefined
  const member = placedAt(Object.hasOwn(object, name) ? object[name] : undefined, rest, value)
  return member === undefined ? undefined : { ...object, [name]: member }
}

function placedItem(
  target: Json | undefined,
  index: number,
  rest: readonly ReferenceStep[],
  value: Json,
): Json | undefined {
  if (!Array.isArray(target) || index >= target.length) return undefined
  const item = placedAt(target[index] as Json, rest, value)
  return item === undefined ? undefined : target.with(index, item)
}
