import { isJsonObject, type Json } from '../../../model/json.ts'
import type { Filter, FilterOperator, Operand, Path } from './path.ts'
import { sameJson } from './same-json.ts'

/** Reads a path inside a filter; undefined when it is not there. */
type ReadPath = (path: Path) => Json | undefined

/** Whether a filter holds. A path that is not there equals nothing, not even null, and is not less than anything (Jayway). */
export function filterHolds(filter: Filter, read: ReadPath): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => filterHolds(part, read))
    case 'or':
      return filter.parts.some((part) => filterHolds(part, read))
    case 'not':
      return !filterHolds(filter.part, read)
    case 'exists':
      return isThere(filter.path, read)
    case 'compare':
      return COMPARISONS[filter.operator](operand(filter.left, read), operand(filter.right, read))
  }
}

function isThere(path: Path, read: ReadPath): boolean {
  const value = read(path)
  if (path.definite || path.call !== undefined) return value !== undefined
  return Array.isArray(value) && value.length > 0
}

const operand = (side: Operand, read: ReadPath): Json | undefined =>
  side.kind === 'literal' ? side.value : read(side.path)

type Comparison = (left: Json | undefined, right: Json | undefined) => boolean

/** A number equals the text that shows it: Jayway compares them as texts, in either order. */
function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return false
  if (typeof left === 'number' && typeof right === 'string') return String(left) === right
  if (typeof left === 'string' && typeof right === 'number') return left === String(right)
  return sameJson(left, right)
}

const ordered =
  (holds: (order: number) => boolean): Comparison =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right)
    if (typeof left === 'string' && typeof right === 'string') return holds(left < right ? -1 : Number(left > right))
    return false
  }

const among = (value: Json | undefined, list: Json | undefined): boolean =>
  Array.isArray(list) && list.some((item: Json) => equal(value, item))

const lists =
  (holds: (left: readonly Json[], right: readonly Json[]) => boolean): Comparison =>
  (left, right) =>
    Array.isArray(left) && Array.isArray(right) && holds(left, right)

function contains(left: Json | undefined, right: Json | undefined): boolean {
  if (typeof left === 'string') return typeof right === 'string' && left.includes(right)
  return among(right, left)
}

function sizeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return isJsonObject(value) ? Object.keys(value).length : undefined
}

const COMPARISONS: Readonly<Record<FilterOperator, Comparison>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  in: among,
  nin: (left, right) => Array.isArray(right) && !among(left, right),
  subsetof: lists((left, right) => left.every((item) => among(item, right))),
  anyof: lists((left, right) => left.some((item) => among(item, right))),
  noneof: lists((left, right) => !left.some((item) => among(item, right))),
  all: lists((left, right) => right.every((item) => among(item, left))),
  contains,
  size: (left, right) =>
    sizeOf(left) !== undefined && sizeOf(left) === (typeof right === 'number' ? right : sizeOf(right)),
  empty: (left, right) => sizeOf(left) !== undefined && (sizeOf(left) === 0) === right,
}
