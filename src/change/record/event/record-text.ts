import { isPlain } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { Envelope, EventBody } from './event.ts'

export interface Draft {
  readonly before: string
  readonly behind: string
}

const PLAIN = /^[ !#-[\]-\x7f]*$/
const LONE_SURROGATE = /[\ud800-\udfff]/u

/** Writes an event down in canonical JSON (RFC 8785). Unlike what is digested for people to compare (ADR 0134), a record may hold any finite number, whole ones beyond 2^53 too: states compute with data. */
export function draftOf(envelope: Omit<Envelope, 'seq'>, event: EventBody): Draft {
  // An event is JSON throughout, which its interfaces cannot say; textOf throws on what is not.
  const record = { ...event, ...envelope } as unknown as JsonObject
  const keys = Object.keys(record).sort()
  const before = keys.filter((key) => key < 'seq')
  const behind = keys.filter((key) => key > 'seq')
  return { before: `{${membersOf(record, before)},"seq":`, behind: `,${membersOf(record, behind)}}` }
}

export function recordAt({ before, behind }: Draft, seq: number): string {
  return before + seq + behind
}

function textOf(value: Json): string {
  if (typeof value === 'string') return textOfString(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    const object = value as JsonObject
    return `{${membersOf(object, Object.keys(object).sort())}}`
  }
  throw new EosflowError('bug', `not a JSON value: ${typeof value === 'number' ? value : typeof value}`)
}

function membersOf(object: JsonObject, keys: readonly string[]) {
  let text = ''
  for (const key of keys) text += `${text === '' ? '' : ','}${textOfString(key)}:${textOf(object[key] as Json)}`
  return text
}

function textOfString(value: string) {
  if (PLAIN.test(value)) return `"${value}"`
  if (LONE_SURROGATE.test(value)) throw new EosflowError('bug', 'lone surrogate in a journal record')
  return JSON.stringify(value)
}

/** The JSON object that a text is; undefined where it is none. */
export function objectIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export type Scrub = (text: string) => string

/** An event with every text in it scrubbed: what a switch, a service or a person wrote may repeat a secret. */
export function withoutSecrets(event: EventBody, scrub: Scrub): EventBody {
  const { type, ...members } = event
  const scrubbed = Object.entries(members).map(([name, value]) => [name, valueWithoutSecrets(value, scrub)])
  // Texts become texts: the event keeps its type, which `fromEntries` cannot say.
  return { type, ...Object.fromEntries(scrubbed) } as EventBody
}

/** A value of a record with every text and number in it scrubbed, as {@link withoutSecrets} puts it on record. */
export function valueWithoutSecrets(value: unknown, scrub: Scrub): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value === 'number') return scrub(String(value)) === String(value) ? value : scrub(String(value))
  if (Array.isArray(value)) return value.map((item) => valueWithoutSecrets(item, scrub))
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [scrub(name), valueWithoutSecrets(member, scrub)]),
  )
}
