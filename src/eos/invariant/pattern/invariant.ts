import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { globMatches } from '../../../model/glob.ts'
import { definedItems, definedMembers } from '../../../model/json.ts'
import { parseVlans } from '../../../model/vlan-list.ts'
import {
  accept,
  acceptUnless,
  type LocatedValue,
  type Path,
  placeOf,
  problemsOf,
  refuse,
  textPlaceOf,
} from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../../text/source/yaml.ts'
import { invariantsSchema, type WrittenInvariants } from './invariants-schema.ts'

type Written = WrittenInvariants['invariants'][number]

/** Reads a file of `invariants/`, or gives everything that is wrong with it. */
export function readInvariants(content: string | Uint8Array, file: string): ValueOrProblems<InvariantFile> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const parsed = parseWith(invariantsSchema(), read.value)
  if (!parsed.ok) return parsed
  const { invariants, tests } = parsed.value
  const made = invariants.map((one, index) => readInvariant(one, ['invariants', index], read.value))
  const problems = [
    ...made.flatMap((one) => problemsOf(one)),
    ...duplicates(invariants, read.value),
    ...unknownBroken(parsed.value, read.value),
  ]
  return acceptUnless(problems, () => ({
    invariants: made.flatMap((one) => (one.ok ? [one.value] : [])),
    tests: tests.map(({ before, ...test }, index) => ({
      ...test,
      ...definedMembers({ before }),
      at: textPlaceOf(read.value, ['tests', index, 'name']),
    })),
  }))
}

function duplicates(invariants: readonly Written[], located: LocatedValue): readonly Problem[] {
  return invariants.flatMap(({ name }, index) =>
    invariants.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            code: 'duplicate-invariant',
            message: `two invariants are called \`${name}\``,
            at: textPlaceOf(located, ['invariants', index, 'name']),
            hint: 'give one another name',
          },
        ],
  )
}

function unknownBroken({ invariants, tests }: WrittenInvariants, located: LocatedValue): readonly Problem[] {
  const names = invariants.map(({ name }) => name)
  return tests.flatMap(({ breaks }, test) =>
    breaks.flatMap((name, index) =>
      names.includes(name)
        ? []
        : [
            {
              code: 'unknown-invariant',
              message: `there is no invariant \`${name}\` in this file`,
              at: textPlaceOf(located, ['tests', test, 'breaks', index]),
              hint: didYouMean(name, names),
            },
          ],
    ),
  )
}

interface Placed {
  readonly pattern: PathPattern
  readonly path: Path
}

function readInvariant(written: Written, at: Path, located: LocatedValue): ValueOrProblems<Invariant> {
  const problems: Problem[] = []
  const readAt = (text: string, path: Path): Placed => {
    // A list of one may be written as its text.
    const read = readPattern(text, textPlaceOf(located, path))
    problems.push(...problemsOf(read))
    return { pattern: read.ok ? read.value : { text, isFromRoot: false, lines: [] }, path }
  }
  const listed = (key: 'each' | 'where' | 'mustNot' | 'keep'): readonly Placed[] =>
    (written[key] ?? []).map((text, index) => readAt(text, [...at, key, index]))
  const inLists = (key: 'unless' | 'must'): readonly (readonly Placed[])[] =>
    (written[key] ?? []).map((texts, index) => texts.map((text, choice) => readAt(text, [...at, key, index, choice])))
  const [each, where, mustNot, keep] = [listed('each'), listed('where'), listed('mustNot'), listed('keep')]
  const [unless, must] = [inLists('unless'), inLists('must')]
  if (problems.length === 0)
    problems.push(
      ...valueProblems({ each, where, refer: [...unless.flat(), ...mustNot, ...must.flat()], keep }, located),
    )
  const patterns = (placed: readonly Placed[]) => placed.map(({ pattern }) => pattern)
  return acceptUnless(problems, () => ({
    name: written.name,
    ...(written.on === undefined ? {} : { on: { expression: written.on, at: textPlaceOf(located, [...at, 'on']) } }),
    each: patterns(each),
    where: patterns(where),
    unless: unless.map(patterns),
    must: must.map(patterns),
    mustNot: patterns(mustNot),
    keep: patterns(keep),
    because: written.because,
    at: textPlaceOf(located, [...at, 'name']),
  }))
}

interface Uses {
  readonly each: readonly Placed[]
  readonly where: readonly Placed[]
  readonly refer: readonly Placed[]
  readonly keep: readonly Placed[]
}

function valueProblems({ each, where, refer, keep }: Uses, located: LocatedValue): readonly Problem[] {
  const values = new Set(common(each.map(({ pattern }) => namesIn(pattern))))
  const inWhere = where.flatMap((one) => {
    const problems = unknownValues(one, values, true, located)
    for (const name of namesIn(one.pattern)) values.add(name)
    return problems
  })
  // A value that only some of the blocks have is known there.
  const known = new Set([...values, ...each.flatMap(({ pattern }) => namesIn(pattern))])
  return [
    ...each.filter(({ pattern }) => pattern.isFromRoot).map((one) => rooted(one, located)),
    ...each.flatMap((one) => unknownValues(one, new Set(), true, located)),
    ...inWhere,
    ...refer.flatMap((one) => unknownValues(one, known, false, located)),
    ...keep.flatMap((one) => unknownValues(one, known, true, located)),
  ]
}

function rooted({ path }: Placed, located: LocatedValue): Problem {
  const hint = 'delete the `/`: blocks are always looked for from the root'
  return { code: 'bad-pattern', message: '`each` has no `/`', at: placeOf(located, path), hint }
}

type Value = Extract<WordPattern, { readonly name: string }>

function valuesIn({ lines }: PathPattern) {
  return lines.flatMap(({ words }) => words.filter((word): word is Value => 'name' in word))
}

const namesIn = (pattern: PathPattern) => valuesIn(pattern).flatMap(({ kind, name }) => (kind === 'has' ? [] : [name]))

const common = ([first = [], ...rest]: readonly (readonly string[])[]) =>
  first.filter((name) => rest.every((names) => names.includes(name)))

function unknownValues(
  { pattern, path }: Placed,
  given: ReadonlySet<string>,
  mayTake: boolean,
  located: LocatedValue,
): readonly Problem[] {
  const known = new Set(given)
  return valuesIn(pattern).flatMap((word) => {
    const asked =
      word.kind === 'has' ? [word.name] : word.kind === 'value' && word.unlike !== undefined ? [word.unlike] : []
    const isNew = word.kind === 'value' && word.unlike === undefined && !known.has(word.name) && !mayTake
    const unknown = definedItems(...asked, isNew && word.name).filter((name) => !known.has(name))
    known.add(word.name)
    return unknown.map((name) => ({
      code: 'unknown-value',
      message: `nothing in front of this pattern gives the value \`{${name}}\``,
      at: textPlaceOf(located, path),
      hint: isNew ? `${didYouMean(name, [...given])} write \`*\` for any word` : didYouMean(name, [...given]),
    }))
  })
}

export interface Invariant {
  readonly name: string
  readonly on?: { readonly expression: string; readonly at: Place }
  readonly each: readonly PathPattern[]
  readonly where: readonly PathPattern[]
  readonly unless: readonly (readonly PathPattern[])[]
  readonly must: readonly (readonly PathPattern[])[]
  /** Lines that it must not have. */
  readonly mustNot: readonly PathPattern[]
  readonly keep: readonly PathPattern[]
  readonly because: string
  readonly at: Place
}

export interface InvariantTest {
  readonly name: string
  readonly before?: string
  readonly config: string
  readonly breaks: readonly string[]
  readonly at: Place
}

export interface InvariantFile {
  readonly invariants: readonly Invariant[]
  readonly tests: readonly InvariantTest[]
}

type WordPattern =
  | { readonly kind: 'word'; readonly text: string }
  // A word with `*` in it, which is any text.
  | { readonly kind: 'glob'; readonly text: string }
  // A word whose middle is a value; it may have to differ from the value of another name.
  | {
      readonly kind: 'value'
      readonly name: string
      readonly before: string
      readonly after: string
      readonly unlike?: string
    }
  // A list of VLANs that has the value.
  | { readonly kind: 'has'; readonly name: string }
  // A list of VLANs, each of which is the value in its turn.
  | { readonly kind: 'each'; readonly name: string }

export interface LinePattern {
  readonly words: readonly WordPattern[]
  readonly isOpen: boolean
}

export interface PathPattern {
  readonly text: string
  readonly isFromRoot: boolean
  readonly lines: readonly LinePattern[]
}

export type Values = ReadonlyMap<string, string>

const TOKEN = /(?:\{[^{}]*\}|[^\s{}])+|[{}]/g
const NAME = '[a-z][A-Za-z0-9_-]*'
const VALUE = new RegExp(`^(?<before>[^{}*]*)\\{(?<name>${NAME})(?: != (?<unlike>${NAME}))?\\}(?<after>[^{}*]*)$`)
const LIST = new RegExp(`^\\{(?<kind>has|each) (?<name>${NAME})\\}$`)

/** It has no way back: each of its words is compared with one word of a line, so that none is slow. `at` is where its text begins. */
export function readPattern(text: string, at: Place): ValueOrProblems<PathPattern> {
  const isFromRoot = text.startsWith('/')
  const from = isFromRoot ? 1 : 0
  const lines: Token[][] = [[]]
  for (const { 0: token, index } of text.slice(from).matchAll(TOKEN)) {
    const place = { ...at, column: at.column + index + from }
    if (token === '>') lines.push([])
    else lines.at(-1)?.push({ text: token, at: place })
  }
  const read = lines.map((tokens) => readLine(tokens, at))
  const problems = read.flatMap((one) => problemsOf(one))
  return acceptUnless(problems, () => ({
    text,
    isFromRoot,
    lines: read.flatMap((one) => (one.ok ? [one.value] : [])),
  }))
}

interface Token {
  readonly text: string
  readonly at: Place
}

function readLine(tokens: readonly Token[], at: Place): ValueOrProblems<LinePattern> {
  const isOpen = tokens.at(-1)?.text === '**'
  const own = isOpen ? tokens.slice(0, -1) : tokens
  if (own.length === 0) {
    const hint = 'write at least one word of the line, on each side of `>`'
    return refuse({ code: 'bad-pattern', message: 'a line of the pattern has no words', at, hint })
  }
  const words = own.map(readWord)
  const problems = words.flatMap((one) => problemsOf(one))
  return acceptUnless(problems, () => ({ words: words.flatMap((one) => (one.ok ? [one.value] : [])), isOpen }))
}

const WORDS =
  'write a word, `*` for any word, `{name}` for a value, `{name != other}`, `{has vlan}`, `{each vlan}`, or `**` at the end'

function readWord({ text, at }: Token): ValueOrProblems<WordPattern> {
  const word = text === '**' ? undefined : wordOf(text)
  if (word !== undefined) return accept(word)
  return refuse({ code: 'bad-pattern', message: `\`${text}\` is no word of a pattern here`, at, hint: WORDS })
}

function wordOf(token: string): WordPattern | undefined {
  if (!/[{}]/.test(token)) return { kind: token.includes('*') ? 'glob' : 'word', text: token }
  const list = LIST.exec(token)?.groups
  if (list !== undefined) return { kind: list.kind === 'has' ? 'has' : 'each', name: list.name ?? '' }
  const value = VALUE.exec(token)?.groups
  if (value === undefined) return undefined
  const { name = '', before = '', after = '', unlike } = value
  return { kind: 'value', name, before, after, ...definedMembers({ unlike }) }
}

export function matchLine({ words, isOpen }: LinePattern, line: readonly string[], values: Values): readonly Values[] {
  if (isOpen ? line.length < words.length : line.length !== words.length) return []
  // Most lines differ in what is known already: for them nothing is made.
  for (let index = 0; index < words.length; index++) {
    if (differs(words[index], line[index] ?? '', values)) return []
  }
  let found: readonly Values[] = [values]
  for (const [index, word] of words.entries()) {
    const text = line[index] ?? ''
    found = found.flatMap((known) => matchWord(word, text, known))
    if (found.length === 0) return found
  }
  return found
}

function differs(word: WordPattern | undefined, text: string, values: Values) {
  if (word?.kind === 'word') return word.text !== text
  if (word?.kind !== 'value') return false
  const known = values.get(word.name)
  return known !== undefined && `${word.before}${known}${word.after}` !== text
}

function matchWord(word: WordPattern, text: string, values: Values) {
  switch (word.kind) {
    case 'word':
      return word.text === text ? [values] : []
    case 'glob':
      return globMatches(word.text, text) ? [values] : []
    case 'value':
      return matchValue(word, text, values)
    case 'has':
      return hasVlan(text, values.get(word.name) ?? '') ? [values] : []
    case 'each': {
      const known = values.get(word.name)
      const vlans = parseVlans(text)?.map(String) ?? []
      if (known !== undefined) return vlans.includes(known) ? [values] : []
      return vlans.map((vlan) => new Map(values).set(word.name, vlan))
    }
  }
}

function hasVlan(list: string, vlan: string) {
  return list === vlan || (/[,-]/.test(list) && parseVlans(list)?.includes(Number(vlan)) === true)
}

function matchValue(
  { name, before, after, unlike }: Extract<WordPattern, { kind: 'value' }>,
  text: string,
  values: Values,
) {
  if (text.length <= before.length + after.length || !text.startsWith(before) || !text.endsWith(after)) return []
  const value = text.slice(before.length, text.length - after.length)
  if (unlike !== undefined && values.get(unlike) === value) return []
  const known = values.get(name)
  if (known !== undefined) return known === value ? [values] : []
  return [new Map(values).set(name, value)]
}

export function filledPattern({ lines }: Pick<PathPattern, 'lines'>, values: Values): readonly string[] {
  return lines.map(({ words, isOpen }) =>
    definedItems(...words.map((word) => filledWord(word, values)), isOpen && '**').join(' '),
  )
}

function filledWord(word: WordPattern, values: Values) {
  if (word.kind === 'word' || word.kind === 'glob') return word.text
  const value = values.get(word.name)
  if (word.kind === 'has') return `{has ${value ?? word.name}}`
  if (word.kind === 'each') return value ?? `{each ${word.name}}`
  if (value === undefined) return `${word.before}*${word.after}`
  return `${word.before}${value}${word.after}`
}
