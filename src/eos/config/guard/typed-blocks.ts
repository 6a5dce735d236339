import { FEATURE, meaningOf } from '../rules/rules.ts'
import { type TypedLine, typedLines } from '../rules/typed-lines.ts'
import { isOfKnownForm, type KnownForm } from '../syntax/known-forms.ts'
import type { LineFault } from '../syntax/line-judgement.ts'
import { typedWords, typeOf } from '../syntax/syntax-tree.ts'
import {
  BODY,
  COMMAND,
  commandRow,
  heredocBodies,
  parseVerb,
  rawRow,
  scanOutline,
  TRIVIA,
  textStart,
} from '../text/tree.ts'
import type { FaultWords } from './fault-words.ts'
import { beginsHere, judgeLine } from './judge-line.ts'

export interface UnclearLine {
  /** The place of the line among those that were given, from 0. */
  readonly index: number
  readonly line: string
  readonly inside: readonly string[]
}

export interface TypedBlocks {
  readonly lines: readonly string[]
  /** The place of each of them among the lines that were given, from 0. */
  readonly places: readonly number[]
  readonly unclear: readonly UnclearLine[]
}

/**
 * Puts typed lines into their blocks, as `commandsOfLines` sends them: by their indentation if any is indented below another, else by the modes that know
 * them. Comments and empty lines are left out, and texts up to `EOF` stay as they are.
 */
export function typedBlocks(given: readonly string[]): TypedBlocks {
  const outline = scanOutline(given.join('\n'))
  const typed = typedLines(outline, 'merge')
  const isIndented = typed.some(({ row }) => (outline.parent[row] ?? -1) >= 0)
  const kept = isIndented ? typed : typed.filter((one, at) => !leavesBlock(one, typed[at - 1]))
  const byRow = new Map(kept.map((one) => [one.row, one]))
  const places = Array.from({ length: outline.rows }, (_, row) => row).filter(
    (row) => byRow.has(row) || outline.kind[row] === BODY,
  )
  const lines = places.map((row) => {
    const found = byRow.get(row)
    return found === undefined ? rawRow(outline, row) : '   '.repeat(found.above.length) + found.line
  })
  return { lines, places, unclear: isIndented ? [] : typed.flatMap((one, at) => unclearIn(one, typed[at - 1])) }
}

function leavesBlock({ line }: TypedLine, before: TypedLine | undefined) {
  return line === 'exit' && before !== undefined && openAfter(before).above.length > 0
}

function openAfter({ line, mode, above }: TypedLine): Pick<TypedLine, 'mode' | 'above'> {
  const opened = meaningOf(mode, parseVerb(line).line).block?.mode
  return opened === undefined ? { mode, above } : { mode: opened, above: [...above, line] }
}

function unclearIn({ row, line, mode, above }: TypedLine, before: TypedLine | undefined): readonly UnclearLine[] {
  if (before === undefined) return []
  const open = openAfter(before)
  const isPut = above.length > 0
  const inside = isPut ? above : open.above
  const [within, outside] = [weightOf(isPut ? mode : open.mode, inside, line), weightOf('root', [], line)]
  const isUnclear = inside.length > 0 && outside > 0 && (isPut || within >= outside)
  return isUnclear ? [{ index: row, line, inside }] : []
}

function weightOf(mode: string, above: readonly string[], line: string) {
  const { line: bare } = parseVerb(line)
  const { kind, weight } = meaningOf(mode, bare)
  const isKnown = kind !== 'unknown' && (kind !== 'line' || weight > FEATURE)
  return isKnown || beginsHere(above, bare.split(/\s+/)) ? weight : 0
}

export interface PlacedLine {
  readonly above: readonly string[]
  readonly line: string
}

export class OwnLines {
  readonly #paths: ReadonlySet<string>

  constructor(running: string) {
    const outline = scanOutline(running)
    const paths: string[] = []
    for (let row = 0; row < outline.rows; row += 1) {
      const parent = paths[outline.parent[row] ?? -1]
      const line = outline.kind[row] === COMMAND ? commandRow(outline, row) : ''
      paths.push(parent === undefined ? line : `${parent}\n${line}`)
    }
    this.#paths = new Set(paths)
  }

  has({ above, line }: PlacedLine): boolean {
    return [line, parseVerb(line).line].some((one) => this.#paths.has([...above, one].join('\n')))
  }
}

export interface SyntaxFinding {
  readonly index: number
  /** The column of the word at fault in the line, from 1. */
  readonly column: number
  readonly line: string
  readonly above: readonly string[]
  readonly form: string
  readonly fault: LineFault | { readonly kind: 'incomplete' }
}

export function syntaxFindings(
  lines: readonly string[],
  mode: 'merge' | 'replace',
  known: readonly KnownForm[],
): readonly SyntaxFinding[] {
  const outline = scanOutline(lines.join('\n'))
  return typedLines(outline, mode).flatMap(({ row, line, above }) => {
    // It closes a block or the text, and is of no mode.
    if (line === 'exit' || line === 'end' || isOfKnownForm(known, above, line)) return []
    const fault = judgeLine(above, line)
    if (fault.kind === 'known' || fault.kind === 'unknown-mode') return []
    const column = columnIn(rawRow(outline, row), 'token' in fault ? fault.token : 0)
    return [{ index: row, column, line, above, form: formWith(fault, above, line), fault }]
  })
}

/** The form of a line of which the table of the syntax has nothing good to say; undefined of any other. */
export function doubtedForm(above: readonly string[], line: string): string | undefined {
  const fault = judgeLine(above, line)
  return fault.kind === 'known' || fault.kind === 'unknown-mode' ? undefined : formWith(fault, above, line)
}

function formWith(fault: SyntaxFinding['fault'], above: readonly string[], line: string) {
  const form = formIn(above, line)
  return fault.kind === 'out-of-range' ? `${form} = ${fault.word}` : form
}

function columnIn(raw: string, token: number) {
  return ([...raw.matchAll(/\S+/g)][token]?.index ?? 0) + 1
}

export interface FormLine {
  readonly form: string
  readonly lines: readonly string[]
}

/** The lines of a change that need no text behind them, each with its form. */
export function formsIn(lines: readonly string[], mode: 'merge' | 'replace'): readonly FormLine[] {
  return typedLines(scanOutline(lines.join('\n')), mode).flatMap(({ line, above }) => {
    if (line === 'exit' || line === 'end' || line.startsWith('!') || heredocBodies(line, above.at(-1)) > 0) return []
    const path = [...above, line]
    return [{ form: formIn(above, line), lines: path.map((one, depth) => '   '.repeat(depth) + one) }]
  })
}

export function formIn(above: readonly string[], line: string): string {
  const path = [...above, line]
  return path.map((one, depth) => formOf(one, path[depth - 1])).join(' > ')
}

function formOf(line: string, above: string | undefined) {
  const { verb, line: positive } = parseVerb(line)
  const words = positive.split(/\s+/)
  return [...(verb === '' ? [] : [verb]), typedWords(words.slice(0, textStart(words, above)))].join(' ')
}

function hasForm(running: string, form: string) {
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
