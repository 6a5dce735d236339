import { canonicalInterface } from '../text/interface-name.ts'
import { bgpTables } from './bgp.ts'
import { interfaceTables } from './interface.ts'
import { managementTables } from './management.ts'
import { rootTable } from './root.ts'
import { routingTables } from './routing.ts'
import { serviceTables } from './services.ts'
import type { BlockSpec, ModeTable, NumberedSpec } from './table.ts'

/** The kinds of command; `unknown` is one that no pattern of its mode matches. */
export type RuleKind = 'block' | 'single' | 'toggle' | 'line' | 'vlanList' | 'numbered' | 'unknown'

/** What the rules of a mode say about a command (in its positive form, without `no` or `default`). */
export interface Meaning {
  readonly kind: RuleKind
  /** Two commands of one mode with one key are one setting. */
  readonly key: string
  /** How exact the matching pattern is; 0 for an unknown command. */
  readonly weight: number
  /** The pattern that matches; undefined where none does. */
  readonly pattern?: CommandPattern
  readonly block?: BlockSpec
  readonly entry?: NumberedEntry
  /** Of a toggle that a wider line may say. */
  readonly isInherited?: boolean
}

/** A command of a numbered list, taken apart. */
export interface NumberedEntry {
  readonly spec: NumberedSpec
  /** The words before the number, with a blank behind them unless empty. */
  readonly head: string
  /** Undefined where the command does not give one. */
  readonly number: number | undefined
  readonly body: string
}

interface Rule {
  readonly kind: RuleKind
  readonly pattern: CommandPattern
  readonly block?: BlockSpec
  readonly numbered?: NumberedSpec
  // The words, each with one behind it, that are not of the key.
  readonly options?: readonly string[]
  readonly isInherited?: boolean
}

// So many lines of a mode are remembered before it starts anew, and none that is longer: the switches of a network have most of theirs in
// common.
const LINES_KNOWN = 4000
const LONGEST_KNOWN = 120

interface Mode {
  readonly known: Map<string, Meaning>
  readonly table: ModeTable
  readonly byWord: ReadonlyMap<string, readonly Rule[]>
  readonly anyWord: readonly Rule[]
  readonly heads: readonly CommandPattern[]
}

const tables: readonly ModeTable[] = [
  rootTable,
  ...interfaceTables,
  ...bgpTables,
  ...routingTables,
  ...managementTables,
  ...serviceTables,
]

const byMode = new Map(tables.map((table) => [table.mode, table]))
const modes = new Map<string, Mode>()

// Throws a RangeError for a name that no table has.
function modeOf(name: string): Mode {
  const known = modes.get(name)
  if (known) return known
  const table = byMode.get(name)
  if (!table) throw new RangeError(`no rule table for the mode ${name}`)
  const mode = compileMode(table)
  modes.set(name, mode)
  return mode
}

/** The rule table of a mode. */
export function tableOf(mode: string): ModeTable {
  return modeOf(mode).table
}

function rulesOf(table: ModeTable) {
  const of = (kind: RuleKind, patterns: readonly string[] = []): Rule[] =>
    patterns.flatMap((source) => compilePattern(source).map((pattern) => ({ kind, pattern })))
  const blocks = Object.entries(table.blocks ?? {}).flatMap(([source, spec]) =>
    compilePattern(source).map(
      (pattern): Rule => ({ kind: 'block', pattern, block: typeof spec === 'string' ? { mode: spec } : spec }),
    ),
  )
  const numbered = (table.numbered ?? []).flatMap((spec) =>
    compilePattern(`${spec.head} _`.trim()).map((pattern): Rule => ({ kind: 'numbered', pattern, numbered: spec })),
  )
  const optioned = Object.entries(table.options ?? {}).flatMap(([source, options]) =>
    compilePattern(source).map((pattern): Rule => ({ kind: 'single', pattern, options })),
  )
  const inherited = of('toggle', table.inherited).map((rule): Rule => ({ ...rule, isInherited: true }))
  return [
    ...blocks,
    ...inherited,
    ...optioned,
    ...of('single', table.single),
    ...of('toggle', table.toggle),
    ...of('vlanList', table.vlanList),
    ...numbered,
    ...of('line', table.line),
  ]
}

function compileMode(table: ModeTable): Mode {
  const byWord = new Map<string, Rule[]>()
  const anyWord: Rule[] = []
  for (const rule of rulesOf(table)) {
    const first = rule.pattern.words[0]
    if (first?.kind !== 'words') anyWord.push(rule)
    else for (const word of first.words) byWord.set(word, [...(byWord.get(word) ?? []), rule])
  }
  for (const rules of [...byWord.values(), anyWord]) rules.sort((a, b) => b.pattern.weight - a.pattern.weight)
  return {
    known: new Map(),
    table,
    byWord,
    anyWord,
    heads: (table.heads ?? []).flatMap((head) => compilePattern(`${head} $`)),
  }
}

/** What a command means in a mode. Modes that are open know every command as an additive line of weight 1. */
export function meaningOf(modeName: string, line: string): Meaning {
  const mode = modeOf(modeName)
  const known = mode.known.get(line)
  if (known !== undefined) return known
  const meaning = meaningIn(mode, line)
  if (line.length > LONGEST_KNOWN) return meaning
  if (mode.known.size >= LINES_KNOWN) mode.known.clear()
  mode.known.set(line, meaning)
  return meaning
}

function meaningIn(mode: Mode, line: string): Meaning {
  const words = wordsOf(line)
  for (const rule of mode.byWord.get(words[0] ?? '') ?? []) {
    const meaning = tryRule(rule, words, line)
    if (meaning) return meaning
  }
  for (const rule of mode.anyWord) {
    const meaning = tryRule(rule, words, line)
    if (meaning) return meaning
  }
  return { kind: mode.table.open ? 'line' : 'unknown', key: line, weight: mode.table.open ? 1 : 0 }
}

function tryRule(rule: Rule, words: readonly string[], line: string): Meaning | undefined {
  const { kind, pattern } = rule
  if (rule.numbered) return numberedMeaning(rule.numbered, pattern, words)
  const match = matchPattern(pattern, words)
  if (!match) return undefined
  const weight = pattern.weight
  if (kind === 'line') return { kind, key: line, weight, pattern }
  if (rule.options) return { kind, key: withoutOptions(words, rule.options), weight, pattern }
  if (rule.isInherited) return { kind, key: match.key, weight, pattern, isInherited: true }
  if (!rule.block) return { kind, key: match.key, weight, pattern }
  const key =
    rule.block.names === 'interfaces'
      ? `interface ${canonicalInterface(words.slice(1).join(' '))}`
      : [match.key, ...words.slice(match.length)].join(' ')
  return { kind, key, weight, pattern, block: rule.block }
}

function withoutOptions(words: readonly string[], options: readonly string[]) {
  return words.filter((word, at) => !options.includes(word) && !options.includes(words[at - 1] ?? '')).join(' ')
}

function numberedMeaning(spec: NumberedSpec, pattern: CommandPattern, words: readonly string[]): Meaning | undefined {
  if (!matchPattern(pattern, words)) return undefined
  const headLength = spec.head === '' ? 0 : wordsOf(spec.head).length
  const head = words.slice(0, headLength)
  let rest = words.slice(headLength)
  const worded = spec.word !== '' && rest[0] === spec.word
  if (worded) rest = rest.slice(1)
  const numberGiven = (worded || spec.word === '') && /^\d+$/.test(rest[0] ?? '')
  const body = numberGiven ? rest.slice(1) : rest
  if (!numberGiven && (worded || !spec.actions.includes(body[0] ?? ''))) return undefined
  const number = numberGiven ? Number(rest[0]) : undefined
  const prefix = head.length > 0 ? `${head.join(' ')} ` : ''
  const key = number === undefined ? `${prefix}# ${body.join(' ')}` : `${prefix}#${number}`
  const entry = { spec, head: prefix, number, body: body.join(' ') }
  return { kind: 'numbered', key, weight: pattern.weight, pattern, entry }
}

/** The weight of a pattern of one word: it names a feature, and says nothing about the command. */
export const FEATURE = 3

/** Whether the commands of a mode are not told apart by rules. */
export function isUntabled(mode: string): boolean {
  return mode === 'unknown' || tableOf(mode).open === true
}

/** Whether `no` with exactly these words removes every line of the mode that begins with them. */
export function isHead(modeName: string, line: string): boolean {
  const words = wordsOf(line)
  return modeOf(modeName).heads.some((head) => matchPattern(head, words) !== undefined)
}

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
