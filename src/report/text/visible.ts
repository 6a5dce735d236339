import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'

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

// The colours of `style.ts`: a Select Graphic Rendition of one of its codes (ECMA-48 8.3.117).
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

/** The signs of a terminal in its locale: of a text, and of the live line, which what cuts it off must not make wider than the terminal. */
export interface Locale {
  readonly text: (text: string) => string
  readonly line: (text: string) => string
}

export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  if (!isAsciiLocale(env)) return { text: (text) => text, line: (text) => text }
  return { text: inAscii, line: (text) => inAscii(text.replaceAll('…', '.')) }
}
