import { type CommandPattern, compilePattern, tableOf } from '../../config/rules/rules.ts'
import type { ModeTable } from '../../config/rules/table.ts'
import { parseVerb } from '../../config/text/tree.ts'
import { beginsLikeConfig } from '../switch/config-words.ts'

export type Expansion = { readonly line: string } | { readonly ambiguous: number; readonly word: string }

const EVERYWHERE = ['abort', 'commit', 'configure', 'copy', 'do', 'end', 'exit', 'rollback', 'show', 'write'] as const

// Whole words that recorded configurations have behind others, and no rule lists.
const WHOLE: ReadonlySet<string> = new Set(['serve', 'virtual'])
const CATCH_ALL: ReadonlySet<string> = new Set(['router *'])

type Vocabulary = ReadonlyMap<string, readonly CommandPattern[]>

/** Writes a configuration line that was typed with beginnings of words in full: `int et1` is `interface et1`, `no sw` is `no switchport`. */
export function expandConfigLine(typed: string, modes: readonly string[]): Expansion {
  const { verb, line } = parseVerb(typed.replace(/^def(?:a(?:u(?:l)?)?)?\s+/, 'default '))
  const words = line.split(/\s+/)
  const [first = '', ...rest] = words
  if (first === 'do' || first.startsWith('!')) return { line: typed }
  const head = firstWord(first, rest[0], modes)
  if (head === undefined) return { line: typed }
  if ('ambiguous' in head) return head
  const tail = head.patterns.length === 0 ? { line: rest.join(' ') } : restOf(rest, head.patterns)
  if ('ambiguous' in tail) return tail
  const unchanged = head.word === first && tail.line === rest.join(' ')
  if (unchanged) return { line: typed }
  return { line: [verb, head.word, tail.line].filter((part) => part !== '').join(' ') }
}

export function configWords(modes: readonly string[]): readonly string[] {
  return [...new Set([...modes.flatMap((mode) => [...vocabularyOf(mode).keys()]), ...EVERYWHERE])].sort()
}

interface Head {
  readonly word: string
  readonly patterns: readonly CommandPattern[]
}

function firstWord(
  typed: string,
  second: string | undefined,
  modes: readonly string[],
): Head | Extract<Expansion, { ambiguous: number }> | undefined {
  const inner = modes.toReversed()
  for (const mode of inner) {
    const patterns = vocabularyOf(mode).get(typed)
    if (patterns !== undefined) return { word: typed, patterns }
  }
  if (typed === '' || beginsLikeConfig(typed, modes.length - 1)) return undefined
  if (EVERYWHERE.some((word) => word === typed)) return undefined
  for (const [index, mode] of inner.entries()) {
    const begun = beginningWith(typed, second, vocabularyOf(mode), index === 0)
    const [only] = begun
    if (only === undefined) continue
    return begun.length === 1 ? only : { ambiguous: 0, word: typed }
  }
  return undefined
}

function beginningWith(
  typed: string,
  second: string | undefined,
  vocabulary: Vocabulary,
  innermost: boolean,
): readonly Head[] {
  const own = [...vocabulary].flatMap(([word, patterns]) =>
    word.startsWith(typed) && patterns.some((pattern) => goesOn(pattern, second)) ? [{ word, patterns }] : [],
  )
  if (!innermost) return own
  const shared = EVERYWHERE.filter((word) => word.startsWith(typed) && !vocabulary.has(word))
  return [...own, ...shared.map((word) => ({ word, patterns: [] }))]
}

// Whether a second word may follow the first.
function goesOn({ words }: CommandPattern, second: string | undefined) {
  const next = words[1]
  if (second === undefined || next === undefined) return true
  return next.kind === 'words' ? next.words.some((word) => word.startsWith(second)) : next.kind !== 'end'
}

function restOf(words: readonly string[], all: readonly CommandPattern[]): Expansion {
  const full: string[] = []
  let patterns = all
  for (const [index, typed] of words.entries()) {
    const at = index + 1
    const keywords = new Set(patterns.flatMap((pattern) => wordsAt(pattern, at)))
    const open = patterns.filter((pattern) => isOpen(pattern, at))
    const begun = isWhole(typed) ? [] : [...keywords].filter((word) => word.startsWith(typed))
    const [word] = begun
    if (keywords.has(typed)) {
      patterns = [...patterns.filter((pattern) => wordsAt(pattern, at).includes(typed)), ...open]
      full.push(typed)
    } else if (open.length > 0 || word === undefined) {
      if (open.length === 0) return { line: [...full, ...words.slice(index)].join(' ') }
      patterns = open
      full.push(typed)
    } else if (begun.length > 1) {
      return { ambiguous: at, word: typed }
    } else {
      patterns = patterns.filter((pattern) => wordsAt(pattern, at).includes(word))
      full.push(word)
    }
  }
  return { line: full.join(' ') }
}

function isWhole(word: string) {
  return WHOLE.has(word) || beginsLikeConfig(word, 1)
}

function wordsAt({ words }: CommandPattern, at: number) {
  return words[at]?.words ?? []
}

function isOpen({ words }: CommandPattern, at: number) {
  const kind = words[at]?.kind
  return kind === 'key' || kind === 'value'
}

const vocabularies = new Map<string, Vocabulary>()

// Compiled once per mode: the rule tables never change.
function vocabularyOf(mode: string) {
  const known = vocabularies.get(mode)
  if (known !== undefined) return known
  const made = new Map<string, CommandPattern[]>()
  const sources = sourcesOf(tableOf(mode)).filter((source) => !CATCH_ALL.has(source))
  for (const pattern of sources.flatMap(compilePattern)) {
    for (const word of pattern.words[0]?.words ?? []) made.set(word, [...(made.get(word) ?? []), pattern])
  }
  vocabularies.set(mode, made)
  return made
}

function sourcesOf({ blocks, options, single, toggle, line, vlanList, numbered, heads }: ModeTable) {
  return [
    ...Object.keys({ ...blocks, ...options }),
    ...[single, toggle, line, vlanList, heads].flatMap((sources) => sources ?? []),
    ...(numbered ?? []).flatMap(({ head, word, actions }) => {
      const start = head === '' ? '' : `${head} `
      return [...(word === '' ? [] : [`${start}${word}`]), ...actions.map((action) => `${start}${action}`)]
    }),
  ]
}
