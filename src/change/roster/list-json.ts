import { writtenKeys } from '../../model/map-keys.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import { floatText } from '../../text/jinja/call/print.ts'
import { compareText } from './hosts/compare-text.ts'
import { type RosterMap, type RosterValue, UnsafeText, VaultText } from './hosts/roster.ts'

export const STEP = '    '

const OTHERS = Symbol('not as Python writes it')

/** A value as Python's `json.dumps(sort_keys=True, indent=4, ensure_ascii=False)` writes it, within lines that have `indent`, of whole steps. */
export function listJson(value: RosterValue, indent: string): string {
  if (typeof value !== 'object' || value === null) return json(value, indent)
  const alike = sortedCopy(value)
  return alike === OTHERS ? json(value, indent) : indented(alike, indent.length / STEP.length)
}

function indented(value: unknown, steps: number) {
  let [within, before, behind] = [value, 0, 0]
  for (let step = 0; step < steps; step += 1) {
    within = [within]
    before += '[\n'.length + (step + 1) * STEP.length
    behind += '\n]'.length + step * STEP.length
  }
  return JSON.stringify(within, undefined, STEP).slice(before, -behind || undefined)
}

function sortedCopy(value: RosterValue): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isInteger(value) ? value : OTHERS
  if (typeof value === 'bigint') return OTHERS
  return Array.isArray(value) ? sortedItems(value) : sortedMap(value)
}

function sortedItems(items: readonly RosterValue[]): unknown {
  const copy: unknown[] = []
  for (const item of items) {
    const sorted = sortedCopy(item)
    if (sorted === OTHERS) return OTHERS
    copy.push(sorted)
  }
  return copy
}

function sortedMap(map: object): unknown {
  if (Object.getPrototypeOf(map) !== Object.prototype) return OTHERS
  const names = namesInOrder(writtenKeys(map))
  if (names === undefined) return OTHERS
  const copy: Record<string, unknown> = {}
  for (const name of names) {
    const sorted = sortedCopy((map as RosterMap)[name] ?? null)
    if (sorted === OTHERS) return OTHERS
    copy[name] = sorted
  }
  return copy
}

interface Order {
  readonly keys: readonly unknown[]
  readonly sorted: readonly string[] | undefined
}

// By the first key: mappings in a list are mostly alike.
const orders = new Map<unknown, Order>()
const MOST_ORDERS = 1_000

function namesInOrder(keys: readonly unknown[]) {
  const known = orders.get(keys[0])
  if (known?.keys.length === keys.length && keys.every((key, index) => key === known.keys[index])) return known.sorted
  const areKept = keys.every((key) => typeof key === 'string' && key !== '__proto__' && !/^[0-9]/.test(key))
  const sorted = areKept ? [...(keys as readonly string[])].sort(compareText) : undefined
  if (orders.size === MOST_ORDERS) orders.clear()
  orders.set(keys[0], { keys, sorted })
  return sorted
}

function json(value: RosterValue, indent: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return numberText(value)
    case 'object':
      return value === null ? 'null' : objectText(value, indent)
    default:
      return String(value)
  }
}

function numberText(value: number) {
  if (Number.isInteger(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function objectText(value: Exclude<RosterValue, null | boolean | number | bigint | string>, indent: string): string {
  if (Array.isArray(value)) return listText(value, indent)
  if (value instanceof WholeFloat) return floatText(value.value)
  if (value instanceof VaultText) return mapText({ __ansible_vault: value.envelope }, indent)
  if (value instanceof UnsafeText) return mapText({ __ansible_unsafe: value.text }, indent)
  return mapText(value as RosterMap, indent)
}

function listText(items: readonly RosterValue[], indent: string): string {
  const inner = indent + STEP
  return items.length === 0 ? '[]' : `[\n${items.map((item) => inner + json(item, inner)).join(',\n')}\n${indent}]`
}

function mapText(map: RosterMap, indent: string): string {
  const inner = indent + STEP
  const names = sortedNames(map)
  if (names.length === 0) return '{}'
  const members = names.map((name) => `${inner}${JSON.stringify(name)}: ${json(map[name] ?? null, inner)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}

function sortedNames(map: object) {
  const keys = writtenKeys(map)
  if (keys.every((key) => typeof key === 'string')) return [...(keys as readonly string[])].sort(compareText)
  if (keys.every((key) => typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean'))
    return [...keys].sort((a, b) => Number(a) - Number(b)).map(String)
  return keys.map(String)
}
