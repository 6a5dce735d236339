import { typeOf } from '../syntax/value-type.ts'
import { parseVerb } from '../text/command-line.ts'
import { COMMAND, commandRow, rawRow, TRIVIA } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'
import type { FaultWords } from './fault-words.ts'
import { OwnLines, type PlacedLine } from './own-lines.ts'

function hasForm(running: string, form: string): boolean {
  const words = form.split(' ')
  const last = words.at(-1) ?? ''
  const outline = scanOutline(running)
  for (let row = 0; row < outline.rows; row += 1) {
    if (outline.kind[row] !== COMMAND) continue
    const line = commandRow(outline, row)
    if (!line.includes(last)) continue
    const typed = parseVerb(line).line.split(/\s+/, words.length)
    if (words.every((word, index) => isAlike(word, typed[index] ?? ''))) return true
  }
  return false
}

function isAlike(word: string, typed: string) {
  const type = typeOf(word)
  return word === typed || (type !== 'word' && type === typeOf(typed))
}

export type UnsettledLine = {
  readonly line: string
  readonly own?: readonly PlacedLine[]
  readonly isAllowed: boolean
} & (
  | {
      /**
       * No table knows it, it is a `boot` line, an exec command begins with its first word, that is a name which the switch gives to commands, or it
       * decides what an agent of the switch runs with.
       */
      readonly because: 'unknown' | 'boot' | 'exec' | 'alias' | 'privileged'
      readonly fault?: FaultWords
    }
  | {
      /** A word of it is in no configuration of EOS. */
      readonly because: 'misspelt'
      readonly fault: FaultWords
      readonly form: string
      readonly whole: string
      /** The versions of EOS on which a switch has taken and printed such a line, by what this store has noted. */
      readonly taken?: readonly string[]
    }
)

export interface SettledLines {
  /** Lines that the switch does not have and that no `allow` lets through. */
  readonly refused: readonly UnsettledLine[]
  /** Lines that nothing knows, or with a word that nothing knows, and that are allowed: they are not sent before an approval. */
  readonly unknown: readonly string[]
  /** `boot` lines that would change what the switch boots: they act at once, and no abort undoes them. */
  readonly boot: readonly string[]
  /** `boot system` lines that the switch prints as a comment alone: to send them would change nothing. */
  readonly printed: readonly string[]
  /** The switch's own `boot` lines where the change has others, by the first two words. */
  readonly own: Readonly<Record<string, string>>
}

/** Settles lines by the running-config of their switch: a line that stands there word for word, at its place, is known, negated or not; a `boot` line changes nothing where the same line stands, or the comment `! boot system …` that EOS prints of it. @param eos the version of the switch: a misspelt line that a switch of it has taken is known. */
export function settleByBase(unsettled: readonly UnsettledLine[], running: string, eos?: string): SettledLines {
  const { lines, comments } = rootLines(running)
  const boot = unsettled.filter(({ because }) => because === 'boot')
  const changed = boot.filter(({ line }) => !lines.has(line) && !comments.has(line))
  const names = aliasesOf(lines)
  const there = new OwnLines(running)
  const isOwn = ({ line, own = [{ above: [], line }] }: UnsettledLine) => own.every((one) => there.has(one))
  const others = unsettled
    .filter((one) => one.because !== 'boot' && !isOwn(one) && !isPrinted(one, running) && !isTaken(one, eos))
    .map((one) => (isNamed(names, one.line) ? { ...one, because: 'alias' as const, isAllowed: false } : one))
  return {
    refused: [...others, ...changed].filter(({ isAllowed }) => !isAllowed),
    unknown: others.filter(({ isAllowed }) => isAllowed).map(({ line }) => line),
    boot: changed.filter(({ isAllowed }) => isAllowed).map(({ line }) => line),
    printed: boot.filter(({ line }) => !lines.has(line) && comments.has(line)).map(({ line }) => line),
    own: Object.fromEntries([...lines].filter((line) => line.startsWith('boot ')).map((line) => [subject(line), line])),
  }
}

/** `boot secret` or `boot system`, of a line that sets or negates it. */
export const subject = (line: string): string => parseVerb(line).line.split(/\s+/, 2).join(' ')

function isPrinted(one: UnsettledLine, running: string) {
  return one.because === 'misspelt' && hasForm(running, one.form)
}

function isTaken(one: UnsettledLine, eos: string | undefined) {
  return one.because === 'misspelt' && eos !== undefined && one.taken?.includes(eos) === true
}

/** The names that lines of a configuration's root give to commands, in lower case. */
export function aliasesOf(lines: Iterable<string>): ReadonlySet<string> {
  return new Set([...lines].flatMap((line) => /^alias "?([^\s"]+)/.exec(line)?.[1]?.toLowerCase() ?? []))
}

export const isNamed = (names: ReadonlySet<string>, line: string): boolean =>
  [line, parseVerb(line).line].some((one) => names.has((one.split(/\s/, 1)[0] ?? '').toLowerCase()))

function rootLines(running: string): { readonly lines: ReadonlySet<string>; readonly comments: ReadonlySet<string> } {
  const outline = scanOutline(running)
  const lines = new Set<string>()
  const comments = new Set<string>()
  for (let row = 0; row < outline.rows; row += 1) {
    if (outline.kind[row] === COMMAND && outline.parent[row] === -1) lines.add(commandRow(outline, row))
    const comment =
      outline.kind[row] === TRIVIA ? /^! (boot system \S.*?)\s*$/.exec(rawRow(outline, row))?.[1] : undefined
    if (comment !== undefined) comments.add(comment)
  }
  return { lines, comments }
}
