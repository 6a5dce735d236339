import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { QueryFault } from '../language/language.ts'
import {
  type Filter,
  type FilterOperator,
  type JsonPath,
  type Operand,
  PATH_FUNCTIONS,
  type PathStep,
  type Root,
} from './parse-path.ts'

// How much of a value a message shows, characters.
const MAX_SHOWN = 8192

export function shownJson(value: Json): string {
  const text = JSON.stringify(value)
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`
}

interface FilterView {
  // The value of a path inside the filter; undefined when it is not there.
  read(path: JsonPath): Json | undefined
  weigh(value: Json): number
  spend(visits: number): void
}

function filterHolds(filter: Filter, view: FilterView): boolean {
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

function isThere(path: JsonPath, view: FilterView) {
  const value = view.read(path)
  if (path.definite || path.call !== undefined) return value !== undefined
  return Array.isArray(value) && value.length > 0
}

function compared({ left, operator, right }: Filter & { kind: 'compare' }, view: FilterView) {
  const [first, second] = [operand(left, view), operand(right, view)]
  if (isJsonObject(first) || Array.isArray(first) || isJsonObject(second) || Array.isArray(second)) {
    const [a, b] = [view.weigh(first ?? null), view.weigh(second ?? null)]
    view.spend(operator === '==' || operator === '!=' ? a + b : a * b)
  }
  return COMPARISONS[operator](first, second)
}

const operand = (side: Operand, view: FilterView) => (side.kind === 'literal' ? side.value : view.read(side.path))

type Comparison = (left: Json | undefined, right: Json | undefined) => boolean

function equal(left: Json | undefined, right: Json | undefined) {
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

const among = (value: Json | undefined, list: Json | undefined) =>
  Array.isArray(list) && list.some((item: Json) => equal(value, item))

const lists =
  (holds: (left: readonly Json[], right: readonly Json[]) => boolean): Comparison =>
  (left, right) =>
    Array.isArray(left) && Array.isArray(right) && holds(left, right)

function contains(left: Json | undefined, right: Json | undefined) {
  if (typeof left === 'string') return typeof right === 'string' && left.includes(right)
  return among(right, left)
}

function sizeOf(value: Json | undefined) {
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

export interface Roots {
  readonly input: Json
  readonly context: JsonObject
  readonly variables: JsonObject
}

export type PathSelection = { readonly value: Json } | { readonly miss: string }

// The most values that one path may look at, so that no chain of `..` can hang an execution.
const MAX_VISITS = 500_000

interface View {
  readonly roots: Roots
  readonly current: Json | undefined
  readonly spend: (visits: number) => void
}

/** A definite path gives its value or a miss in Jayway's words; any other path gives the list of what it finds, which may be empty. Throws QueryFault when it would look at more than 500,000 values. */
export function select(path: JsonPath, roots: Roots): PathSelection {
  return lookUp(path, { roots, current: undefined, spend: budget(path.text) })
}

function budget(text: string): View['spend'] {
  let left = MAX_VISITS
  return (visits) => {
    left -= visits
    if (left >= 0) return
    throw new QueryFault('States.Runtime', `Invalid path '${text}' : it looks at more than ${MAX_VISITS} values`)
  }
}

function lookUp(path: JsonPath, view: View): PathSelection {
  const start = startOf(path.root, view)
  if (start === undefined) return { miss: `No results for path: ${path.text}` }
  const found = path.definite ? walk(path.steps, start) : { value: spread(path.steps, start, view) }
  if (path.call === undefined || 'miss' in found) return found
  view.spend(childrenOf(found.value).length)
  const value = PATH_FUNCTIONS.get(path.call)?.(found.value)
  return value === undefined ? { miss: `${path.call}() has no value for path: ${shown(path.steps)}` } : { value }
}

function startOf(root: Root, { roots, current }: View) {
  switch (root.of) {
    case 'input':
      return roots.input
    case 'context':
      return roots.context
    case 'variable':
      return member(roots.variables, root.name)
    case 'current':
      return current
  }
}

function member(value: Json, name: string) {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function item(value: Json, index: number) {
  return Array.isArray(value) ? (value.at(index) as Json | undefined) : undefined
}

function walk(steps: readonly PathStep[], start: Json): PathSelection {
  let value = start
  for (const [at, step] of steps.entries()) {
    const next = stepped(step, value)
    if (next === undefined) return { miss: missAt(steps, at, value) }
    value = next
  }
  return { value }
}

function stepped(step: PathStep, value: Json) {
  if (step.kind === 'member') return member(value, step.name)
  if (step.kind === 'index') return item(value, step.index)
  return step.kind === 'merge' ? merged(step.names, value) : undefined
}

function merged(names: readonly string[], value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(value, name) ? [[name, value[name] ?? null] as const] : [])),
  )
}

function missAt(steps: readonly PathStep[], at: number, value: Json) {
  const step = steps[at]
  const before = shown(steps.slice(0, at))
  if (step === undefined) return `No results for path: ${before}`
  if (step.kind === 'index') {
    if (Array.isArray(value)) return `No results for path: ${shown(steps)}`
    if (value === null) return `The path ${before} is null`
    return `Filter: ${fragment(step)} can only be applied to arrays. Current context is: ${shownJson(value)}`
  }
  if (!isJsonObject(value)) {
    return `Expected to find an object with property ${fragment(step)} in path ${before} but found ${kindOf(value)}`
  }
  return at === steps.length - 1
    ? `No results for path: ${shown(steps)}`
    : `Missing property in path ${before}${fragment(step)}`
}

function kindOf(value: Json) {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

const shown = (steps: readonly PathStep[]) => `$${steps.map(fragment).join('')}`

function fragment(step: PathStep): string {
  switch (step.kind) {
    case 'member':
      return `['${step.name}']`
    case 'members':
    case 'merge':
      return `[${step.names.map((name) => `'${name}'`).join(',')}]`
    case 'index':
      return `[${step.index}]`
    case 'indices':
      return `[${step.indices.join(',')}]`
    case 'slice':
      return `[${step.from ?? ''}:${step.to ?? ''}]`
    case 'wildcard':
      return '[*]'
    case 'filter':
      return '[?]'
    case 'descend':
      return `..${fragment(step.step)}`
  }
}

function spread(steps: readonly PathStep[], start: Json, view: View) {
  let values: readonly Json[] = [start]
  for (const step of steps) {
    values = values.flatMap((value) => {
      const next = selected(step, value, view)
      if (step.kind !== 'descend') view.spend(next.length + 1)
      return next
    })
  }
  return values
}

const some = (value: Json | undefined) => (value === undefined ? [] : [value])

function selected(step: PathStep, value: Json, view: View): readonly Json[] {
  switch (step.kind) {
    case 'member':
    case 'index':
    case 'merge':
      return some(stepped(step, value))
    case 'members':
      return step.names.flatMap((name) => some(member(value, name)))
    case 'indices':
      return step.indices.flatMap((index) => some(item(value, index)))
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from ?? 0, step.to) : []
    case 'wildcard':
      return childrenOf(value)
    case 'filter':
      return filtered(step, value, view)
    case 'descend':
      return descended(step.step, value, view)
  }
}

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  return isJsonObject(value) ? Object.values(value) : []
}

function filtered(step: PathStep & { kind: 'filter' }, value: Json, view: View): readonly Json[] {
  const candidates: readonly Json[] = Array.isArray(value) ? value : isJsonObject(value) ? [value] : []
  return candidates.filter((candidate) => {
    view.spend(1)
    const read = (path: JsonPath) => {
      const found = lookUp(path, { ...view, current: candidate })
      return 'miss' in found ? undefined : found.value
    }
    const weigh = (value: Json) => containers(value, view).reduce<number>((sum, at) => sum + childrenOf(at).length, 1)
    return filterHolds(step.filter, { read, weigh, spend: view.spend })
  })
}

// A filter after `..` is asked of every object inside, so that an item is not found both in its list and by itself.
function descended(step: PathStep, start: Json, view: View): readonly Json[] {
  const inside = step.kind === 'filter' ? containers(start, view).filter(isJsonObject) : containers(start, view)
  return inside.flatMap((value) => {
    const next = selected(step, value, view)
    view.spend(next.length)
    return next
  })
}

function containers(start: Json, view: View): readonly Json[] {
  const found: Json[] = []
  const waiting = [start]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    view.spend(1)
    if (typeof value !== 'object' || value === null) continue
    found.push(value)
    const children = childrenOf(value)
    for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at] ?? null)
  }
  return found
}

export function identityOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(identityOf).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value === 0 ? 0 : value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${identityOf(value[name] ?? null)}`).join(',')}}`
}

function sameJson(left: Json, right: Json): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  return identityOf(left) === identityOf(right)
}
