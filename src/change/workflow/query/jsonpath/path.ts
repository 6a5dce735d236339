import { isJsonObject, type Json } from '../../../../model/json.ts'

type PathFunction = (value: Json) => Json | undefined

const isNumber = (value: Json): value is number => typeof value === 'number'

function numbers(value: Json) {
  const found = Array.isArray(value) ? value.filter(isNumber) : []
  return found.length === 0 ? undefined : found
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const aggregate =
  (combine: (values: readonly number[]) => number): PathFunction =>
  (value) => {
    const found = numbers(value)
    return found === undefined ? undefined : combine(found)
  }

function deviation(values: readonly number[]) {
  const mean = sum(values) / values.length
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length)
}

function length(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.length
  return isJsonObject(value) ? Object.keys(value).length : undefined
}

export const PATH_FUNCTIONS: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  ['length', length],
  ['size', length],
  ['min', aggregate((values) => values.reduce((least, value) => Math.min(least, value)))],
  ['max', aggregate((values) => values.reduce((most, value) => Math.max(most, value)))],
  ['avg', aggregate((values) => sum(values) / values.length)],
  ['sum', aggregate(sum)],
  ['stddev', aggregate(deviation)],
  ['keys', (value) => (isJsonObject(value) ? Object.keys(value) : undefined)],
  ['first', (value) => (Array.isArray(value) ? (value[0] as Json | undefined) : undefined)],
  ['last', (value) => (Array.isArray(value) ? (value.at(-1) as Json | undefined) : undefined)],
])

export type Root =
  | { readonly of: 'input' }
  | { readonly of: 'context' }
  | { readonly of: 'variable'; readonly name: string }
  | { readonly of: 'current' }

export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  /** `['a','b']` in the middle of a path: each of them in turn. */
  | { readonly kind: 'members'; readonly names: readonly string[] }
  /** `['a','b']` at the end of a path: one object with those of them that are there (Jayway). */
  | { readonly kind: 'merge'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  /** `..`: the step, applied to the value itself and to everything inside it. */
  | { readonly kind: 'descend'; readonly step: PathStep }

export interface JsonPath {
  readonly text: string
  readonly root: Root
  readonly steps: readonly PathStep[]
  readonly call?: string
  /** Only such a path can miss: any other one selects an empty list. */
  readonly definite: boolean
}

export type FilterOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'nin'
  | 'subsetof'
  | 'anyof'
  | 'noneof'
  | 'all'
  | 'contains'
  | 'size'
  | 'empty'

export type Operand =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'literal'; readonly value: Json }

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'exists'; readonly path: JsonPath }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: FilterOperator; readonly right: Operand }
