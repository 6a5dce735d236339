import { type KnownCommand, wantedWord } from './completion-target.ts'
import { questionOf, termAt, type ValueQuestion } from './value-question.ts'

/** A command line as a shell gives it: its words without the program's name, the last one under the cursor. */
export interface ShellLine {
  readonly words: readonly string[]
  /** Where the shell takes up a word only behind such a character, as bash does: these characters. */
  readonly breaks?: string
}

/** So many words are offered. */
const MOST = 1_000

/** What a shell would have to quote, or show as what it is not: a word with such a character is not offered. */
const SPECIAL = /[^\w.,:@=/+%-]/

/** What the word under the cursor may become. */
export interface Completion {
  /** What is known already: words of commands and flags; or what has to be asked for. */
  readonly wanted: readonly string[] | ValueQuestion
  /** Of all that is known, what fits what was typed, as the shell takes it. */
  offered(known: readonly string[]): readonly string[]
}

/** Reads a command line: what fits its last word, or the question for it. */
export function completionOf(
  commands: readonly KnownCommand[],
  globalFlags: readonly { readonly flags: string }[],
  { words, breaks = '' }: ShellLine,
): Completion {
  const typed = words.at(-1) ?? ''
  const quote = /^['"]/.exec(typed)?.[0] ?? ''
  const current = typed.slice(quote.length)
  const target = wantedWord(commands, globalFlags, words.slice(0, -1), current)
  const question = target.kind === 'word' ? undefined : questionOf(target)
  const head = target.kind === 'word' ? '' : `${target.head}${target.typed.slice(0, termAt(target))}`
  const kept = quote === '' ? lastBreak(current, breaks) : 0
  return {
    wanted: target.kind === 'word' ? target.words : (question ?? []),
    offered: (known) =>
      known
        .map((word) => `${head}${word}`)
        .filter((word) => word.startsWith(current) && word !== current && !SPECIAL.test(word.slice(typedPart(current))))
        .slice(0, MOST)
        .map((word) => word.slice(kept)),
  }
}

/** How much of a word was typed before its last term: that may hold blanks and commas. */
function typedPart(current: string): number {
  return /^.*[\s,(]/s.exec(current)?.[0].length ?? 0
}

/** Where the shell takes a word up: behind the last break, or at it where that is an `@`, which readline counts to the word (rl_special_prefixes). */
function lastBreak(current: string, breaks: string): number {
  const at = [...current].findLastIndex((character) => breaks.includes(character))
  return current.charAt(at) === '@' ? at : at + 1
}

const WORD = /(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\])+/gs
const PIECE = /\\(.)|'([^']*)'?|"((?:\\.|[^"\\])*)"?/gs
/** A quote that is open to the end of the line. */
const OPEN = /^(?:'[^']*|"(?:\\.|[^"\\])*)$/s

/** The words of a line of bash up to the cursor, quotes and backslashes taken as bash does; the last one keeps the quote that it begins with. */
export function wordsOfLine(line: string): readonly string[] {
  const written = line.match(WORD) ?? []
  const words = written.map((word) =>
    word.replace(
      PIECE,
      (_, escaped?: string, single?: string, double?: string) =>
        escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'),
    ),
  )
  const last = written.at(-1)
  if (last === undefined || (/(?<!\\)\s$/.test(line) && !OPEN.test(last))) return [...words, '']
  return OPEN.test(last) ? [...words.slice(0, -1), `${last.charAt(0)}${words.at(-1)}`] : words
}
