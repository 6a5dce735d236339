import type { z } from 'zod'
import { isJsonObject, type Json } from '../../model/json.ts'
import { meantDuration, parseDuration } from './duration.ts'
import { type LocatedValue, type Path, writtenAt } from './located.ts'
import { descriptionAt, exampleAt } from './schema-at.ts'
import { show } from './show.ts'
import { didYouMean } from './suggest.ts'

const LOOKS: Readonly<Record<string, string>> = {
  string: 'put it in quotes, or write a word',
  number: 'write it in digits, without quotes',
  int: 'write it in digits, without quotes',
  boolean: 'write `true` or `false`',
  object: 'write `key: value` lines below it, indented',
  record: 'write `key: value` lines below it, indented',
  array: 'write it as a list: `[a, b]`',
}

/** The mend of a wrong value: an example, the nearest choice, what its type looks like, its bound, or what the value is for. */
export function mendOf(issue: z.core.$ZodIssue, path: Path, schema: z.core.$ZodType, found: LocatedValue): string {
  const written = writtenAt(found)
  if (issue.code === 'invalid_type' && issue.expected === 'string' && written !== undefined)
    return `put it in quotes: '${written}'`
  const asText = issue.code === 'invalid_type' && issue.expected === 'string' ? textOf(path, found.value) : undefined
  if (asText !== undefined) return asText
  if (issue.code === 'invalid_type' && issue.expected === 'array' && isWord(found.value))
    return `write it as a list: \`[${found.value}]\``
  const example = exampleAt(schema, path)
  if (typeof example === 'string' && parseDuration(example) !== undefined && typeof found.value === 'string') {
    const meant = meantDuration(found.value)
    if (meant !== undefined) return `did you mean ${meant}?`
  }
  if (example !== undefined) return `for example \`${show(example)}\``
  const mend = byIssue(issue, found.value)
  if (mend !== undefined) return mend
  const description = descriptionAt(schema, path)
  return description === undefined ? 'write it as the message says, or delete it' : `what belongs here: ${description}`
}

const isWord = (value: Json): value is string => typeof value === 'string' && /^[\w-]+$/.test(value)

/** The text that was meant by a mapping of one key: `description: uplink` is a mapping to YAML, and no line of EOS. */
function textOf(path: Path, value: Json): string | undefined {
  if (!isJsonObject(value)) return undefined
  const [[key, member] = ['', null], ...more] = Object.entries(value)
  if (more.length > 0 || key === '' || (typeof member === 'object' && member !== null)) return undefined
  const text = member === null ? key : `${key} ${String(member)}`
  return path.includes('lines')
    ? `EOS has no colon there: write \`${text}\``
    : `put it in quotes, for YAML takes \`: \` for a mapping: '${key}: ${String(member ?? '')}'`
}

function byIssue(issue: z.core.$ZodIssue, value: Json): string | undefined {
  if (issue.code === 'invalid_type') return LOOKS[issue.expected]
  if (issue.code === 'invalid_value' && typeof value === 'string') return didYouMean(value, issue.values.map(String))
  if (issue.code === 'too_small') return atLeast(issue.origin, Number(issue.minimum))
  return issue.code === 'too_big' ? atMost(issue.origin, Number(issue.maximum)) : undefined
}

function atLeast(origin: string, least: number): string {
  if (origin === 'string')
    return least === 1 ? 'write something, or delete the key' : `write at least ${least} characters`
  return origin === 'array' ? `add items until there are ${least}` : `write ${least} or more`
}

function atMost(origin: string, most: number): string {
  if (origin === 'string') return `shorten it to ${most} characters`
  return origin === 'array' ? `delete items until there are ${most}` : `write ${most} or less`
}
