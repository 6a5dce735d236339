import { type KnownCommand, wantedWord } from './completion-target.ts'
import { questionOf, termAt, type ValueQuestion } from './value-question.ts'

export interface ShellLine {
  readonly words: readonly string[]
  /** Where the shell takes up a word only behind such a character, as bash does: these characters. */
  readonly breaks?: string
}

const MOST = 1_000

const SPECIAL = /[^\w.,:@=/+%-]/

export interface Completion {
  readonly wanted: readonly string[] | ValueQuestion
  offered(known: readonly string[]): readonly string[]
}

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

function typedPart(current: string) {
  return /^.*[\s,(]/s.exec(current)?.[0].length ?? 0
}

function lastBreak(current: string, breaks: string) {
  const at = [...current].findLastIndex((character) => breaks.includes(character))
  return current.charAt(at) === '@' ? at : at + 1
}

const WORD = /(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\])+/gs
const PIECE = /\\(.)|'([^']*)'?|"((?:\\.|[^"\\])*)"?/gs
const OPEN = /^(?:'[^']*|"(?:\\.|[^"\\])*)$/s

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
