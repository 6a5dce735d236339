import { type Args, countIn, isSet, type Method, method, orderOf, textIn } from '../call/arguments.ts'
import { inAscii, textOf, writtenOf } from '../call/print.ts'
import { type Ends, replaced, split, splitFromRight, splitLines, stripped } from '../syntax/cut.ts'
import { SPACE } from '../syntax/expression-tokens.ts'
import { between, firstIn, lastIn, searchWork } from '../value/search.ts'
import {
  type Budget,
  type CallArguments,
  charactersIn,
  itemsOf,
  refused,
  Tuple,
  type Value,
  wrong,
} from '../value/value.ts'
import { formatted } from './percent-format.ts'

const BLANK = new RegExp(`^${SPACE}+$`)

const TITLED: Readonly<Record<string, string>> = { ǆ: 'ǅ', Ǆ: 'ǅ', ǉ: 'ǈ', Ǉ: 'ǈ', ǌ: 'ǋ', Ǌ: 'ǋ', ǳ: 'ǲ', Ǳ: 'ǲ' }

function titled(character: string): string {
  const known = TITLED[character]
  if (known !== undefined) return known
  const [first = '', ...rest] = [...character.toUpperCase()]
  return first + rest.join('').toLowerCase()
}

// A text whose words begin with a large letter: a word is letters in a row (Python's `str.title`).
function titleCase(text: string) {
  let isInWord = false
  return [...text]
    .map((character) => {
      const isCased = /[\p{Lu}\p{Ll}\p{Lt}]/u.test(character)
      const shown = !isCased ? character : isInWord ? character.toLowerCase() : titled(character)
      isInWord = isCased
      return shown
    })
    .join('')
}

/** A text that begins with a large letter and goes on in small ones (Python's `str.capitalize`). */
export function capitalized(text: string): string {
  const [first = '', ...rest] = [...text]
  return titled(first) + rest.join('').toLowerCase()
}

function swappedCase(text: string) {
  return [...text]
    .map((character) => (/\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase()))
    .join('')
}

// A text for comparing without case (Python's `str.casefold`); refused beyond Latin-1, where the rules are many.
function caseFolded(text: string) {
  if ([...text].some((character) => character > 'ÿ'))
    throw refused('`casefold` of these letters is not rendered here', 'use `|lower`')
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('µ', 'μ')
}

/** What Python says of all characters of a text: `isdigit` and its kin; false for an empty text. */
export const CHARACTER_CLASSES: Readonly<Record<string, (text: string) => boolean>> = {
  isdigit: (text) => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u.test(text),
  isdecimal: (text) => /^\p{Nd}+$/u.test(text),
  isnumeric: (text) => /^\p{N}+$/u.test(text),
  isalpha: (text) => /^\p{L}+$/u.test(text),
  isalnum: (text) => /^[\p{L}\p{N}]+$/u.test(text),
  isspace: (text) => BLANK.test(text),
  isupper: (text) => /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text),
  islower: (text) => /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text),
  istitle: (text) => /[\p{Lu}\p{Lt}\p{Ll}]/u.test(text) && titleCase(text) === text,
  isascii: (text) => /^\p{ASCII}*$/u.test(text),
  isidentifier: (text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{N}\p{M}_]*$/u.test(text),
  isprintable: (text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(' ', '')),
}

export interface Access {
  member(of: Value, name: string): Value
  ownItem(of: Value, key: Value): Value
}

// `'{} is {x:03d}'.format(a, x=b)`, as Python does it.
function braceFormat(format: string, given: CallArguments, access: Access, budget: Budget) {
  let nextIndex = 0
  let isCounted: boolean | undefined

  function fill(text: string, depth: number) {
    if (depth < 0) throw wrong('the fields of a format are nested too deep')
    let made = ''
    let from = 0
    for (let at = nextBrace(text, 0); at < text.length; at = nextBrace(text, from)) {
      budget.spend()
      const sign = text[at] ?? ''
      made += text.slice(from, at)
      if (text[at + 1] === sign) {
        made += sign
        from = at + 2
      } else if (sign === '}') throw wrong('a single `}` in a format', 'write `}}` for a brace')
      else {
        const field = fieldAt(text, at + 1)
        made += filled(field, depth)
        from = field.end
      }
    }
    return made + text.slice(from)
  }

  function filled({ path, conversion, spec }: Field, depth: number) {
    const value = valueAt(path)
    const shown = conversion === undefined ? value : convert(value, conversion, budget)
    return formatted(shown, fill(spec, depth - 1), budget)
  }

  function valueAt(path: string) {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? []
    let value = firstOf(first)
    for (const [whole, name, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]|[\s\S]/g)) {
      if (name !== undefined) value = access.member(value, name)
      else if (key !== undefined) value = access.ownItem(value, /^\d+$/.test(key) ? BigInt(key) : key)
      else throw wrong(`\`${whole}\` is unexpected in a field of a format`)
    }
    return value
  }

  function firstOf(name: string) {
    const isNumber = /^\d+$/.test(name)
    if (name === '' || isNumber) {
      if (isCounted !== undefined && isCounted !== (name === ''))
        throw wrong('a format counts its fields and numbers them as well', 'do one of both')
      isCounted = name === ''
      const index = isNumber ? Number(name) : nextIndex
      nextIndex += 1
      const value = given.positional[index]
      if (value === undefined) throw wrong('the format has more fields than there are values', 'count them')
      return value
    }
    const value = given.named.get(name)
    if (value === undefined) throw wrong(`the format names \`${name}\`, which is not given`)
    return value
  }

  return budget.text(fill(format, 2))
}

function nextBrace(format: string, from: number) {
  BRACE.lastIndex = from
  return BRACE.exec(format)?.index ?? format.length
}

const BRACE = /[{}]/g

// A field without its braces: what stands in square brackets is a key, whatever it holds.
const FIELD = /((?:[^{}[:!]|\[[^\]]*\])*)(?:!([^}]))?([:}])/y

interface Field {
  readonly path: string
  readonly conversion: string | undefined
  readonly spec: string
  readonly end: number
}

function fieldAt(format: string, begin: number): Field {
  FIELD.lastIndex = begin
  const [whole, path = '', conversion, close] = FIELD.exec(format) ?? []
  if (whole === undefined) throw notClosed()
  const behind = begin + whole.length
  if (close === '}') return { path, conversion, spec: '', end: behind }
  let open = 1
  for (let at = nextBrace(format, behind); at < format.length; at = nextBrace(format, at + 1)) {
    open += format[at] === '{' ? 1 : -1
    if (open === 0) return { path, conversion, spec: format.slice(behind, at), end: at + 1 }
  }
  throw notClosed()
}

function notClosed(): Error {
  return wrong(
    'a field of a format is not closed',
    'a field is `{name}`, `{name!r}` or `{name:>5}`; write `{{` for a brace',
  )
}

function convert(value: Value, conversion: string, budget: Budget): Value {
  if (conversion === 's') return textOf(value, budget)
  if (conversion === 'r') return writtenOf(value, budget)
  if (conversion === 'a') return inAscii(writtenOf(value, budget), budget)
  throw wrong(`there is no conversion \`!${conversion}\``, 'use `!s`, `!r` or `!a`')
}

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

/** The order of two version numbers as Ansible's `LooseVersion` sees them: numbers as numbers, words as words. */
export function versionOrder(left: string, right: string, budget: Budget): number {
  budget.spend((left.length + right.length) >> 5)
  return orderOf(parts(left), parts(right), budget)
}

function parts(version: string): Value[] {
  const found = version.split(/(\d+|[a-z]+|\.)/).filter((part) => part !== '' && part !== '.')
  if (found.length === 0) throw wrong('the version number is empty')
  return found.map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
}
