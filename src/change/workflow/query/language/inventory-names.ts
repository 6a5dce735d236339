import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { type LazyMap, type LazyValue, ValueFault } from '../../../../model/once.ts'
import { parse } from '../../../../text/query/names.ts'
import { type PathMention, pathsOf } from '../../../../text/query/paths.ts'

const OPENING = '{%'

const CLOSING = '%}'

/** Whether a value is a JSONata expression: `{%` and `%}` are its first and last characters (states-language.net, "JSONata"). */
export function isExpression(value: Json): value is string {
  return (
    typeof value === 'string' &&
    value.length >= OPENING.length + CLOSING.length &&
    value.startsWith(OPENING) &&
    value.endsWith(CLOSING)
  )
}

export function textOf(expression: string): { readonly text: string; readonly offset: number } {
  const inner = expression.slice(OPENING.length, -CLOSING.length)
  return { text: inner.trim(), offset: OPENING.length + inner.length - inner.trimStart().length }
}

/** A step into a template, as the location of a field in a message has it: `/key` or `[0]`. */
export function stepInto(location: string, step: string | number): string {
  return typeof step === 'number' ? `${location}[${step}]` : `${location}/${step}`
}

/** Keys are never expressions. */
export function eachExpression(
  template: Json,
  visit: (expression: string, path: readonly (string | number)[]) => void,
  path: readonly (string | number)[] = [],
): void {
  if (isExpression(template)) visit(template, path)
  else if (Array.isArray(template)) {
    for (const [index, member] of template.entries()) eachExpression(member, visit, [...path, index])
  } else if (isJsonObject(template)) {
    for (const [key, member] of Object.entries(template)) eachExpression(member, visit, [...path, key])
  }
}

/** A value in whole; a number that is too great to be one is a text. Throws {@link ValueFault}. */
export function jsonOf(value: LazyValue): Json {
  if (value.kind === 'scalar') return typeof value.value === 'bigint' ? String(value.value) : value.value
  if (value.kind === 'list') {
    return Array.from({ length: value.length }, (_, index) => {
      const item = value.item(index)
      return item === undefined ? null : jsonOf(item)
    })
  }
  return Object.fromEntries(
    value.keys().flatMap((key): [string, Json][] => {
      const member = value.member(key)
      return member === undefined ? [] : [[key, jsonOf(member)]]
    }),
  )
}

export interface SeenInventory {
  /** The switch that the state is for; absent where it is for several. */
  readonly device?: LazyMap | undefined
  readonly fabric: LazyMap
}

/** The variables under which they see it, unless a state has assigned one of that name. */
export const INVENTORY_NAMES: readonly string[] = ['device', 'fabric']

const known = new Map<string, readonly PathMention[]>()

export function inventoryPaths(text: string): readonly PathMention[] {
  const found = known.get(text)
  if (found !== undefined) return found
  const parsed = parse(text)
  const paths = parsed.ok ? pathsOf(parsed.root).filter(({ of }) => INVENTORY_NAMES.includes(of)) : []
  if (known.size > MOST_KNOWN) known.clear()
  known.set(text, paths)
  return paths
}

const MOST_KNOWN = 2_000

export function inventoryPathsIn(template: Json): readonly PathMention[] {
  const paths: PathMention[] = []
  eachExpression(template, (expression) => paths.push(...inventoryPaths(textOf(expression).text)))
  return paths
}

export function inventoryVariables(text: string, seen: SeenInventory, assigned: JsonObject): JsonObject {
  const variables: Record<string, Json> = {}
  for (const { of, steps } of inventoryPaths(text)) {
    const root = Object.hasOwn(assigned, of) ? undefined : of === 'device' ? seen.device : seen.fabric
    if (root === undefined) continue
    const read = materialised(root, steps)
    if (read !== undefined) variables[of] = merged(variables[of], read)
  }
  return variables
}

/** The part of a value to which names lead, in the mappings around it; undefined where there is none, or where it cannot be read. */
export function materialised(value: LazyValue, [step, ...rest]: readonly string[]): Json | undefined {
  try {
    if (step === undefined || value.kind !== 'map') return jsonOf(value)
    const member = value.member(step)
    const found = member === undefined ? undefined : materialised(member, rest)
    return found === undefined ? {} : { [step]: found }
  } catch (thrown) {
    if (thrown instanceof ValueFault) return undefined
    throw thrown
  }
}

function merged(a: Json | undefined, b: Json): Json {
  if (a === undefined || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return b
  if (Array.isArray(a) || Array.isArray(b)) return b
  const [one, other] = [a as JsonObject, b as JsonObject]
  return { ...one, ...Object.fromEntries(Object.entries(other).map(([key, value]) => [key, merged(one[key], value)])) }
}
