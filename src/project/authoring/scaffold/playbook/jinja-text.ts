import { isMap } from '../../../../change/roster/ansible/read-yaml.ts'
import { type RosterMap, type RosterValue, UnsafeText, VaultText } from '../../../../change/roster/hosts/roster.ts'
import { nameOfKey, WholeFloat, type WrittenKey, writtenKeys } from '../../../../model/json.ts'

export class NotTakenError extends Error {
  readonly isIdle: boolean

  constructor(message: string, isIdle = false) {
    super(message)
    this.isIdle = isIdle
  }
}

const WHOLE = /^\{\{((?:(?!\}\})[\s\S])*)\}\}$/
const PART = /\{\{((?:(?!\}\})[\s\S])*)\}\}/g

export function hasTemplate(value: RosterValue | undefined): boolean {
  if (typeof value === 'string') return /\{[{%#]/.test(value)
  if (Array.isArray(value)) return value.some(hasTemplate)
  return value !== undefined && isMap(value) && Object.values(value).some(hasTemplate)
}

/** A value of a playbook as an expression of Jinja: its texts are templates. Throws {@link NotTakenError} for a secret. */
export function expressionOf(value: RosterValue): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return expressionOfText(value)
  if (value instanceof UnsafeText) return literal(value.text)
  if (value instanceof VaultText) throw new NotTakenError('it holds a secret: put it into group_vars')
  if (value instanceof WholeFloat) return `${value.value}.0`
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(', ')}]`
  const map = value as RosterMap
  const pairs = writtenKeys(map).map((key) => `${keyText(key)}: ${expressionOf(map[nameOfKey(key)] ?? null)}`)
  return `{${pairs.join(', ')}}`
}

function keyText(key: WrittenKey) {
  return typeof key === 'string' ? literal(key) : expressionOf(key)
}

function expressionOfText(text: string) {
  const [, whole] = WHOLE.exec(text.trim()) ?? []
  if (whole !== undefined) return `(${whole.trim()})`
  if (/\{[%#]/.test(text)) throw new NotTakenError('a value of it is a template with statements')
  const parts: string[] = []
  let from = 0
  for (const found of text.matchAll(PART)) {
    if (found.index > from) parts.push(literal(text.slice(from, found.index)))
    parts.push(`(${(found[1] ?? '').trim()})`)
    from = found.index + found[0].length
  }
  if (from < text.length || parts.length === 0) parts.push(literal(text.slice(from)))
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' ~ ')})`
}

function literal(text: string) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}

export const isName = (word: string): boolean => /^[A-Za-z_]\w*$/.test(word)

/** Throws {@link NotTakenError} for what is no name of a variable: it would be a statement of the template. */
export function requireName(name: string): void {
  if (!isName(name)) throw new NotTakenError(`${JSON.stringify(name)} is no name of a variable`)
}

/** `set` statements for values, in their order. */
export function settings(values: RosterMap, isWeak = false): readonly string[] {
  return Object.entries(values).map(([name, value]) => {
    requireName(name)
    const made = expressionOf(value)
    return `{% set ${name} = ${isWeak ? `${name} | default(${made})` : made} %}`
  })
}
