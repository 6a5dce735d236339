import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'
import { definedItems } from '../../model/json.ts'

/** `1 switch`, `3 switches`: a number with its noun. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** `switch` in its plural. */
export const switches = (n: number): string => count(n, 'switch', 'switches')

export const MOST_NAMED = 1000
const FIRST = 10

export function someOf(names: readonly string[], separator = ' '): string {
  if (names.length <= MOST_NAMED) return names.join(separator)
  return `${names.slice(0, FIRST).join(separator)} and ${names.length - FIRST} more`
}

export function counted<State>(all: readonly { readonly state: State }[]): (state: State) => number {
  return (state) => all.filter((one) => one.state === state).length
}

export function clockParts(seconds: number): readonly [number, number, number] {
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
}

/** Seconds as a person says them: `45s`, `10m`, `1h 30m`. */
export function duration(seconds: number): string {
  const parts = clockParts(seconds).map((value, at) => [Math.round(value), 'hms'[at]] as const)
  const said = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value}${unit}`)
  return said.length === 0 ? '0s' : said.join(' ')
}

/** The first eight hex digits of a digest: enough to recognise, never to decide. */
export function short(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 8)
}

/**
 * The time of day of an ISO 8601 time, as every line of progress has it: UTC, said by its `Z`. The record is in UTC, and so are the
 * logs of switches in several places.
 */
export function clockTime(at: string): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`
}

/** A time in milliseconds since 1970, in ISO 8601. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function tallied<One>(all: Iterable<One>): Map<One, number> {
  const counts = new Map<One, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

type Said = string | false | undefined

export function present(...all: readonly (Said | readonly Said[])[]): string[] {
  return definedItems(...all.flat())
}

export function parts(...all: readonly Said[]): string {
  return present(...all)
    .filter((one) => one !== '')
    .join(' · ')
}

const HIDDEN = new RegExp(HIDDEN_CHARACTER, 'gu')
const PLAIN = /^[\t\n -~]*$/

/** Text of a switch made safe for a terminal: control, bidi and invisible characters show as `\u{…}`, so that what is approved is what is seen (docs/transport.md#what-switches-say). */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(HIDDEN, (character) => (character === '\n' || character === '\t' ? character : coded(character)))
}

/** The same for what is one line or part of one: a line break in it shows too, so that it cannot pass for two lines. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\t' ? character : coded(character)))
}

/** The same for what may be several lines and is not ours alone: what is behind the first is indented, so that it cannot pass for lines of ours. */
export function hanging(text: string): string {
  return visible(text).replaceAll('\n', '\n    ')
}

// The colours below: a Select Graphic Rendition of one of its codes (ECMA-48 8.3.117).
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
const OUR_COLOURS = /(\u001b\[(?:0|1|2|31|32|33)m)/

/**
 * Whatever is about to be written to a terminal, as {@link visible} but for our own colours: the last gate, for what a
 * report forgot.
 */
export function onTerminal(text: string): string {
  return text
    .split(OUR_COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
}

function coded(character: string) {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

const ASCII: Readonly<Record<string, string>> = {
  ...{ '✔': 'v', '✓': 'v', '✖': 'x', '✕': 'x', '✗': 'x', '○': 'o', '●': '*', '◐': '*', '◔': '*', '▲': '^', '⚠': '!' },
  ...{ '↺': '<', '↻': '>', '↷': '>', '→': '>', '›': '>', '·': '-', '−': '-', '–': '-', '—': '-', '×': 'x', '°': ' ' },
  ...{ '─': '-', '│': '|', '┌': '+', '┐': '+', '┴': '+', '┬': '+', '═': '=', '⋯': '...', '…': '...' },
  ...{ '’': "'", '“': '"', '”': '"' },
}
const OUR_SIGNS = new RegExp(`[${Object.keys(ASCII).join('')}]`, 'gu')

export function inAscii(text: string): string {
  return text.replace(OUR_SIGNS, (sign) => ASCII[sign] ?? sign)
}

/** Whether somebody has asked for the C locale (POSIX, Locale 7.2). Where nobody has said which, a terminal shows UTF-8. */
export function isAsciiLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  return /^(?:C|POSIX)$/.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
}

// The signs of a terminal in its locale: of a text, and of the live line, which what cuts it off must not make wider than the terminal.
interface Locale {
  readonly text: (text: string) => string
  readonly line: (text: string) => string
}

export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  if (!isAsciiLocale(env)) return { text: (text) => text, line: (text) => text }
  return { text: inAscii, line: (text) => inAscii(text.replaceAll('…', '.')) }
}

/** Colour is never the only signal: the plain style says the same. */
export interface Style {
  added(text: string): string
  removed(text: string): string
  addedWord(text: string): string
  removedWord(text: string): string
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
}

const same = (text: string) => text

export const plain: Style = {
  added: same,
  removed: same,
  addedWord: same,
  removedWord: same,
  bold: same,
  dim: same,
  good: same,
  bad: same,
  warning: same,
}

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`

export const colored: Style = {
  added: paint(32),
  removed: paint(31),
  addedWord: (text) => paint(1)(paint(32)(text)),
  removedWord: (text) => paint(1)(paint(31)(text)),
  bold: paint(1),
  dim: paint(2),
  good: paint(32),
  bad: paint(31),
  warning: paint(33),
}

export function styleOf({ color }: { readonly color: boolean }): Style {
  return color ? colored : plain
}

export const USUAL_WIDTH = 80

/** A text of at most so many columns: `…` replaces the middle of a longer one, so that beginning and end can be read. */
export function cutMiddle(text: string, width: number): string {
  const letters = [...text]
  if (letters.length <= width) return text
  const kept = Math.max(0, width - 1)
  return `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(letters.length - Math.floor(kept / 2)).join('')}`
}

/** A text in lines of at most `width` columns, broken at blanks; every line but the first is indented by `hang`. What has no blank where it must be broken is broken within, so that no line is longer. */
export function wrapped(text: string, { width, hang }: { readonly width: number; readonly hang: number }): string[] {
  const lines: string[] = []
  let rest = [...text]
  while (rest.length > room(lines.length)) {
    const most = room(lines.length)
    const blank = rest.lastIndexOf(' ', most)
    // A blank within the margin of the first line is no place to break at.
    const at = blank > 0 && rest.slice(0, blank).some((letter) => letter !== ' ') ? blank : most
    lines.push(rest.slice(0, at).join('').trimEnd())
    rest = [...rest.slice(at).join('').trimStart()]
  }
  if (rest.length > 0 || lines.length === 0) lines.push(rest.join(''))
  return lines.map((line, index) => (index === 0 ? line : `${' '.repeat(hang)}${line}`))

  function room(index: number) {
    return Math.max(1, index === 0 ? width : width - hang)
  }
}

/** Rows for spreadsheets: RFC 4180. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

function field(text: string) {
  const line = visibleLine(text)
  return `"${(/^[\t ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}

export function tableLines(rows: readonly (readonly string[])[], style: Style): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length)))
  return rows.map((row, index) => {
    const cells = row.map((cell, at) => `${cell}${' '.repeat(Math.max(0, (widths[at] ?? 0) - [...cell].length))}`)
    const line = cells.join('  ').trimEnd()
    return index === 0 ? style.bold(line) : line
  })
}

/** Text in Markdown that is shown as it is, also in a cell of a table: no markup, no second line. */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replace(/[&<>`*_[\]\\|~$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|:(?=\/\/)|(?<=www)\.|(?<!&)#(?=\d)|!(?=\d)/gi, (sign) => `&#${sign.charCodeAt(0)};<!-- -->`)
}

export function fencedLine(line: string): string {
  return line.replaceAll('```', "'''")
}
