import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { givenJson, isJsonObject, type Json } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import {
  accept,
  decodeText,
  GENERATED_LIMIT,
  type LocatedValue,
  lineStartsOf,
  NO_MEMBERS,
  placeOfOffset,
  refuse,
  type Spot,
} from './located.ts'
import { DEPTH_LIMIT } from './nesting.ts'

const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype']

const FORBIDDEN: ReadonlySet<string> = new Set(FORBIDDEN_KEYS)

/** Whether a key would reach into JavaScript's object machinery. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN.has(key)
}

/** Whether a number is held exactly: finite, and if it is whole within 2^53. */
export function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

const LONE_SURROGATE = /[\ud800-\udfff]/u

/** Whether a text consists of characters: an escape can also write half of a surrogate pair, which is none and has no UTF-8. */
export function isWhole(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** The problem of a text for which {@link isWhole} does not hold. */
export function halfCharacter(at: Place): Problem {
  return {
    code: 'half-character',
    message: 'a text holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no character',
    at,
    hint: 'write the character itself, or both halves of it',
  }
}

/** The problem of a key for which {@link isForbiddenKey} holds. */
export function forbiddenKey(key: string, at: Place): Problem {
  return { code: 'forbidden-key', message: `the key \`${key}\` is not allowed`, at, hint: 'rename or delete the key' }
}

/** The problem of a key that a mapping already has. */
export function duplicateKey(key: string, at: Place): Problem {
  const hint = 'delete one of the two: which one is meant?'
  return { code: 'duplicate-key', message: `the key \`${key}\` is there twice`, at, hint }
}

/** The problem of a number for which {@link isExact} does not hold. */
export function inexactNumber(written: string, at: Place): Problem {
  const hint = `write it as text, in quotes: '${written}'`
  return { code: 'inexact-number', message: `the number ${written} cannot be held exactly`, at, hint }
}

/**
 * Reads one JSON document (RFC 8259) as a value that knows its places. Stricter than `JSON.parse` where a reader
 * could be misled: duplicate keys, numbers that lose digits and keys of the object machinery are problems.
 */
export function readJson(content: string | Uint8Array, file: string): ValueOrProblems<LocatedValue> {
  const read = decodeText(content, file, GENERATED_LIMIT)
  if (!read.ok) return read
  const text = read.value
  const linesOf = once(() => ({ file, lineStarts: lineStartsOf(text) }))
  const scanned = (): Reading => scan(text, (offset) => placeOfOffset(linesOf(), offset))
  const plain = plainly(text)
  if (plain !== undefined) return accept(locatedWhenAsked(file, plain, linesOf, once(scanned)))
  try {
    return accept({ ...linesOf(), ...scanned() })
  } catch (thrown) {
    if (thrown instanceof Fault) return refuse(thrown.problem)
    // The pattern of a string exhausts its stack on one of tens of millions of characters.
    if (thrown instanceof RangeError) return refuse(tooLong(file))
    throw thrown
  }
}

function plainly(text: string) {
  try {
    if (MISLEADING.some((written) => text.includes(written))) return undefined
    const value = JSON.parse(text) as Json
    return isClear(value, 0) && isWrittenSo(text, value) ? { value } : undefined
  } catch {
    return undefined
  }
}

// How `JSON.stringify` writes what the scanner refuses: each half of a surrogate pair that is alone is an escape, and a letter of a key never
// is.
const MISLEADING: readonly string[] = ['\\ud', ...FORBIDDEN_KEYS.map((key) => JSON.stringify(key))]

// Over several lines the second character is a line break.
function isWrittenSo(text: string, value: Json) {
  return text[1] === '\n' ? `${JSON.stringify(value, null, 2)}\n` === text : JSON.stringify(value) === text
}

// In characters: the scanner is asked about longer strings, which it may refuse.
const LONGEST_STRING = 1_000_000

function isClear(value: Json, depth: number): boolean {
  if (depth > DEPTH_LIMIT) return false
  if (typeof value === 'string') return value.length <= LONGEST_STRING
  if (typeof value === 'number') return isExact(value)
  if (value === null || typeof value !== 'object') return true
  const members = Array.isArray(value) ? value : Object.values(value)
  return members.every((one) => isClear(one, depth + 1))
}

function locatedWhenAsked(
  file: string,
  { value }: { readonly value: Json },
  linesOf: () => Pick<LocatedValue, 'lineStarts'>,
  scanned: () => Reading,
): LocatedValue {
  return {
    file,
    value,
    get lineStarts(): readonly number[] {
      return linesOf().lineStarts
    },
    get spot(): Spot {
      return scanned().spot
    },
  }
}

function tooLong(file: string) {
  return problemOf(
    file,
    'too-large',
    'a string in the file is too long to be read',
    'check that this is the file you meant',
  )
}

interface Reading {
  readonly value: Json
  readonly spot: Spot
}

const BLANK = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null }

class Fault extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

function scan(text: string, placeOf: (offset: number) => Place): Reading {
  let at = 0

  function document(): Reading {
    take(BLANK)
    if (at === text.length) fail('empty-file', 'the file is empty', 'check the path', 0)
    const reading = valueRead(0)
    if (at < text.length) expected('the end of the file')
    return reading
  }

  function valueRead(depth: number): Reading {
    if (depth > DEPTH_LIMIT) {
      fail('too-deep', `the text is nested deeper than ${DEPTH_LIMIT} levels`, 'check that this is the file you meant')
    }
    const start = at
    const reading = container(start, depth) ?? {
      value: scalar(start),
      spot: { value: start, members: NO_MEMBERS },
    }
    take(BLANK)
    return reading
  }

  function container(start: number, depth: number): Reading | undefined {
    if (skip('{')) return objectRead(start, depth)
    return skip('[') ? arrayRead(start, depth) : undefined
  }

  function scalar(start: number): Json {
    const string = take(STRING)
    if (string !== undefined) return stringRead(string, start)
    const word = take(WORD)
    if (word !== undefined) return WORDS[word] ?? null
    const written = take(NUMBER)
    if (written === undefined) return expected('a value')
    if (isExact(Number(written))) return Number(written)
    throw new Fault(inexactNumber(written, placeOf(start)))
  }

  function objectRead(start: number, depth: number): Reading {
    const members = new Map<string, Spot>()
    const entries: [string, Json][] = []
    take(BLANK)
    if (skip('}')) return { value: {}, spot: { value: start, members } }
    do {
      take(BLANK)
      const keyAt = at
      const key = keyRead(keyAt, members)
      take(BLANK)
      if (!skip(':')) expected('`:`')
      take(BLANK)
      const { value, spot } = valueRead(depth + 1)
      entries.push([key, value])
      members.set(key, { ...spot, key: keyAt })
    } while (skip(','))
    if (!skip('}')) expected('`,` or `}`')
    return { value: Object.fromEntries(entries), spot: { value: start, members } }
  }

  function keyRead(keyAt: number, members: ReadonlyMap<string, Spot>) {
    const written = take(STRING)
    if (written === undefined) return expected('a key in double quotes')
    const key = stringRead(written, keyAt)
    if (isForbiddenKey(key)) throw new Fault(forbiddenKey(key, placeOf(keyAt)))
    if (members.has(key)) throw new Fault(duplicateKey(key, placeOf(keyAt)))
    return key
  }

  // A string may not hold raw control characters (RFC 8259, section 7).
  function stringRead(written: string, start: number) {
    const meant = parsed(written, start)
    if (isWhole(meant)) return meant
    throw new Fault(halfCharacter(placeOf(start)))
  }

  function parsed(written: string, start: number) {
    try {
      return JSON.parse(written) as string
    } catch {
      return fail('json-syntax', 'not valid JSON: a control character in a string', 'restore the file', start)
    }
  }

  function arrayRead(start: number, depth: number): Reading {
    const members = new Map<string, Spot>()
    const value: Json[] = []
    take(BLANK)
    if (skip(']')) return { value, spot: { value: start, members } }
    do {
      take(BLANK)
      const item = valueRead(depth + 1)
      members.set(String(value.length), item.spot)
      value.push(item.value)
    } while (skip(','))
    if (!skip(']')) expected('`,` or `]`')
    return { value, spot: { value: start, members } }
  }

  function take(pattern: RegExp) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    at += found[0].length
    return found[0]
  }

  function skip(character: string) {
    const found = text[at] === character
    if (found) at += 1
    return found
  }

  function expected(what: string): never {
    const found = at < text.length ? `\`${text[at]}\`` : 'the end of the file'
    return fail(
      'json-syntax',
      `not valid JSON: expected ${what}, found ${found}`,
      'restore the file, or write it again',
    )
  }

  function fail(code: string, message: string, hint: string, offset: number = at): never {
    throw new Fault({ code, message, at: placeOf(offset), hint })
  }

  return document()
}

/** Reads a JSON document that a machine writes and nobody edits: some ten times as fast as {@link readJson}, and the value knows no places. */
export function readMachineJson(content: string | Uint8Array, file: string): ValueOrProblems<Json> {
  const read = decodeText(content, file, GENERATED_LIMIT)
  if (!read.ok) return read
  const value = parsed(read.value)
  if (value !== undefined && isSound(value, 0)) return accept(value)
  const located = readJson(read.value, file)
  return located.ok ? accept(located.value.value) : located
}

function parsed(text: string) {
  try {
    return givenJson(text)
  } catch {
    return undefined
  }
}

function isSound(value: Json, depth: number): boolean {
  if (typeof value === 'number') return isExact(value)
  if (typeof value === 'string') return isWhole(value)
  if (depth > DEPTH_LIMIT) return false
  if (Array.isArray(value)) return (value as readonly Json[]).every((one) => isSound(one, depth + 1))
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([key, one]) => !isForbiddenKey(key) && isWhole(key) && isSound(one, depth + 1))
}
