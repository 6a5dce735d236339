import type { z } from 'zod'
import { isPlain } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { ChainRow } from '../seal/chain.ts'
import { type Envelope, type EventBody, type EventOf, eventTypes, type JournalEvent } from './event.ts'

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

interface Reading {
  readonly of: { readonly schema: z.ZodType<JournalEvent> }
  records: number
}

// So many records of a type are read before Zod makes code of its schema: a command reads a few of each, and the code costs more than it saves
// then.
const READ_BEFORE_CODE = 50

const READING_OF: ReadonlyMap<unknown, Reading> = new Map(eventTypes.map((of) => [of.type, { of, records: 0 }]))

/** Throws as {@link parseEvent} does. */
export function recordIn({ seq, body }: Pick<ChainRow, 'seq' | 'body'>): JournalEvent {
  return { ...parseEvent(body), seq }
}

/** Throws `store`, by name, on a version, a type, a member or a word that this eosflow does not know: a newer one has written it; and on an event that is not as its type says. */
export function parseEvent(body: string): JournalEvent {
  return eventIn(parseObject(body))
}

export function eventIn(value: JsonObject): JournalEvent {
  const { v, type } = value
  if (v !== 1) {
    if (typeof v !== 'number' || v < 1) throw malformedRecord(`journal record: its version is ${JSON.stringify(v)}`)
    throw newerRecord(`a journal record of version ${v}, and this one reads version 1`)
  }
  const reading = READING_OF.get(type)
  if (reading === undefined) {
    if (typeof type !== 'string') throw malformedRecord(`journal record: its type is ${JSON.stringify(type)}`)
    throw newerRecord(`a journal record of the type ${JSON.stringify(type)}, which this one does not know`)
  }
  reading.records += 1
  const parsed = reading.of.schema.safeParse(value, { jitless: reading.records < READ_BEFORE_CODE, reportInput: true })
  if (!parsed.success) throw unreadableRecord(String(type), parsed.error.issues[0])
  return parsed.data
}

function parseObject(body: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(body) as Json
  } catch (cause) {
    throw new EosflowError('store', 'a journal record is not JSON', { cause })
  }
  if (!isJsonObject(value)) throw new EosflowError('store', 'a journal record is not a JSON object')
  return value
}

export function unreadableRecord(type: string, issue: z.core.$ZodIssue | undefined): EosflowError {
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  switch (issue?.code) {
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ')
      return newerRecord(`${type} with ${keys}${place}, which this one does not know, or it is malformed`)
    }
    case 'invalid_value': {
      const [reads] = issue.values
      if (isBefore(issue.input, reads)) return formerRecord(`${type} with ${issue.input}${place}`, reads)
      return newerRecord(`${type} with a value${place} that this one does not know, or it is malformed`)
    }
    case 'invalid_union':
      return newerRecord(`${type} with a value${place} that this one does not know, or it is malformed`)
    default:
      return malformedRecord(`${type} in the journal${place}: ${issue?.message ?? 'unreadable'}`)
  }
}

function isBefore(found: unknown, reads: unknown) {
  return typeof found === 'number' && typeof reads === 'number' && found >= 1 && found < reads
}

// A record in a form that eosflow had before its first release (ADR 0096).
function formerRecord(what: string, reads: unknown) {
  return new EosflowError('store', `no release of eosflow has written ${what}: this one reads ${reads}`, {
    hint: 'Export the record with the eosflow that wrote it (eosflow audit export), and begin another store: eosflow init.',
  })
}

export function newerRecord(what: string): EosflowError {
  return new EosflowError('store', `a newer version of eosflow has written ${what}`, {
    hint: 'Update eosflow on this machine. Where it is a worker, start one of the new version and drain this one.',
  })
}

export function malformedRecord(what: string): EosflowError {
  return new EosflowError('store', `malformed ${what}`)
}

type Type = JournalEvent['type']

export type TypesRead = { readonly of: readonly Type[] } | { readonly but: readonly Type[] }

export function isRead(type: string, types: TypesRead): boolean {
  return 'of' in types ? types.of.some((one) => one === type) : types.but.every((one) => one !== type)
}

export function mayBeRead(body: string, types: TypesRead): boolean {
  const named = [...body.matchAll(/"type":"(\w+)"/g)]
  return named.length === 0 || named.some(([, type = '']) => isRead(type, types))
}

export function ofType<Of extends Type>(type: Of, events: readonly JournalEvent[]): readonly EventOf<Of>[] {
  return events.filter((event): event is EventOf<Of> => event.type === type)
}
