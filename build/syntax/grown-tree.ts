import { modeNames } from '../../src/eos/config/syntax/modes.ts'
import { typeOf, type ValueType } from '../../src/eos/config/syntax/syntax-tree.ts'
import { parseVerb, textStart } from '../../src/eos/config/text/tree.ts'
import type { Facts, Pattern, RealLine } from './facts.ts'

/** A word of lines, or the place of a value, and what was seen there. */
export interface Grown {
  readonly words: Map<string, Grown>
  value: Grown | undefined
  /** The collections with lines, typed without `no`, that have ended here. */
  readonly ends: Set<string>
  /** The collections with lines that come to here; the patterns are of one. */
  readonly sources: Set<string>
  /** What the value is called where it is known by a pattern. */
  readonly names: Set<string>
  /** The values that real lines have there. */
  readonly seen: Set<string>
}

/** The trees of all modes, by the names that `src/eos/config/syntax/modes.ts` has for them. */
export type GrownModes = Map<string, Grown>

const grown = (): Grown => ({
  words: new Map(),
  value: undefined,
  ends: new Set(),
  sources: new Set(),
  names: new Set(),
  seen: new Set(),
})

/** The collection that the patterns were made from: its configurations are made by them. */
const OF_PATTERNS = 'aristanetworks+avd'
/** The manual, as a source of forms. */
export const OF_MANUAL = 'the manual'
/** A switch, as the source of where a line ends: it prints no half of one. */
export const OF_SWITCH = 'a switch'

const KEYWORD = /^[a-z][\w.-]*$/

/** Grows the trees of all modes out of patterns, and then out of lines that somebody runs: what the patterns lack, and which values there are. */
export function grownModes({ patterns, words }: Facts, lines: readonly RealLine[]): GrownModes {
  const modes: GrownModes = new Map([['', grown()]])
  const atRoot = new Set(lines.flatMap(({ above, line }) => (above.length === 0 ? [firstWord(line)] : [])))
  const inModes = new Set(patterns.flatMap(({ mode, line }) => (mode.length > 0 ? [firstWord(line)] : [])))
  for (const pattern of patterns) {
    const first = firstWord(pattern.line)
    // A pattern whose mode could not be followed is said to be of the root: no root has such lines.
    const isLost = pattern.mode.length === 0 && inModes.has(first) && !atRoot.has(first)
    if (!isLost) growPattern(modes, pattern)
  }
  const known = new Set([...words.map((word) => word.toLowerCase()), ...firstWords(lines)])
  for (const line of lines) growLine(modes, line, known)
  return modes
}

const firstWord = (line: string): string => parseVerb(line).line.split(/\s+/, 1)[0] ?? ''

/** The words that lines of more than one collection begin with, or that a switch has printed: what one alone has may be misspelt, or no configuration. */
function firstWords(lines: readonly RealLine[]): readonly string[] {
  const from = new Map<string, Set<string>>()
  for (const { line, from: collection, isPrinted } of lines) {
    const first = firstWord(line)
    const known = from.get(first) ?? new Set()
    from.set(first, isPrinted ? known.add(collection).add(OF_SWITCH) : known.add(collection))
  }
  return [...from].flatMap(([word, { size }]) => (size > 1 && KEYWORD.test(word) ? [word] : []))
}

/** The words of a line up to its text, or to a value in quotation marks: of that the first word. */
function syntaxOf(line: string, above: string | undefined): readonly string[] {
  const words = line.split(/\s+/)
  const start = textStart(words, above)
  return start < words.length ? [...words.slice(0, start), TEXT] : words
}

/** In the place of a text. */
const TEXT = '"text"'

function treeOf(modes: GrownModes, mode: string): Grown {
  const tree = modes.get(mode) ?? grown()
  modes.set(mode, tree)
  return tree
}

function growPattern(modes: GrownModes, { mode, line, isManual = false }: Pattern): void {
  const source = isManual ? OF_MANUAL : OF_PATTERNS
  // What begins with a value is the rest of a line that begins elsewhere.
  if ([...mode, line].some((one) => one.startsWith('<') || one === 'EOF')) return
  const opened = mode.map((opener) => `/${openingWords(opener)}`).join('')
  // What a daemon runs is no syntax of EOS.
  if (opened === '/daemon') return
  const { verb, line: positive } = parseVerb(line)
  let at = treeOf(modes, opened)
  at.sources.add(source)
  for (const token of positive.split(' ')) {
    at = followed(at, token)
    at.sources.add(source)
  }
  if (verb === '') at.ends.add(source)
}

/** The keywords that open a mode, before its first value; a name that only one mode can have is no keyword. */
function openingWords(opener: string): string {
  const words = opener.split(' ')
  const value = words.findIndex((word) => word.includes('<') || /^[A-Z]/.test(word))
  return (value < 0 ? words : words.slice(0, value)).join(' ')
}

function followed(at: Grown, token: string): Grown {
  if (!token.includes('<') && !/^[A-Z]/.test(token)) {
    const next = at.words.get(token) ?? grown()
    at.words.set(token, next)
    return next
  }
  at.value ??= grown()
  const name = /^<(\w+)>$/.exec(token)?.[1]
  if (name !== undefined) at.value.names.add(name)
  return at.value
}

function growLine(modes: GrownModes, { above, line, from, isPrinted }: RealLine, known: ReadonlySet<string>): void {
  const { verb, line: positive } = parseVerb(line)
  const words = syntaxOf(positive, above.at(-1))
  const [first = ''] = words
  const mode = modeFor(modes, above, known)
  const isSequenced = /^\d+$/.test(first) && mode !== ''
  if (!(known.has(first) || isSequenced)) return
  const tree = treeOf(modes, mode)
  tree.sources.add(from)
  const path = walked(tree, words, verb === '') ?? grow(tree, words, known)
  for (const [index, { seen, sources }] of path.entries()) {
    seen.add(words[index] ?? '')
    sources.add(from)
  }
  const last = path.at(-1)
  // That a line may be taken away by its beginning says nothing of where it ends.
  if (verb !== '') return
  last?.ends.add(from)
  if (isPrinted) last?.ends.add(OF_SWITCH)
}

/** Adds a line that has no way through a tree yet, and gives its way. */
function grow(tree: Grown, words: readonly string[], known: ReadonlySet<string>): readonly Grown[] {
  let at = tree
  return words.map((word) => {
    const keyword = at.words.get(word)
    // Beside keywords a word that is written like one is one, if no value was ever there.
    const isBeside = at.words.size > 0 && at.value === undefined
    const isKeyword = keyword !== undefined || (KEYWORD.test(word) && (known.has(word) || isBeside))
    const next = keyword ?? (isKeyword ? undefined : at.value) ?? grown()
    if (isKeyword) at.words.set(word, next)
    else at.value = next
    at = next
    return next
  })
}

/** The mode that commands open: one that is known, or a new one. */
function modeFor(modes: GrownModes, above: readonly string[], known: ReadonlySet<string>): string {
  return above.reduce((mode, opener) => {
    const found = modeNames(mode, opener).find((name) => modes.has(name))
    if (found !== undefined) return found
    const words = parseVerb(opener).line.split(/\s+/)
    const value = words.findIndex((word) => !(KEYWORD.test(word) && known.has(word)))
    const opened = `${mode}/${(value < 0 ? words : words.slice(0, value)).join(' ')}`
    treeOf(modes, opened)
    return opened
  }, '')
}

/** The way of a line through a tree; undefined where it has none, or ends behind a value where none has ended and it has to be one. */
function walked(tree: Grown, words: readonly string[], isWhole: boolean): readonly Grown[] | undefined {
  const [word, ...others] = words
  if (word === undefined) return tree.ends.size > 0 || !isWhole ? [] : undefined
  const keyword = tree.words.get(word)
  if (keyword !== undefined && others.length === 0) return [keyword]
  for (const next of [keyword, tree.value]) {
    const rest = next === undefined ? undefined : walked(next, others, isWhole)
    if (next !== undefined && rest !== undefined) return [next, ...rest]
  }
  return undefined
}

/** So many different values say of which types a value is. */
export const ENOUGH = 6
/** Any word. */
export const ANY = '<word>'
/** A list of usual names is not longer. */
const MOST_NAMES = 80

/** How a value is written in the text form of a tree: its range, its types, its usual names, or any word. */
export function valueText(
  { names, seen, sources }: Grown,
  { names: lists, ranges, words }: Facts,
  isEither = false,
): string {
  // What is secret is seen in clear text, hashed and scrubbed; a host has an address or a name.
  if (seen.has(TEXT) || [...names].some((name) => /^secret$|(?:^|_)host$/.test(name))) return ANY
  const values = [...seen]
  const called = [...names]
  const types = new Set(values.map(typeOf))
  const range = called.map((name) => rangeOf(ranges[name])).find((one) => one !== undefined)
  if (
    range !== undefined &&
    sources.size > 1 &&
    values.length > 0 &&
    types.size === 1 &&
    types.has('int') &&
    values.every((value) => inRange(value, range))
  )
    return `<${range.join('-')}>`
  const keywords = new Set(words)
  const listed = [...new Set(called.flatMap((name) => lists[name] ?? []).flatMap((text) => text.split(' ')))]
  const isUsual = values.length > 0 && values.every((value) => keywords.has(value) && /[a-z]{2}/.test(value))
  if (listed.length > 0 && values.every((value) => listed.includes(value))) return usual(listed)
  if (isUsual) return usual([...listed, ...values])
  if (values.length < ENOUGH || sources.size < 2 || types.has('word')) return ANY
  return typesText(types, isEither)
}

function typesText(types: ReadonlySet<ValueType>, isEither: boolean): string {
  const all = isEither ? [...types].flatMap((type) => [type, ...(FAMILIES[type] ?? [])]) : [...types]
  if (all.every((type) => type === 'int' || type === 'number')) return types.has('number') ? '<number>' : '<int>'
  if (all.every((type) => type === 'int' || type === 'list')) return '<list>'
  return `<${[...new Set(all)].toSorted().join('|')}>`
}

/** The types of the other family of addresses. */
const FAMILIES: Readonly<Partial<Record<ValueType, readonly ValueType[]>>> = {
  ip: ['ip6'],
  ip6: ['ip'],
  prefix: ['prefix6'],
  prefix6: ['prefix'],
}

function usual(names: readonly string[]): string {
  const words = [...new Set(names)].filter((name) => KEYWORD.test(name)).toSorted()
  return words.length === 0 || words.length > MOST_NAMES ? ANY : `<=${words.join('|')}>`
}

type Range = readonly [number, number]

/** The numbers of all its ranges; undefined where one has no limit. */
function rangeOf(given: Facts['ranges'][string] | undefined): Range | undefined {
  if (given === undefined || given.length !== 1) return undefined
  const [[least, greatest] = [null, null]] = given
  return least === null || greatest === null ? undefined : [least, greatest]
}

const inRange = (value: string, [least, greatest]: Range): boolean =>
  Number(value) >= least && Number(value) <= greatest
