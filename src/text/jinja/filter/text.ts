import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import {
  type Args,
  countIn,
  type Filters,
  filter,
  isSet,
  isTrue,
  markingFilter,
  plainFilter,
  safeFilter,
  textFilter,
  textIn,
} from '../call/arguments.ts'
import { textOf, writtenOf } from '../call/print.ts'
import { pairsOf } from '../object/access.ts'
import { markupFormat } from '../object/arithmetic.ts'
import { escaped, escapedHtml } from '../object/markup.ts'
import { replaced, split, splitLines, stripped } from '../syntax/cut.ts'
import { floatOf, numberOf, parsedFloat } from '../syntax/number.ts'
import { groupOf, type MatchOptions, matches, substituted } from '../text/matching.ts'
import { capitalized, centered, replacedIn, SPLIT } from '../text/methods.ts'
import { fixed, percentFormat } from '../text/percent-format.ts'
import { rewritten } from '../value/rewritten.ts'
import { between } from '../value/search.ts'
import {
  type Budget,
  charactersIn,
  Dict,
  Markup,
  refused,
  sequenceOf,
  Tuple,
  type Value,
  wrong,
} from '../value/value.ts'
import { sortedKeys } from './json.ts'
import { asBool } from './number.ts'

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

const sha1 = textFilter('', (text) => digest('sha1', text))

/** Ansible's filters of texts: paths, hashes, encodings, comments. */
export const ANSIBLE_TEXT_FILTERS: Filters = {
  bool: filter('', asBool),
  split: (value, given, host) =>
    filter('', (text) => SPLIT(textIn(text, 'what is split'), given, host))(
      value,
      { positional: [], named: new Map() },
      host,
    ),
  quote: filter('', (value, _, budget) => shellQuoted(value === null ? '' : textOf(value, budget), budget)),
  comment: filter('style? **how', comment),
  b64encode: textFilter('encoding?', (text, [encoding = 'utf-8'], budget) => {
    budget.grow(Math.ceil(Buffer.byteLength(text) / 3) * 4)
    return Buffer.from(text, utf8(encoding)).toString('base64')
  }),
  b64decode: filter('encoding?', (value, [encoding = 'utf-8']) => {
    utf8(encoding)
    return decoded(textIn(value, 'what is decoded'))
  }),
  md5: textFilter('', (text) => digest('md5', text)),
  sha1,
  checksum: sha1,
  hash: textFilter('hashtype?', (text, [kind = 'sha1']) => digest(textIn(kind, 'the kind of hash'), text)),
  to_uuid: textFilter('namespace?', (text, [namespace = '361E6D51-FAEC-444A-9079-341386DA8E2E']) =>
    uuid(textIn(namespace, 'the namespace'), text),
  ),
  basename: pathFilter(lastPart),
  dirname: pathFilter(folder),
  splitext: pathFilter(ending),
  path_join: filter('', (value) => {
    const parts = sequenceOf(value) ?? [value]
    return parts.map((part) => textIn(part, 'a path')).reduce(joinedPath)
  }),
}

function pathFilter(partOf: (path: string) => Value) {
  return filter('', (value) => partOf(textIn(value, 'a path')))
}

function utf8(encoding: Value): 'utf-8' {
  if (typeof encoding === 'string' && /^utf-?8$/i.test(encoding)) return 'utf-8'
  throw refused('no encoding but UTF-8 is written here', 'leave it out')
}

function decoded(text: string) {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw wrong('the text is no base64')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'))
  } catch {
    throw wrong('what is decoded is no text in UTF-8')
  }
}

const HASHES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']

function digest(kind: string, text: string) {
  if (!HASHES.includes(kind)) throw refused(`there is no hash \`${kind}\` here`, `there are ${HASHES.join(', ')}`)
  return createHash(kind).update(text, 'utf8').digest('hex')
}

// A UUID out of a name (RFC 4122, version 5).
function uuid(namespace: string, name: string) {
  const hex = namespace.replaceAll('-', '')
  if (!/^[\da-fA-F]{32}$/.test(hex)) throw wrong('the namespace is no UUID')
  const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(name, 'utf8').digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function shellQuoted(text: string, budget: Budget) {
  if (text === '') return "''"
  return /[^A-Za-z0-9_@%+=:,./-]/.test(text) ? `'${rewritten(text, /'/g, () => `'"'"'`, budget)}'` : text
}

function lastPart(path: string) {
  return path.slice(path.lastIndexOf('/') + 1)
}

function folder(path: string) {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/+$/.test(head) ? head : stripped(head, '/', 'right')
}

function ending(path: string) {
  const name = lastPart(path)
  const [, dots = ''] = /^(\.*)/.exec(name) ?? []
  const dot = name.lastIndexOf('.')
  const at = dot >= dots.length ? path.length - name.length + dot : path.length
  return new Tuple([path.slice(0, at), path.slice(at)])
}

function joinedPath(left: string, right: string) {
  if (posix.isAbsolute(right)) return right
  return left === '' || left.endsWith('/') ? left + right : `${left}/${right}`
}

const STYLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
}

function comment(value: Value, [style = 'plain', how]: Args, budget: Budget): Value {
  const name = textIn(style, 'the style')
  const base = Object.hasOwn(STYLES, name) ? STYLES[name] : undefined
  if (base === undefined) throw wrong(`there is no style \`${name}\``, `there are ${Object.keys(STYLES).join(', ')}`)
  const own = (key: string) =>
    how === undefined || how === null || typeof how !== 'object' || !('get' in how) ? undefined : how.get(key)
  const part = (key: string, otherwise: string) => textIn(own(key) ?? base[key] ?? otherwise, `\`${key}\``)
  const times = (key: string) => countIn(own(key) ?? 1n, `\`${key}\``)
  const decoration = part('decoration', '')
  const line = part('newline', '\n')
  const edge = stripped(decoration, undefined, 'right')
  const [beginning, prefix, postfix, end] = [
    part('beginning', ''),
    part('prefix', edge),
    part('postfix', edge),
    part('end', ''),
  ]
  const repeated = (part: string, count: number) => {
    const often = Math.min(1000, Math.max(0, count))
    budget.grow(part.length * often)
    return part.repeat(often)
  }
  const before = prefix === '' ? '' : repeated(prefix === line ? line : prefix + line, times('prefix_count'))
  const text = textIn(value, 'the comment')
  const lines = line === '' ? text.length + 1 : between(text, line).length
  budget.grow(text.length + lines * decoration.length)
  const body = replaced(decoration + replaced(text, line, line + decoration), decoration + line, edge + line)
  const after = repeated(`${line}${postfix}`, times('postfix_count'))
  return `${beginning === '' ? '' : beginning + line}${before}${body}${after}${end === '' ? '' : line + end}`
}

/** Whether a value counts as true when words like `no` are read as what they say. */
export function isTrueAsWord(value: Value): boolean {
  if (typeof value !== 'string') return isTrue(value)
  const word = value.trim().toLowerCase()
  if (['y', 'yes', 'on', '1', 'true', 't', '1.0'].includes(word)) return true
  return ['n', 'no', 'off', '0', 'false', 'f', '0.0'].includes(word) ? false : isTrue(value)
}

function matching(
  pattern: Value | undefined,
  ignoreCase: Value | undefined,
  multiline: Value | undefined,
): MatchOptions {
  return { pattern: textIn(pattern, 'the pattern'), ignoreCase: isSet(ignoreCase), multiline: isSet(multiline) }
}

/** Ansible's filters of regular expressions, with those of Python's that can be matched in bounded time. */
export const PATTERN_FILTERS: Filters = {
  regex_replace: filter(
    'pattern? replacement? ignorecase? multiline?',
    (value, [pattern = '', by = '', cases, lines], budget) =>
      substituted(textOf(value, budget), matching(pattern, cases, lines), textIn(by, 'the replacement'), budget),
  ),
  regex_search: filter('regex *groups ignorecase? multiline?', (value, [regex, groups, cases, lines], budget) => {
    const { found, pattern: own } = matches(textOf(value, budget), matching(regex, cases, lines), budget, 1)
    const named = groups instanceof Tuple ? groups.items : []
    const first = found[0]
    if (first === undefined) return null
    if (named.length === 0) return first.captures[0] ?? null
    return named.map((group) => first.captures[groupOf(groupName(group), own)] ?? null)
  }),
  regex_findall: filter('regex multiline? ignorecase?', (value, [pattern, lines, cases], budget) => {
    const { found, pattern: own } = matches(textOf(value, budget), matching(pattern, cases, lines), budget)
    return found.map(({ captures }): Value => {
      const groups = captures.slice(1).map((capture) => capture ?? '')
      return own.groups > 1 ? new Tuple(groups) : (groups[0] ?? captures[0] ?? '')
    })
  }),
  regex_escape: filter('re_type?', (value, [kind = 'python'], budget) => {
    const text = textOf(value, budget)
    if (kind !== 'python' && kind !== 'posix_basic')
      throw refused('regular expressions of this kind are not written here', 'use `python` or `posix_basic`')
    const special = kind === 'python' ? /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g : /[\].[^$*\\]/g
    return rewritten(text, special, (sign) => `\\${sign}`, budget)
  }),
}

function groupName(written: Value) {
  const [, name, number] = /^(?:\\g<(\S+)>|\\(\d+))/.exec(textIn(written, 'a group')) ?? []
  const group = name ?? number
  if (group === undefined) throw wrong('a group is written `\\\\1` or `\\\\g<name>`')
  return group
}

export function patternTest(isAtBegin: boolean) {
  return plainFilter('pattern? ignorecase? multiline?', (value, [pattern = '', cases, lines], budget) => {
    const text =
      sequenceOf(value) === undefined && typeof value !== 'string'
        ? textOf(value, budget)
        : textIn(value, 'what is matched')
    const own = matching(pattern, cases, lines)
    const { found } = matches(text, isAtBegin ? { ...own, pattern: anchored(own.pattern) } : own, budget, 1)
    return found.length > 0
  })
}

function anchored(pattern: string) {
  const [flags = ''] = /^\(\?[a-zA-Z]+\)/.exec(pattern) ?? []
  return `${flags}\\A(?:${pattern.slice(flags.length)})`
}
