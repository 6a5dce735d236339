interface PatternWord {
  readonly kind: 'words' | 'key' | 'value' | 'end'
  readonly words: readonly string[]
}

/** What a pattern finds in a command: the words that identify the setting, and how many words it took. */
export interface PatternMatch {
  readonly key: string
  readonly length: number
}

/**
 * The leading words of a command, as written in the rule tables.
 *
 * `a|b` one of these words; `*` any word, part of the key; `_` any word, part of the value; `$` nothing follows;
 * `[x y]` words that may be missing. What follows the pattern in a command is its value.
 */
export interface CommandPattern {
  readonly words: readonly PatternWord[]
  /** How exact the pattern is: of two patterns that match one command the one with the higher weight is meant. */
  readonly weight: number
}

const compileWord = (word: string): PatternWord => {
  if (word === '*') return { kind: 'key', words: [] }
  if (word === '_') return { kind: 'value', words: [] }
  if (word === '$') return { kind: 'end', words: [] }
  return { kind: 'words', words: word.split('|') }
}

const weigh = (words: readonly PatternWord[]) =>
  words.reduce((sum, { kind }) => sum + (kind === 'words' ? 3 : kind === 'end' ? 0.5 : 2), 0)

const compileOne = (source: string): CommandPattern => {
  const words = source
    .split(' ')
    .filter((word) => word !== '')
    .map(compileWord)
  return { words, weight: weigh(words) }
}

/** The patterns of one table entry: two where it holds a part in brackets, with and without it. */
export function compilePattern(source: string): CommandPattern[] {
  const optional = /\[([^\]]*)\]/.exec(source)
  if (!optional) return [compileOne(source)]
  const before = source.slice(0, optional.index)
  const after = source.slice(optional.index + optional[0].length)
  return [...compilePattern(`${before}${optional[1]}${after}`), ...compilePattern(`${before}${after}`)]
}

/** The match of a pattern with the words of a command, or undefined. */
export function matchPattern(pattern: CommandPattern, words: readonly string[]): PatternMatch | undefined {
  let key = ''
  let length = 0
  for (const expected of pattern.words) {
    const word = words[length]
    if (!fits(expected, word)) return undefined
    if (word === undefined) break
    if (expected.kind !== 'value') key = key === '' ? word : `${key} ${word}`
    length++
  }
  return { key, length }
}

function fits(expected: PatternWord, word: string | undefined) {
  if (expected.kind === 'end' || word === undefined) return expected.kind === 'end' && word === undefined
  return expected.kind !== 'words' || expected.words.includes(word)
}

/** The words of a command: blanks of any number separate them. */
export function wordsOf(line: string): string[] {
  return line.includes('  ') || line.includes('\t') ? line.split(/\s+/).filter((word) => word !== '') : line.split(' ')
}
