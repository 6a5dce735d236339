import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { countIn, textIn } from '../call/arguments.ts'
import { isTrue } from '../call/compare.ts'
import { type Args, type Filters, filter, textFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { replaced, stripped } from '../syntax/cut.ts'
import { SPLIT } from '../text/methods.ts'
import type { Budget } from '../value/budget.ts'
import { refused, wrong } from '../value/fault.ts'
import { rewritten } from '../value/rewritten.ts'
import { between } from '../value/search.ts'
import { sequenceOf, Tuple, type Value } from '../value/value.ts'
import { asBool } from './number.ts'

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
