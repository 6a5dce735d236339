export type WordArguments = Readonly<Record<string, string>>

export type WordMatch<T> =
  | { readonly found: T; readonly args: WordArguments; readonly line: string }
  | { readonly fault: 'invalid' | 'incomplete-token' | 'incomplete-command' | 'ambiguous'; readonly token: number }

interface Pattern<T> {
  readonly entry: T
  readonly words: readonly string[]
}

/** A set of commands, each written as EOS words: `show configuration sessions [detail]`. */
export interface CommandSet<T> {
  readonly patterns: readonly Pattern<T>[]
  readonly known: Map<string, WordMatch<T>>
}

// How many lines a set remembers before it starts anew.
const KNOWN_LINES = 1000

/** Compiles commands for {@link matchWords}. */
export function commandSet<T extends { readonly words: string }>(commands: readonly T[]): CommandSet<T> {
  const patterns = commands.flatMap((entry) => expanded(entry.words).map((words) => ({ entry, words })))
  return { patterns, known: new Map() }
}

/** Keywords win over placeholders, whole words over beginnings; beginnings count only with `complete` (the CLI's own completion, eAPI's `autoComplete`). A fault names the first token, counted from 0, that fits nothing (docs/eos.md 1.4). */
export function matchWords<T>(set: CommandSet<T>, tokens: readonly string[], complete: boolean): WordMatch<T> {
  const line = `${complete ? '+' : '-'}${tokens.join(' ')}`
  const known = set.known.get(line)
  if (known !== undefined) return known
  if (set.known.size >= KNOWN_LINES) set.known.clear()
  const match = searched(set, tokens, complete)
  if (line.length <= LONGEST_KNOWN) set.known.set(line, match)
  return match
}

const LONGEST_KNOWN = 200

function searched<T>(set: CommandSet<T>, tokens: readonly string[], complete: boolean): WordMatch<T> {
  let left = set.patterns
  for (const [index, token] of tokens.entries()) {
    const fitting = narrowed(left, index, token, complete)
    if ('fault' in fitting) return { fault: fitting.fault, token: index }
    left = fitting.patterns
  }
  const whole = left.filter(
    ({ words }) => words.length === tokens.length || (rest(words.at(-1)) && words.length < tokens.length),
  )
  const [best] = whole.toSorted((a, b) => (freedom(a.words) < freedom(b.words) ? -1 : 1))
  if (best === undefined) return { fault: 'incomplete-command', token: Math.max(0, tokens.length - 1) }
  return { found: best.entry, args: argumentsOf(best.words, tokens), line: inFull(best.words, tokens) }
}

/**
 * The words that can come where a typed line ends, in alphabetical order: those that its last word begins, `<name>` for a
 * free word, `<cr>` where the line without its last, empty word is a whole command.
 */
export function nextWords<T>(set: CommandSet<T>, tokens: readonly string[]): readonly string[] {
  let left = set.patterns
  for (const [index, token] of tokens.slice(0, -1).entries()) {
    const fitting = narrowed(left, index, token, true)
    if ('fault' in fitting) return []
    left = fitting.patterns
  }
  const at = tokens.length - 1
  const typed = (tokens[at] ?? '').toLowerCase()
  const words = left.flatMap((pattern) => {
    const word = wordAt(pattern.words, at)
    if (word === undefined) return typed === '' && pattern.words.length === at ? ['<cr>'] : []
    return placeholder(word) || word.startsWith(typed) ? [word] : []
  })
  return [...new Set(words)].sort()
}

function freedom(words: readonly string[]) {
  return words.map((word) => (placeholder(word) ? '1' : '0')).join('')
}

type Narrowed<T> =
  | { readonly patterns: readonly Pattern<T>[] }
  | { readonly fault: 'invalid' | 'incomplete-token' | 'ambiguous' }

function narrowed<T>(patterns: readonly Pattern<T>[], index: number, token: string, complete: boolean): Narrowed<T> {
  const typed = token.toLowerCase()
  const at = (pattern: Pattern<T>) => wordAt(pattern.words, index) ?? ''
  const exact = patterns.filter((pattern) => at(pattern) === typed)
  const open = patterns.filter((pattern) => placeholder(at(pattern)))
  if (exact.length > 0) return { patterns: [...exact, ...open] }
  const begun = patterns.filter((pattern) => !placeholder(at(pattern)) && at(pattern).startsWith(typed))
  const meant = complete && new Set(begun.map(at)).size === 1 ? begun : []
  if (meant.length > 0 || open.length > 0) return { patterns: [...meant, ...open] }
  if (begun.length === 0) return { fault: 'invalid' }
  return { fault: complete ? 'ambiguous' : 'incomplete-token' }
}

function wordAt(words: readonly string[], index: number) {
  const last = words.at(-1)
  return rest(last) && index >= words.length ? last : words[index]
}

function argumentsOf(words: readonly string[], tokens: readonly string[]): WordArguments {
  const args: Record<string, string> = {}
  for (const [index, word] of words.entries()) {
    if (rest(word)) args[word.slice(1, -4)] = tokens.slice(index).join(' ')
    else if (placeholder(word)) args[word.slice(1, -1)] = tokens[index] ?? ''
  }
  return args
}

function inFull(words: readonly string[], tokens: readonly string[]) {
  return tokens.map((token, at) => (placeholder(words[at] ?? '<') ? token : words[at])).join(' ')
}

function placeholder(word: string) {
  return word.startsWith('<')
}

function rest(word: string | undefined) {
  return word?.endsWith('...>') ?? false
}

function expanded(pattern: string): string[][] {
  const tokens = pattern.match(/[[\]]|\([^)]*\)|[^\s[\]()]+/g) ?? []
  const [sequences] = sequence(tokens, 0)
  return sequences
}

function sequence(tokens: readonly string[], from: number): readonly [string[][], number] {
  let found: string[][] = [[]]
  let at = from
  while (at < tokens.length && tokens[at] !== ']') {
    const token = tokens[at] ?? ''
    if (token === '[') {
      const [inner, next] = sequence(tokens, at + 1)
      found = found.flatMap((head) => [head, ...inner.map((tail) => [...head, ...tail])])
      at = next
    } else {
      const choices = token.startsWith('(') ? token.slice(1, -1).split('|') : [token]
      found = found.flatMap((head) => choices.map((word) => [...head, word.trim()]))
    }
    at += 1
  }
  return [found, at]
}
