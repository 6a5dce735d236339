import { parseVerb } from '../../src/config/command-line.ts'
import { textStart } from '../../src/config/free-text.ts'
import { modeNames } from '../../src/config/syntax/modes.ts'
import { typeOf, type ValueType } from '../../src/config/syntax/value-type.ts'
import type { Facts, Pattern, RealLine } from './facts.ts'

/** A word of lines, or the place of a value, and what was seen there. */
export interface Grown {
  readonly words: Map<string, Grown>
  value: Grown | undefined
  isEnd: boolean
  /** What the value is called where it is known by a pattern. */
  readonly names: Set<string>
  /** The values that real lines have there. */
  readonly seen: Set<string>
}

/** The trees of all modes, by the names that `src/config/syntax/modes.ts` has for them. */
export type GrownModes = Map<string, Grown>

const grown = (): Grown => ({ words: new Map(), value: undefined, isEnd: false, names: new Set(), seen: new Set() })

const KEYWORD = /^[a-z][\w.-]*$/

/** Grows the trees of all modes out of patterns, and then out of lines that somebody runs: what the patterns lack, and which values there are. */
export function grownModes({ patterns, words }: Facts, lines: readonly RealLine[]): GrownModes {
  const modes: GrownModes = new Map([['', grown()]])
  for (const pattern of patterns) growPattern(modes, pattern)
  const known = new Set([...words.map((word) => word.toLowerCase()), ...beginningTwice(lines)])
  for (const { above, line } of lines) growLine(modes, above, syntaxOf(line, above.at(-1)), known)
  return modes
}

/** The words that lines of more than one collection begin with: what one alone has may be misspelt, or no configuration. */
function beginningTwice(lines: readonly RealLine[]): readonly string[] {
  const from = new Map<string, Set<string>>()
  for (const { line, from: collection } of lines) {
    const [first = ''] = parseVerb(line).line.split(/\s+/)
    from.set(first, (from.get(first) ?? new Set()).add(collection))
  }
  return [...from].flatMap(([word, { size }]) => (size > 1 && KEYWORD.test(word) ? [word] : []))
}

/** The words of a line without its text, and without a value in quotation marks and what follows it. */
function syntaxOf(line: string, above: string | undefined): readonly string[] {
  const words = parseVerb(line).line.split(/\s+/)
  return words.slice(0, textStart(words, above))
}

function treeOf(modes: GrownModes, mode: string): Grown {
  const tree = modes.get(mode) ?? grown()
  modes.set(mode, tree)
  return tree
}

function growPattern(modes: GrownModes, { mode, line }: Pattern): void {
  // What begins with a value is the rest of a line that begins elsewhere.
  if ([...mode, line].some((one) => one.startsWith('<') || one === 'EOF')) return
  const opened = mode.map((opener) => `/${openingWords(opener)}`).join('')
  // What a daemon runs is no syntax of EOS.
  if (opened === '/daemon') return
  let at = treeOf(modes, opened)
  for (const token of parseVerb(line).line.split(' ')) at = followed(at, token)
  at.isEnd = true
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

function growLine(
  modes: GrownModes,
  above: readonly string[],
  words: readonly string[],
  known: ReadonlySet<string>,
): void {
  const [first = ''] = words
  const mode = modeFor(modes, above, known)
  const isSequenced = /^\d+$/.test(first) && mode !== ''
  if (!(known.has(first) || isSequenced)) return
  const tree = treeOf(modes, mode)
  const path = walked(tree, words)
  if (path !== undefined) {
    for (const [index, { seen }] of path.entries()) seen.add(words[index] ?? '')
    return
  }
  grow(tree, words, known)
}

/** Adds a line that has no way through a tree yet. */
function grow(tree: Grown, words: readonly string[], known: ReadonlySet<string>): void {
  let at = tree
  for (const word of words) {
    const keyword = at.words.get(word)
    const isKeyword = keyword !== undefined || (KEYWORD.test(word) && known.has(word))
    const next = keyword ?? (isKeyword ? undefined : at.value) ?? grown()
    if (isKeyword) at.words.set(word, next)
    else at.value = next
    next.seen.add(word)
    at = next
  }
  at.isEnd = true
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

/** The way of a line through a tree; undefined where it has none. */
function walked(tree: Grown, words: readonly string[]): readonly Grown[] | undefined {
  const [word, ...others] = words
  if (word === undefined) return tree.isEnd ? [] : undefined
  for (const next of [tree.words.get(word), tree.value]) {
    const rest = next === undefined ? undefined : walked(next, others)
    if (next !== undefined && rest !== undefined) return [next, ...rest]
  }
  return undefined
}

/** So many different values say of which types a value is. */
const ENOUGH = 6
/** A list of usual names is not longer. */
const MOST_NAMES = 80

/** How a value is written in the text form of a tree: its range, its types, its usual names, or any word. */
export function valueText({ names, seen }: Grown, { names: lists, ranges, words }: Facts): string {
  // What is secret is seen in clear text, hashed and scrubbed.
  if (names.has('secret')) return '<word>'
  const values = [...seen]
  const called = [...names]
  const types = new Set(values.map(typeOf))
  const only = (...allowed: readonly ValueType[]): boolean => [...types].every((type) => allowed.includes(type))
  const range = called.map((name) => rangeOf(ranges[name])).find((one) => one !== undefined)
  if (range !== undefined && values.length > 0 && only('int') && values.every((value) => inRange(value, range)))
    return `<${range.join('-')}>`
  const keywords = new Set(words)
  const listed = [...new Set(called.flatMap((name) => lists[name] ?? []).flatMap((text) => text.split(' ')))]
  const isUsual = values.length > 0 && values.every((value) => keywords.has(value) && /[a-z]{2}/.test(value))
  if (listed.length > 0 && values.every((value) => listed.includes(value))) return usual(listed)
  if (isUsual) return usual([...listed, ...values])
  if (values.length < ENOUGH || types.has('word')) return '<word>'
  if (only('int', 'number')) return types.has('number') ? '<number>' : '<int>'
  if (only('int', 'list')) return '<list>'
  return `<${[...types].toSorted().join('|')}>`
}

function usual(names: readonly string[]): string {
  const words = [...new Set(names)].filter((name) => KEYWORD.test(name)).toSorted()
  return words.length === 0 || words.length > MOST_NAMES ? '<word>' : `<=${words.join('|')}>`
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
