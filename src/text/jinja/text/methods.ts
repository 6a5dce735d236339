import { countIn, textIn } from '../call/arguments.ts'
import { isSet } from '../call/compare.ts'
import { type Args, type Method, method } from '../call/define.ts'
import { type Ends, replaced, split, splitFromRight, splitLines, stripped } from '../syntax/cut.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { charactersIn, itemsOf } from '../value/iterate.ts'
import { between, firstIn, lastIn, searchWork } from '../value/search.ts'
import { Tuple, type Value } from '../value/value.ts'
import { braceFormat } from './brace-format.ts'
import { CHARACTER_CLASSES, capitalized, caseFolded, swappedCase, titleCase } from './case.ts'

export type TextMethod = Method<string>

function slowMethod(change: (text: string) => string): TextMethod {
  return method('', (text: string, _, budget) => {
    budget.spend(text.length >> 3)
    return budget.changed(text, change)
  })
}

const optionalText = (value: Value | undefined) => (value === undefined || value === null ? undefined : textIn(value))
const optionalCount = (value: Value | undefined, otherwise: number) =>
  value === undefined || value === null ? otherwise : countIn(value)

const strip = (ends: Ends) =>
  method('chars?', (text: string, [chars], budget) => {
    const kept = stripped(text, optionalText(chars), ends)
    budget.spend((text.length - kept.length) >> 4)
    return kept
  })
const cut = (cutter: typeof split) =>
  method('sep? maxsplit?', (text: string, [separator, most], budget) => {
    budget.items(text.length)
    budget.spend(text.length >> 4)
    return cutter(text, optionalText(separator), optionalCount(most, -1))
  })
const has = (characters: (text: string) => boolean) => method('', characters)

export const SPLIT = cut(split)

/** The methods of a text that templates can call, as Python has them. */
export const TEXT_METHODS: Readonly<Record<string, TextMethod>> = {
  capitalize: slowMethod(capitalized),
  casefold: slowMethod(caseFolded),
  lower: method('', (text, _, budget) => budget.changed(text, (one) => one.toLowerCase())),
  upper: method('', (text, _, budget) => budget.changed(text, (one) => one.toUpperCase())),
  swapcase: slowMethod(swappedCase),
  title: slowMethod(titleCase),
  strip: strip('both'),
  lstrip: strip('left'),
  rstrip: strip('right'),
  split: SPLIT,
  rsplit: cut(splitFromRight),
  splitlines: method('keepends?', (text, [keep], budget) => {
    budget.spend(text.length >> 4)
    return splitLines(text, isSet(keep))
  }),
  partition: method('sep', (text, [separator]) =>
    parted(text, textIn(separator), firstIn(text, textIn(separator)), true),
  ),
  rpartition: method('sep', (text, [separator]) =>
    parted(text, textIn(separator), lastIn(text, textIn(separator)), false),
  ),
  join: method('iterable', (text, [items], budget) => {
    const parts = itemsOf(items ?? null, budget).map((item) => textIn(item, 'each item that is joined'))
    return budget.text(parts.join(text))
  }),
  replace: method('old new count?', (text, [old, by, count], budget) => {
    const [from, to] = [textIn(old), textIn(by)]
    return replacedIn(text, from, to, count, budget)
  }),
  startswith: method('prefix start? end?', (text, [prefix, start, end]) =>
    texts(prefix).some((one) => within(text, start, end)?.startsWith(one) === true),
  ),
  endswith: method('suffix start? end?', (text, [suffix, start, end]) =>
    texts(suffix).some((one) => within(text, start, end)?.endsWith(one) === true),
  ),
  removeprefix: method('prefix', (text, [prefix]) =>
    text.startsWith(textIn(prefix)) ? text.slice(textIn(prefix).length) : text,
  ),
  removesuffix: method('suffix', (text, [suffix]) => {
    const end = textIn(suffix)
    return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text
  }),
  find: method('sub start? end?', (text, args, budget) => found(text, args, firstIn, budget)),
  rfind: method('sub start? end?', (text, args, budget) => found(text, args, lastIn, budget)),
  index: method('sub start? end?', (text, args, budget) => mustBe(found(text, args, firstIn, budget))),
  rindex: method('sub start? end?', (text, args, budget) => mustBe(found(text, args, lastIn, budget))),
  count: method('sub start? end?', (text, [sub, start, end], budget) => {
    budget.spend(text.length >> 6)
    const part = within(text, start, end)
    if (part === undefined) return 0n
    return BigInt(textIn(sub) === '' ? charactersIn(part) + 1 : between(part, textIn(sub)).length - 1)
  }),
  zfill: method('width', (text, [width], budget) => {
    const [, sign = '', digits = ''] = /^([+-]?)([\s\S]*)$/.exec(text) ?? []
    return sign + '0'.repeat(missing(text, width, budget)) + digits
  }),
  ljust: method(
    'width fillchar?',
    (text, [width, fill], budget) => text + filling(fill).repeat(missing(text, width, budget)),
  ),
  rjust: method(
    'width fillchar?',
    (text, [width, fill], budget) => filling(fill).repeat(missing(text, width, budget)) + text,
  ),
  center: method('width fillchar?', (text, [width, fill], budget) =>
    centered(text, missing(text, width, budget), countIn(width), filling(fill)),
  ),
  expandtabs: method('tabsize?', (text, [size], budget) => budget.text(expanded(text, optionalCount(size, 8)))),
  format: (text, given, host) => braceFormat(text, given, host, host.budget),
  ...Object.fromEntries(Object.entries(CHARACTER_CLASSES).map(([name, says]) => [name, has(says)])),
}

/** What Python's texts have besides, and is not rendered here. */
export const OTHER_TEXT_METHODS: readonly string[] = ['encode', 'format_map', 'maketrans', 'translate']

export function replacedIn(text: string, old: string, by: string, count: Value | undefined, budget: Budget): string {
  const times = old === '' ? text.length + 1 : between(text, old).length
  budget.grow(times * by.length)
  budget.spend(text.length >> 5)
  return budget.text(replaced(text, old, by, optionalCount(count, -1)))
}

function parted(text: string, separator: string, at: number, isLeft: boolean): Value {
  if (separator === '') throw wrong('the separator is empty')
  if (at < 0) return new Tuple(isLeft ? [text, '', ''] : ['', '', text])
  return new Tuple([text.slice(0, at), separator, text.slice(at + separator.length)])
}

function texts(value: Value | undefined) {
  return value instanceof Tuple ? value.items.map((item) => textIn(item)) : [textIn(value)]
}

function within(text: string, start: Value | undefined, end: Value | undefined) {
  if (start === undefined && end === undefined) return text
  const letters = [...text]
  const from = optionalCount(start, 0)
  if (from > letters.length) return undefined
  return letters.slice(from, optionalCount(end, letters.length)).join('')
}

function found(text: string, [sub, start, end]: Args, search: typeof lastIn, budget: Budget) {
  budget.spend(searchWork(text, textIn(sub)))
  const part = within(text, start, end)
  const at = part === undefined ? -1 : search(part, textIn(sub))
  if (at < 0) return -1n
  const from = optionalCount(start, 0)
  const first = from < 0 ? Math.max(0, charactersIn(text) + from) : from
  return BigInt(first + charactersIn((part ?? '').slice(0, at)))
}

function mustBe(index: bigint) {
  if (index < 0n) throw wrong('the part is not in the text', 'ask with `in` before')
  return index
}

function filling(value: Value | undefined) {
  const fill = optionalText(value) ?? ' '
  if (charactersIn(fill) !== 1) throw wrong('a text is filled with one character')
  return fill
}

function missing(text: string, width: Value | undefined, budget: Budget) {
  const count = Math.max(0, countIn(width) - charactersIn(text))
  budget.grow(count)
  return count
}

/** A text with room on both sides; where it is uneven, Python gives one more to the left only if the width is uneven. */
export function centered(text: string, room: number, width: number, fill = ' '): string {
  const left = Math.floor(room / 2) + (room % 2 === 1 && width % 2 === 1 ? 1 : 0)
  return fill.repeat(left) + text + fill.repeat(room - left)
}

function expanded(text: string, size: number) {
  let column = 0
  return [...text]
    .map((character) => {
      if (character === '\n' || character === '\r') column = 0
      else if (character !== '\t') column += 1
      else {
        const width = size > 0 ? size - (column % size) : 0
        column += width
        return ' '.repeat(width)
      }
      return character
    })
    .join('')
}
