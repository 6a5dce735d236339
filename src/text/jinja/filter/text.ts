import { countIn, textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import { type Args, type Filters, filter, markingFilter, plainFilter, safeFilter, textFilter } from '../call/define.ts'
import { textOf, writtenOf } from '../call/print.ts'
import { markupFormat } from '../object/arithmetic.ts'
import { escaped, escapedHtml } from '../object/markup.ts'
import { pairsOf } from '../object/methods.ts'
import { split, splitLines, stripped } from '../syntax/cut.ts'
import { floatOf, numberOf, parsedFloat } from '../syntax/number.ts'
import { capitalized } from '../text/case.ts'
import { centered, replacedIn } from '../text/methods.ts'
import { fixed } from '../text/number-format.ts'
import { percentFormat } from '../text/percent-format.ts'
import type { Budget } from '../value/budget.ts'
import { refused, wrong } from '../value/fault.ts'
import { charactersIn } from '../value/iterate.ts'
import { rewritten } from '../value/rewritten.ts'
import { Dict, Markup, sequenceOf, Tuple, type Value } from '../value/value.ts'
import { sortedKeys } from './json.ts'

const textual = (change: (text: string) => string) =>
  markingFilter('', (value, _, budget) => budget.changed(textOf(value, budget), change))

const escaping = () => safeFilter('', (value, _, budget) => new Markup(escaped(value, budget)))

/** Jinja2's filters of texts. */
export const TEXT_FILTERS: Filters = {
  upper: textual((text) => text.toUpperCase()),
  lower: textual((text) => text.toLowerCase()),
  capitalize: textual(capitalized),
  title: textFilter('', (text, _, budget) => budget.changed(text, titled)),
  // Ansible makes a plain text of what this gives.
  string: safeFilter('', (value, _, budget) => textOf(value, budget)),
  trim: safeFilter('chars?', (value, [characters], budget) => {
    const isSafe = value instanceof Markup
    const taken = characters === undefined || characters === null ? undefined : textIn(characters)
    const text = stripped(
      textOf(value, budget),
      taken !== undefined && isSafe ? escaped(characters ?? null, budget) : taken,
      'both',
    )
    budget.spend((textOf(value, budget).length - text.length) >> 4)
    return isSafe ? new Markup(text) : text
  }),
  center: markingFilter('width?', (value, [width = 80n], budget) => {
    const text = textOf(value, budget)
    const room = Math.max(0, countIn(width) - charactersIn(text))
    budget.grow(room)
    return centered(text, room, countIn(width))
  }),
  replace: safeFilter('old new count?', (value, [old = null, by = null, count], budget) => {
    const [text, from, to] = [textOf(value, budget), textOf(old, budget), textOf(by, budget)]
    return replacedIn(text, from, to, count, budget)
  }),
  indent: markingFilter('width? first? blank?', indented),
  truncate: safeFilter('length? killwords? end? leeway?', truncated),
  format: (value, { positional, named }, { budget }) => {
    if (positional.length > 0 && named.size > 0)
      throw wrong('a format takes values in their order or by their names, not both')
    const values = named.size > 0 ? new Dict(named) : new Tuple(positional)
    return value instanceof Markup
      ? markupFormat(value, values, budget)
      : budget.text(percentFormat(textOf(value, budget), values, budget))
  },
  wordcount: textFilter('', (text) => BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
  escape: escaping(),
  e: escaping(),
  forceescape: safeFilter('', (value, _, budget) => new Markup(escapedHtml(textOf(value, budget), budget))),
  safe: safeFilter('', (value, _, budget) => new Markup(textOf(value, budget))),
  striptags: safeFilter('', (value, _, budget) => {
    const text = without(without(textOf(value, budget), '<!--', '-->'), '<', '>')
    if (text.includes('&'))
      throw refused('`striptags` of a text with `&` is not rendered here', 'write the text without HTML')
    budget.spend(text.length >> 4)
    return split(text, undefined).join(' ')
  }),
  urlencode: plainFilter('', (value, _, budget) => {
    if (!(value instanceof Dict) && sequenceOf(value) === undefined) return encoded(textOf(value, budget), '/', budget)
    return pairsOf(value, budget)
      .map(([key, item]) => `${queryPart(key, budget)}=${queryPart(item, budget)}`)
      .join('&')
  }),
  filesizeformat: filter('binary?', (value, [binary = false]) => fileSize(value, isTrue(binary))),
  pprint: filter('', (value, _, budget) => {
    const written = writtenOf(sortedKeys(value, budget), budget)
    if (written.length > 79) throw refused('`pprint` of more than a line is not rendered here', 'use `to_nice_json`')
    return written
  }),
}

function without(text: string, opening: string, closing: string) {
  const kept: string[] = []
  let from = 0
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, from)) {
    const end = text.indexOf(closing, at + opening.length)
    if (end < 0) break
    kept.push(text.slice(from, at))
    from = end + closing.length
  }
  return kept.join('') + text.slice(from)
}

function titled(text: string) {
  return text
    .split(/([-\s({[<]+)/u)
    .map((part) => {
      const [first = '', ...rest] = [...part]
      return first.toUpperCase() + rest.join('').toLowerCase()
    })
    .join('')
}

function indented(value: Value, [width = 4n, first = false, blank = false]: Args, budget: Budget): Value {
  const lines = splitLines(`${textIn(value, 'what is indented')}\n`)
  const size = typeof width === 'string' ? 0 : countIn(width, 'the width')
  budget.grow(Math.max(0, size) * Math.max(1, lines.length))
  const indention = typeof width === 'string' ? width : ' '.repeat(Math.max(0, size))
  budget.grow(indention.length * lines.length)
  const shown = lines.map((line, index) => (index === 0 || (line === '' && !isTrue(blank)) ? line : indention + line))
  return budget.text((isTrue(first) ? indention : '') + shown.join('\n'))
}

function truncated(value: Value, [length = 255n, kill = false, end = '...', leeway]: Args, budget: Budget) {
  const letters = [...textIn(value, 'what is cut')]
  const mark = [...textIn(end, 'the end')]
  const most = countIn(length, 'the length')
  const more = leeway === undefined || leeway === null ? 5 : countIn(leeway, 'the leeway')
  if (most < mark.length) throw wrong(`a text is cut to at least the ${mark.length} characters of its end`)
  if (more < 0) throw wrong('the leeway must not be below 0')
  if (letters.length <= most + more) return value
  const cut = letters.slice(0, most - mark.length).join('')
  const space = cut.lastIndexOf(' ')
  const kept = isTrue(kill) || space < 0 ? cut : cut.slice(0, space)
  return value instanceof Markup ? new Markup(kept + escaped(end, budget)) : kept + mark.join('')
}

// A text for an address in the web: everything but letters, digits, `_.-~` and what is safe is written as bytes; a blank that is safe, as `+`.
function encoded(text: string, safe: '/' | ' ', budget: Budget) {
  const bytes = (sign: string) => Buffer.from(sign, 'utf8').toString('hex').toUpperCase().replaceAll(/../g, '%$&')
  const write = (sign: string) => (sign !== safe ? bytes(sign) : sign === ' ' ? '+' : sign)
  return rewritten(text, /[^A-Za-z0-9_.~-]/gu, write, budget)
}

function queryPart(value: Value, budget: Budget) {
  return encoded(textOf(value, budget), ' ', budget)
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']

function fileSize(value: Value, isBinary: boolean) {
  const number = typeof value === 'string' ? parsedFloat(value) : numberOf(value)
  if (number === undefined) throw wrong('a size is a number')
  const size = floatOf(number)
  const base = isBinary ? 1024 : 1000
  if (size === 1) return '1 Byte'
  if (size < base) return `${Math.trunc(size)} Bytes`
  let power = 1
  while (power < UNITS.length - 1 && size >= base ** (power + 1)) power += 1
  const unit = UNITS[power] ?? ''
  const shown = (base * size) / base ** (power + 1)
  return `${fixed(shown, 1)} ${isBinary ? `${unit[0]?.toUpperCase()}iB` : unit}`
}
