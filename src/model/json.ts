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
    const inner = Array.isArray(one) ? one : Object.values(one)
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
