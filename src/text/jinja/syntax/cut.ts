import { between } from '../value/search.ts'
import { wrong } from '../value/value.ts'
import { SPACE } from './expression-tokens.ts'

const BLANK = new RegExp(SPACE)
const BLANKS = new RegExp(`${SPACE}+`, 'g')
// Where Python's `splitlines` begins a new line.
const LINE_BREAKS = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029'
const LINE_END = new RegExp(`\\r\\n|[${LINE_BREAKS}]`, 'g')

export type Ends = 'both' | 'left' | 'right'

/** A text without blanks at its ends, or without any of the given characters. */
export function stripped(text: string, characters: string | undefined, ends: Ends): string {
  const taken = characters === undefined ? undefined : new Set(characters)
  const isTaken = (letter: string) => (taken === undefined ? BLANK.test(letter) : taken.has(letter))
  let from = 0
  let to = text.length
  while (ends !== 'right' && from < to && isTaken(letterAt(text, from))) from += letterAt(text, from).length
  while (ends !== 'left' && to > from && isTaken(letterBefore(text, to))) to -= letterBefore(text, to).length
  return text.slice(from, to)
}

function letterAt(text: string, at: number) {
  return String.fromCodePoint(text.codePointAt(at) ?? 0)
}

function letterBefore(text: string, end: number) {
  const pair = end > 1 ? letterAt(text, end - 2) : ''
  return pair.length === 2 ? pair : (text[end - 1] ?? '')
}

/** The parts of a text between a separator, or between blanks; at most `most` cuts are made, from the left. */
export function split(text: string, separator: string | undefined, most = -1): string[] {
  if (separator === undefined) return splitAtBlanks(text, most)
  if (separator === '') throw wrong('the separator is empty')
  const parts = between(text, separator)
  return most < 0 || parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(separator)]
}

function splitAtBlanks(text: string, most: number) {
  const parts: string[] = []
  let rest = stripped(text, undefined, 'left')
  while (rest !== '') {
    BLANKS.lastIndex = 0
    const found = most >= 0 && parts.length >= most ? null : BLANKS.exec(rest)
    if (found === null) {
      parts.push(rest)
      break
    }
    parts.push(rest.slice(0, found.index))
    rest = rest.slice(found.index + found[0].length)
  }
  return parts
}

export function splitFromRight(text: string, separator: string | undefined, most = -1): string[] {
  const mirrored = (one: string) => [...one].toReversed().join('')
  const parts = split(mirrored(text), separator === undefined ? undefined : mirrored(separator), most)
  return parts.map(mirrored).toReversed()
}

export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = []
  let from = 0
  for (const found of text.matchAll(LINE_END)) {
    const end = found.index + found[0].length
    lines.push(text.slice(from, keepEnds ? end : found.index))
    from = end
  }
  return from < text.length ? [...lines, text.slice(from)] : lines
}

/** A text with other text in the place of each part, at most `count` times from the left. */
export function replaced(text: string, old: string, by: string, count = -1): string {
  if (count < 0)
    return old === '' ? `${by}${[...text].map((letter) => letter + by).join('')}` : between(text, old).join(by)
  const parts = old === '' ? ['', ...text, ''] : between(text, old)
  const cuts = Math.min(count, parts.length - 1)
  return [parts.slice(0, cuts + 1).join(by), ...parts.slice(cuts + 1)].join(old)
}
