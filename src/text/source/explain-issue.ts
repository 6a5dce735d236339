import { z } from 'zod'
import type { Place, Problem } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { meantDuration, parseDuration } from './duration.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, type Path, placeOf, writtenAt } from './located.ts'
import { inYaml, show } from './show.ts'
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

function mendOf(issue: z.core.$ZodIssue, path: Path, schema: z.core.$ZodType, found: LocatedValue): string {
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

// The text that was meant by a mapping of one key: `description: uplink` is a mapping to YAML, and no line of EOS.
function textOf(path: Path, value: Json) {
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

function atLeast(origin: string, least: number) {
  if (origin === 'string')
    return least === 1 ? 'write something, or delete the key' : `write at least ${least} characters`
  return origin === 'array' ? `add items until there are ${least}` : `write ${least} or more`
}

function atMost(origin: string, most: number) {
  if (origin === 'string') return `shorten it to ${most} characters`
  return origin === 'array' ? `delete items until there are ${most}` : `write ${most} or less`
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  array: 'a list',
}

export function explainIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  located: LocatedValue,
): readonly Problem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, path, schema, located)
  if (issue.code === 'invalid_key') return [invalidKey(issue, path, located)]
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return [unknownChoice(issue.options.map(String), path, located)]
  }
  if (issue.code === 'invalid_union') {
    const best = bestOption(issue.errors)
    if (best !== undefined) {
      return best.flatMap((one) => explainIssue({ ...one, path: [...issue.path, ...one.path] }, schema, located))
    }
  }
  const found = locatedAt(located, path)
  if (found === undefined) return [missing(path, schema, located)]
  return [wrongValue(issue, path, schema, found)]
}

function unknownKeys(
  keys: readonly string[],
  path: Path,
  schema: z.core.$ZodType,
  located: LocatedValue,
): readonly Problem[] {
  const known = keysAt(schema, path)
  return keys.map((key) => {
    const at = keyPlaceOf(located, [...path, key])
    if (isNotBuilt(schema, path, key)) return notBuilt(key, at)
    const message = `the key \`${key}\` is not known${inside(path)}`
    return { code: 'unknown-key', message, at, hint: didYouMean(key, known) }
  })
}

function notBuilt(name: string, at: Place): Problem {
  return {
    code: 'not-built-yet',
    message: `\`${name}\` is not built yet`,
    at,
    hint: 'delete it: what eosflow cannot do yet is refused, never ignored',
  }
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey, path: Path, located: LocatedValue): Problem {
  const reasons = issue.issues.map((one) => one.message).join('; ')
  return {
    code: 'invalid-key',
    message: `the name \`${path.at(-1) ?? ''}\` is not allowed here`,
    at: keyPlaceOf(located, path),
    hint: reasons,
  }
}

function unknownChoice(known: readonly string[], path: Path, located: LocatedValue): Problem {
  const value = locatedAt(located, path)?.value
  const at = placeOf(located, path)
  const must = `\`${dotted(path)}\` must be one of ${known.join(', ')}`
  if (value === undefined)
    return {
      code: 'missing-key',
      message: `${must}; it is missing`,
      at,
      hint: `for example \`${path.at(-1)}: ${known[0]}\``,
    }
  return {
    code: 'invalid-value',
    message: `${must}, not ${describe(value, writtenAt(located, path))}`,
    at,
    hint: didYouMean(String(value), known),
  }
}

function missing(path: Path, schema: z.core.$ZodType, located: LocatedValue): Problem {
  const example = exampleAt(schema, path)
  const name = String(path.at(-1) ?? '')
  const description = example === undefined ? descriptionAt(schema, path) : undefined
  return {
    code: 'missing-key',
    message: `the key \`${name}\` is missing${inside(path.slice(0, -1))}`,
    at: keyPlaceOf(located, path),
    hint:
      description === undefined
        ? `add it, for example \`${name}: ${example === undefined ? '...' : inYaml(example)}\``
        : `add it, as \`${name}: …\`. ${description}`,
  }
}

function wrongValue(issue: z.core.$ZodIssue, path: Path, schema: z.core.$ZodType, found: LocatedValue): Problem {
  const at = placeOf(found)
  if (issue.code === 'custom') {
    const { code, hint } = (issue.params ?? {}) as { code?: string; hint?: string }
    return {
      code: code ?? 'invalid-value',
      message: issue.message,
      at,
      hint: hint ?? mendOf(issue, path, schema, found),
    }
  }
  if (issue.code === 'invalid_value' && isNotBuilt(schema, path, found.value)) return notBuilt(String(found.value), at)
  const unitless = issue.code === 'invalid_type' ? withoutUnit(path, schema, found) : undefined
  if (unitless !== undefined) return { code: 'wrong-type', at, ...unitless }
  // The hint has the words of a long list: both would say it.
  const isLong = issue.code === 'invalid_value' && issue.values.length > MOST_NAMED
  const joined = isLong ? 'but' : 'not'
  const message = `${subject(path)} ${isLong ? `is none of the ${issue.values.length} words known here` : demand(issue)}, ${joined} ${described(path, found)}`
  const code = issue.code === 'invalid_type' ? 'wrong-type' : 'invalid-value'
  return { code, message, at, hint: mendOf(issue, path, schema, found) }
}

function withoutUnit(
  path: Path,
  schema: z.core.$ZodType,
  { value }: LocatedValue,
): Pick<Problem, 'message' | 'hint'> | undefined {
  const example = exampleAt(schema, path)
  if (typeof value !== 'number' || typeof example !== 'string' || parseDuration(example) === undefined) return undefined
  return {
    message: `${subject(path)}: ${value} of what?`,
    hint: `write ${value}m for minutes, or ${value}s for seconds`,
  }
}

const MOST_NAMED = 8

function demand(issue: z.core.$ZodIssue) {
  if (issue.code === 'invalid_type') return `must be ${EXPECTED[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => `\`${String(value)}\``).join(' or ')}`
  if (issue.code === 'too_small') return `must ${extent(issue.origin)} at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must ${extent(issue.origin)} at most ${issue.maximum}`
  if (issue.code === 'invalid_format') return format(issue)
  return `is not accepted (${issue.message})`
}

const FORMS: Readonly<Record<string, string>> = {
  date: 'a day of the calendar, such as 2026-12-31',
  datetime: 'a day and a time with its offset, such as 2026-12-31T22:00:00+01:00',
}

function format({ message, pattern, format }: z.core.$ZodIssueInvalidStringFormat) {
  const words = message.startsWith('Invalid ') ? FORMS[format] : message.replace(/^expected /, '')
  if (words !== undefined) return `must be ${words}`
  return pattern === undefined ? `must be ${format}` : `must match ${pattern}`
}

function extent(origin: string): string {
  if (origin === 'string') return 'have a length of'
  return origin === 'array' ? 'have a number of items of' : 'be'
}

function described(path: Path, found: LocatedValue) {
  const isWhole = path.length === 0 && (typeof found.value !== 'object' || found.value === null)
  return isWhole ? 'a single value' : describe(found.value, writtenAt(found))
}

function describe(value: Json, written: string | undefined) {
  if (written !== undefined) return written
  if (value === null) return 'empty'
  if (typeof value === 'string') return `the text ${show(value)}`
  if (typeof value !== 'object') return show(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return 'a mapping'
}

function subject(path: Path) {
  return path.length === 0 ? 'the file' : `\`${dotted(path)}\``
}

function inside(path: Path) {
  return path.length === 0 ? '' : ` in \`${dotted(path)}\``
}

function dotted(path: Path) {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}

function bestOption(options: readonly (readonly z.core.$ZodIssue[])[]) {
  const inside = options.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  )
  const [best] = (inside.length > 0 ? inside : options).toSorted((a, b) => a.length - b.length)
  return best
}

const planned = z.registry<{ readonly names: readonly string[] }>()

/** Marks keys (of an object) or values (of a choice) that a schema will take one day: they are refused by name, never ignored. */
export function withNotBuilt<T extends z.ZodType>(schema: T, ...names: readonly string[]): T {
  planned.add(schema, { names })
  return schema
}

// Whether `name` is planned for the schema at `path` and not built yet.
function isNotBuilt(schema: z.core.$ZodType, path: Path, name: unknown) {
  return schemasAt(schema, path).some((one) => planned.get(one)?.names.includes(String(name)) === true)
}

// The schemas that judge the value at `path`: several where a union leaves the choice open, none where nothing is known.
function schemasAt(schema: z.core.$ZodType, path: Path) {
  return path.reduce<z.core.$ZodType[]>((at, step) => at.flatMap((one) => memberSchemas(one, step)), unwrap(schema))
}

/** The keys that a mapping at `path` may have, in the order of the schema. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const keys = schemasAt(schema, path).flatMap((one) =>
    one instanceof z.core.$ZodObject ? Object.keys(one._zod.def.shape) : [],
  )
  return [...new Set(keys)]
}

// The first example that the schemas at `path` give (`.meta({ examples: [...] })`).
function exampleAt(schema: z.core.$ZodType, path: Path): unknown {
  for (const one of schemasAt(schema, path)) {
    const [example] = (z.globalRegistry.get(one)?.examples as readonly unknown[] | undefined) ?? []
    if (example !== undefined) return example
  }
  return undefined
}

// What the schemas at `path` say of the value (`.describe(...)`).
function descriptionAt(schema: z.core.$ZodType, path: Path) {
  const found = schemasAt(schema, path).map((one) => z.globalRegistry.get(one)?.description)
  return found.find((description) => description !== undefined)
}

function memberSchemas(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodObject) {
    const member = schema._zod.def.shape[step]
    return member === undefined ? [] : unwrap(member)
  }
  if (schema instanceof z.core.$ZodRecord) return unwrap(schema._zod.def.valueType)
  return schema instanceof z.core.$ZodArray ? unwrap(schema._zod.def.element) : []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion) return [schema, ...schema._zod.def.options.flatMap(unwrap)]
  if (schema instanceof z.core.$ZodPipe) return [schema, ...unwrap(schema._zod.def.in)]
  if (schema instanceof z.core.$ZodLazy) return [schema, ...unwrap(schema._zod.def.getter())]
  const inner = 'innerType' in schema._zod.def ? (schema._zod.def.innerType as z.core.$ZodType) : undefined
  return inner === undefined ? [schema] : [schema, ...unwrap(inner)]
}

/** The same object with one member more, listed before another one, or last. */
export function withMember<T extends z.ZodType>(object: T, name: string, member: z.ZodType, before?: string): T {
  if (!(object instanceof z.ZodObject)) return object
  const others = Object.entries(object.shape)
  const at = others.findIndex(([other]) => other === before)
  const shape = Object.fromEntries(others.toSpliced(at === -1 ? others.length : at, 0, [name, member]))
  return object.clone({ ...object.def, shape }, { parent: true }) as unknown as T
}
