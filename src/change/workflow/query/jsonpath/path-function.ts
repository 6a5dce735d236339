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
