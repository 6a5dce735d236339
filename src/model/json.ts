/** That a JSON text has a member twice: which of both counts is not said, and readers differ. */
export class DuplicateMember extends SyntaxError {
  constructor() {
    super('a member of an object is there twice')
    this.name = 'DuplicateMember'
  }
}

/** The one reader of JSON that came from outside: as `JSON.parse`, but for a member that is there twice. Throws SyntaxError. */
export function givenJson(text: string): Json {
  const value = JSON.parse(text) as Json
  if (membersWritten(text) !== membersOf(value)) throw new DuplicateMember()
  return value
}

/** The same; undefined for what is no such JSON. */
export function readableJson(text: string): Json | undefined {
  try {
    return givenJson(text)
  } catch {
    return undefined
  }
}

function membersWritten(text: string) {
  let members = 0
  for (let at = text.indexOf('"'); at !== -1; ) {
    let next = endOfString(text, at) + 1
    while (isBlank(text.charCodeAt(next))) next += 1
    if (text[next] === ':') members += 1
    at = text.indexOf('"', next)
  }
  return members
}

function endOfString(text: string, start: number) {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0 || end === -1) return end
  }
}

function isBlank(code: number) {
  return code === 32 || code === 10 || code === 13 || code === 9
}

function membersOf(value: Json) {
  let members = 0
  const left = [value]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue
    const inner = Object.values(one)
    if (!Array.isArray(one)) members += inner.length
    for (const each of inner) left.push(each)
  }
  return members
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type JsonObject = { readonly [key: string]: Json }

/** Whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A type that a schema infers, with nothing in it that can be written. */
export type DeepReadonly<T> = Json extends T
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T

type Defined<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
}

/** The member of a record under a name that comes from outside: none of those that every object has. */
export function ownMember<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A list, or undefined where nothing is in it: what {@link definedMembers} leaves out. */
export function unlessEmpty<T>(list: readonly T[]) {
  return list.length === 0 ? undefined : list
}

/** The members that are not undefined, to be spread: what is absent stays absent in what is digested, compared and sent. */
export function definedMembers<T extends object>(members: T): Defined<T> {
  const defined: Record<string, unknown> = {}
  // By name and not by entry: an append and each line of a configuration come through here.
  for (const name of Object.keys(members)) {
    const value = members[name as keyof T]
    if (value !== undefined) defined[name] = value
  }
  return defined as Defined<T>
}

export function definedItems<T>(...items: readonly (T | undefined | false)[]): T[] {
  return items.filter((item) => item !== undefined && item !== false) as T[]
}

export type WrittenKey = string | number | bigint | boolean | null

const WRITTEN = Symbol('keys as they are written')

export function keepKeys(map: object, keys: readonly WrittenKey[]): void {
  Object.defineProperty(map, WRITTEN, { value: keys })
}

/** The keys of a mapping as they are written, in the order of the source. */
export function writtenKeys(map: object): readonly WrittenKey[] {
  return (map as { readonly [WRITTEN]?: readonly WrittenKey[] })[WRITTEN] ?? Object.keys(map)
}

/** The name under which a mapping has a key that is written so: as Python's JSON names it. */
export function nameOfKey(key: WrittenKey): string {
  return typeof key === 'string' ? key : String(key)
}

/** The names of a mapping in the order of the source. */
export function keysOf(map: object): readonly string[] {
  return writtenKeys(map).map(nameOfKey)
}

/** The second of each pair under its first, in the order of the pairs. */
export function gathered<Key, One>(pairs: Iterable<readonly [Key, One]>): Map<Key, One[]> {
  const groups = new Map<Key, One[]>()
  for (const [key, one] of pairs) {
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

/**
 * A float without a fraction: `1.0` as its source writes it. Python prints it with the fraction, and JavaScript has no number of its
 * own for it.
 */
export class WholeFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}
