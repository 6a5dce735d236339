import { isJsonObject, type Json } from '../../../../model/json.ts'
import type { Filter, FilterOperator, JsonPath, Operand } from './path.ts'
import { sameJson } from './same-json.ts'

/** What a filter needs of the one who selects. */
export interface FilterView {
  /** The value of a path inside the filter; undefined when it is not there. */
  read(path: JsonPath): Json | undefined
  /** How many values a value consists of. */
  weigh(value: Json): number
  /** Accounts for work, and throws when it is too much. */
  spend(visits: number): void
}

/** Whether a filter holds. A path that is not there equals nothing, not even null, and is not less than anything (Jayway). */
export function filterHolds(filter: Filter, view: FilterView): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => filterHolds(part, view))
    case 'or':
      return filter.parts.some((part) => filterHolds(part, view))
    case 'not':
      return !filterHolds(filter.part, view)
    case 'exists':
      return isThere(filter.path, view)
    case 'compare':
      return compared(filter, view)
  }
}

function isThere(path: JsonPath, view: FilterView): boolean {
  const value = view.read(path)
  if (path.definite || path.call !== undefined) return value !== undefined
  return Array.isArray(value) && value.length > 0
}

function compared({ left, operator, right }: Filter & { kind: 'compare' }, view: FilterView): boolean {
  const [first, second] = [operand(left, view), operand(right, view)]
  if (isJsonObject(first) || Array.isArray(first) || isJsonObject(second) || Array.isArray(second)) {
    const [a, b] = [view.weigh(first ?? null), view.weigh(second ?? null)]
    view.spend(operator === '==' || operator === '!=' ? a + b : a * b)
  }
  return COMPARISONS[operator](first, second)
}

const operand = (side: Operand, view: FilterView): Json | undefined =>
  side.kind === 'literal' ? side.value : view.read(side.path)

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
