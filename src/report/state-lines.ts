import { isJsonObject, type Json } from '../model/json.ts'
import { visibleLine } from './visible.ts'

/** A state as lines to read: one for each thing that has nothing but plain members, deeper ones below their name. */
export function stateLines(value: Json, indent = ''): readonly string[] {
  const entries = entriesOf(value)
  if (entries === undefined) return [`${indent}${word(value)}`]
  if (entries.length === 0) return [`${indent}none`]
  return entries.flatMap(([name, item]) => {
    const inner = entriesOf(item)
    const label = `${indent}${visibleLine(name)}`
    if (inner === undefined) return [`${label}: ${word(item)}`]
    if (inner.length === 0) return [`${label}: none`]
    if (inner.some(([, deeper]) => entriesOf(deeper) !== undefined)) return [label, ...stateLines(item, `${indent}  `)]
    return [`${label}: ${inner.map(([key, plain]) => `${visibleLine(key)} ${word(plain)}`).join(', ')}`]
  })
}

/** The members of an object or of a list of objects; a list of plain values is one value. */
function entriesOf(value: Json): readonly (readonly [string, Json])[] | undefined {
  if (isJsonObject(value)) return Object.entries(value)
  if (!Array.isArray(value) || !value.some((item) => typeof item === 'object' && item !== null)) return undefined
  return (value as readonly Json[]).map((item, index) => [`${index + 1}`, item] as const)
}

function word(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : (value as readonly Json[]).map(word).join(' ')
  return value === '' ? '-' : visibleLine(String(value))
}
