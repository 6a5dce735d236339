import { definedMembers } from '../../../model/defined-members.ts'
import { globMatches } from '../../../model/glob.ts'
import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import { parseVlans } from '../../../model/vlan-list.ts'
import { accept, acceptUnless, problemsOf, refuse } from '../../../text/source/checked.ts'

export type WordPattern =
  | { readonly kind: 'word'; readonly text: string }
  /** A word with `*` in it, which is any text. */
  | { readonly kind: 'glob'; readonly text: string }
  /** A word whose middle is a value; it may have to differ from the value of another name. */
  | {
      readonly kind: 'value'
      readonly name: string
      readonly before: string
      readonly after: string
      readonly unlike?: string
    }
  /** A list of VLANs that has the value. */
  | { readonly kind: 'has'; readonly name: string }
  /** A list of VLANs, each of which is the value in its turn. */
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
    [...words.map((word) => filledWord(word, values)), ...(isOpen ? ['**'] : [])].join(' '),
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
