import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

export type Path = readonly (string | number)[]

export interface Spot {
  /** Offset of the key that names this value; absent at the root and in lists. */
  readonly key?: number
  readonly value: number
  /** Offset of the first character of a quoted text, behind the quote. */
  readonly text?: number
  /** How a number is written, where it prints otherwise: `010`, `1.0`, `0x1F`. */
  readonly written?: string
  readonly members: ReadonlyMap<string, Spot>
}

export const NO_MEMBERS: Spot['members'] = new Map()

export interface LocatedValue {
  readonly file: string
  readonly value: Json
  readonly spot: Spot
  readonly lineStarts: readonly number[]
}

/** A value that has no text of its own, such as a flag's: all of it stands at the first character of `file`. */
export function locatedNowhere(value: Json, file: string): LocatedValue {
  return { file, value, spot: { value: 0, members: NO_MEMBERS }, lineStarts: [0] }
}

/** Where the value at `path` is written, or the nearest part around it that is. */
export function placeOf(located: LocatedValue, path: Path = []): Place {
  return placeOfOffset(located, nearest(located, path).spot.value)
}

/** Where the text at `path` begins: behind the quote, if it is quoted. */
export function textPlaceOf(located: LocatedValue, path: Path = []): Place {
  const { spot } = nearest(located, path)
  return placeOfOffset(located, spot.text ?? spot.value)
}

/** Where the key of the value at `path` is written; the value's own place where it has no key. */
export function keyPlaceOf(located: LocatedValue, path: Path = []): Place {
  const { spot } = nearest(located, path)
  return placeOfOffset(located, spot.key ?? spot.value)
}

/** The part of a located value at `path`; undefined when there is none. */
export function locatedAt(located: LocatedValue, path: Path): LocatedValue | undefined {
  const { spot, depth } = nearest(located, path)
  const value = path.reduce<Json | undefined>(memberOf, located.value)
  return value === undefined || (depth < path.length && spot.members.size > 0) ? undefined : { ...located, value, spot }
}

/** How the value at `path` is written, where that is a number that prints otherwise; undefined for anything else. */
export function writtenAt(located: LocatedValue, path: Path = []): string | undefined {
  const { spot, depth } = nearest(located, path)
  return depth < path.length ? undefined : spot.written
}

export function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

export function placeOfOffset({ file, lineStarts }: Pick<LocatedValue, 'file' | 'lineStarts'>, offset: number): Place {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { file, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
}

function nearest(located: LocatedValue, path: Path) {
  let spot = located.spot
  for (const [depth, step] of path.entries()) {
    const member = spot.members.get(String(step))
    if (member === undefined) return { spot, depth }
    spot = member
  }
  return { spot, depth: path.length }
}

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)]
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** The size that a file people write may have: 1 MiB. */
export const AUTHORED_LIMIT = 1_048_576

/** The size that a file machines write may have (a saved plan, an intended configuration): 64 MiB. */
export const GENERATED_LIMIT = 67_108_864

const INVISIBLE = new RegExp(`(?![\\t\\n\\r])${HIDDEN_CHARACTER.source}|\\r(?!\\n)`, 'u')

/** A file's content as text: UTF-8 within `limit` bytes, and without NUL. A byte order mark, which in UTF-8 says nothing, is left out. */
export function decodeText(content: string | Uint8Array, file: string, limit: number): ValueOrProblems<string> {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  if (size > limit) return refuse(tooLarge(file, limit))
  const text = typeof content === 'string' ? content.replace(/^\ufeff/, '') : new TextDecoder('utf-8').decode(content)
  const fault = notUtf8(content, text, file) ?? nulIn(text, file)
  return fault === undefined ? accept(text) : refuse(fault)
}

/**
 * The same for a text that people write and read: it is what it looks like, without control, bidirectional or other
 * invisible characters (docs/transport.md#what-people-write: what is approved must be what is seen).
 */
export function readText(
  content: string | Uint8Array,
  file: string,
  limit: number = AUTHORED_LIMIT,
): ValueOrProblems<string> {
  const decoded = decodeText(content, file, limit)
  if (!decoded.ok) return decoded
  const fault = invisible(decoded.value, file)
  return fault === undefined ? decoded : refuse(fault)
}

export function placeAt(text: string, offset: number, file: string): Place {
  return placesIn(text, file)(offset)
}

/** The places of offsets in a text, for a text with many: its lines are counted once. */
export function placesIn(text: string, file: string): (offset: number) => Place {
  const lines = { file, lineStarts: lineStartsOf(text) }
  return (offset) => placeOfOffset(lines, offset)
}

/** How an invisible character is written in a message: `U+202E`. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function tooLarge(file: string, limit: number) {
  return problemOf(
    file,
    'too-large',
    `the file has more than the ${limit} bytes that are read`,
    'split it, or check that this is the file you meant',
  )
}

function notUtf8(content: string | Uint8Array, text: string, file: string): Problem | undefined {
  if (typeof content === 'string') return undefined
  if ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)) {
    return encoding('the file is UTF-16, not UTF-8', { file, line: 1, column: 1 })
  }
  const mark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? 3 : 0
  for (let index = text.indexOf('\ufffd'); index >= 0; index = text.indexOf('\ufffd', index + 1)) {
    const offset = mark + Buffer.byteLength(text.slice(0, index))
    const written = content[offset] === 0xef && content[offset + 1] === 0xbf && content[offset + 2] === 0xbd
    if (!written) return encoding(`the file is not UTF-8 text (byte ${offset})`, placeAt(text, index, file))
  }
  return undefined
}

function encoding(message: string, at: Place): Problem {
  return { code: 'not-text', message, at, hint: 'save it as UTF-8 text; a binary file is not read' }
}

function nulIn(text: string, file: string): Problem | undefined {
  const nul = text.indexOf('\u0000')
  return nul < 0 ? undefined : encoding('the file holds a NUL byte: it is binary, not text', placeAt(text, nul, file))
}

function invisible(text: string, file: string): Problem | undefined {
  const found = INVISIBLE.exec(text)
  if (found === null) return undefined
  return {
    code: 'invisible-character',
    message: `the text holds the invisible character ${codePoint(found[0])}`,
    at: placeAt(text, found.index, file),
    hint: 'delete the character: what is approved must be what is seen',
  }
}

export interface Tree {
  /** The bytes of a file. */
  file(path: string): Uint8Array | undefined
  /** What a folder holds, sorted by name; links are what they lead to. */
  folder(path: string): readonly TreeEntry[] | undefined
  mayAsk?(path: string): boolean
}

export interface TreeEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
}

/** A {@link ValueOrProblems} that holds a value. */
export function accept<T>(value: T): ValueOrProblems<T> {
  return { ok: true, value }
}

/** A {@link ValueOrProblems} that holds problems: at least one. */
export function refuse<T = never>(first: Problem, ...rest: readonly Problem[]): ValueOrProblems<T> {
  return { ok: false, problems: [first, ...rest] }
}

/** The value when nothing is wrong with it, else everything that is, in the order of the file. */
export function acceptUnless<T>(problems: readonly Problem[], value: () => T): ValueOrProblems<T> {
  const [first, ...rest] = [...problems].sort(byPlace)
  return first === undefined ? accept(value()) : refuse(first, ...rest)
}

export function problemsOf(checked: ValueOrProblems<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems
}

export function together<Parts extends Readonly<Record<string, ValueOrProblems<unknown>>>>(
  parts: Parts,
): ValueOrProblems<{ [Name in keyof Parts]: Parts[Name] extends ValueOrProblems<infer Value> ? Value : never }> {
  const entries = Object.entries(parts)
  return acceptUnless(
    entries.flatMap(([, part]) => problemsOf(part)),
    () => Object.fromEntries(entries.map(([name, part]) => [name, part.ok ? part.value : undefined])) as never,
  )
}

function byPlace(a: Problem, b: Problem) {
  return a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column
}

export function allAccepted<T>(checked: readonly ValueOrProblems<T>[]): ValueOrProblems<readonly T[]> {
  return acceptUnless(checked.flatMap(problemsOf), () => checked.flatMap((one) => (one.ok ? [one.value] : [])))
}
