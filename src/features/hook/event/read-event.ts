import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../model/canonical-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { readJson } from '../../../text/source/json.ts'
import { type HookEvent, type HookRequest, headerOf } from './hook-event.ts'

type CloudEvent = { readonly ok: true; readonly event: HookEvent } | { readonly ok: false; readonly reason: string }

// The attributes that are text (CloudEvents 1.0.2, section "Context attributes").
const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'] as const
const DEMANDED: readonly string[] = ['id', 'source', 'type']

// RFC 3339, section 5.6.
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

function cloudEventMode(request: HookRequest, contentType: string): 'structured' | 'binary' | 'batch' | undefined {
  if (contentType.startsWith('application/cloudevents-batch')) return 'batch'
  if (contentType.startsWith('application/cloudevents')) return 'structured'
  return headerOf(request, 'ce-specversion') === undefined ? undefined : 'binary'
}

function structuredEvent(body: Json, parse: (text: string) => Json | undefined): CloudEvent {
  if (!isJsonObject(body)) return refused('a CloudEvent is a JSON object')
  const { data, data_base64: encoded } = body
  if (data !== undefined && encoded !== undefined) return refused('a CloudEvent has `data` or `data_base64`')
  if (encoded === undefined) return eventOf(body, data ?? null)
  if (typeof encoded !== 'string') return refused('`data_base64` is a text')
  const decoded = parse(Buffer.from(encoded, 'base64').toString())
  return decoded === undefined ? refused('`data_base64` holds no JSON') : eventOf(body, decoded)
}

function binaryEvent(request: HookRequest, data: Json): CloudEvent {
  const named = ['specversion', ...ATTRIBUTES].flatMap((name) => {
    const value = headerOf(request, `ce-${name}`)
    return value === undefined ? [] : [[name, decodedHeader(value)] as const]
  })
  return eventOf(Object.fromEntries(named), data)
}

// What is no printable ASCII is percent-encoded there (section 3.1.3.2).
function decodedHeader(value: string) {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function eventOf(attributes: JsonObject, data: Json): CloudEvent {
  if (attributes.specversion !== '1.0') return refused('it is no CloudEvent 1.0: `specversion` says another version')
  const fault = ATTRIBUTES.map((name) => attributeFault(name, attributes[name])).find((one) => one !== undefined)
  if (fault !== undefined) return refused(fault)
  // Texts, as was just judged.
  const { id = '', source = '', type = '', subject, time } = attributes as Readonly<Record<string, string | null>>
  const more = { ...(subject == null ? {} : { subject }), ...(time == null ? {} : { time }) }
  return { ok: true, event: { id: id ?? '', source: source ?? '', type: type ?? '', ...more, data } }
}

function attributeFault(name: string, value: Json | undefined) {
  if (value === undefined || (value === null && !DEMANDED.includes(name)))
    return DEMANDED.includes(name) ? `the CloudEvent has no \`${name}\`` : undefined
  if (typeof value !== 'string' || value === '') return `\`${name}\` of the CloudEvent is no text`
  return name === 'time' && !TIME.test(value) ? '`time` of the CloudEvent is no time' : undefined
}

function refused(reason: string): CloudEvent {
  return { ok: false, reason }
}

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [...'"\\,[{'].map((character) => character.charCodeAt(0))

export type ReadEvent =
  | { readonly ok: true; readonly event: HookEvent }
  | { readonly ok: false; readonly reason: string }

// `application/json`, and whatever else is JSON (RFC 6839, section 3.1).
const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/

/** `id`: its name, where the signature says it. */
export function readEvent(request: HookRequest, id?: string): ReadEvent {
  const contentType = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const mode = cloudEventMode(request, contentType)
  if (mode === 'batch') return { ok: false, reason: 'several events in one request are not taken' }
  if (!JSON_TYPE.test(contentType))
    return { ok: false, reason: 'its body is no JSON: let the sender send Content-Type: application/json' }
  const read = bounded(request.body)
  if (!read.ok) return { ok: false, reason: `its body: ${read.reason}` }
  const body = read.value
  if (mode === undefined) {
    if (!isJsonObject(body)) return { ok: false, reason: 'its body is no JSON object' }
    return { ok: true, event: { ...kindOf(request), id: idOf(id ?? ownId(request, body)), data: body } }
  }
  const made = mode === 'binary' ? binaryEvent(request, body) : structuredEvent(body, parsed)
  if (!made.ok) return made
  const { event } = made
  // The two together name one event (CloudEvents 1.0.2, section "id").
  return { ok: true, event: { ...event, id: idOf(id ?? digestOf([event.source ?? '', event.id])) } }
}

function parsed(text: string) {
  const read = bounded(Buffer.from(text))
  return read.ok ? read.value : undefined
}

// So many values may an event have: it is read on the thread of the engine, where so many take at most some 20 ms, as an expression that looks
// at each of them does. A push of a hundred commits has some 2,000.
const MOST_VALUES = 8_000

export function hasTooManyValues(bytes: Uint8Array): boolean {
  return valueCount(bytes) > MOST_VALUES
}

function bounded(
  bytes: Uint8Array,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string } {
  if (hasTooManyValues(bytes))
    return { ok: false, reason: `it has more than ${MOST_VALUES.toLocaleString('en')} values` }
  const read = readJson(bytes, 'event')
  return read.ok ? { ok: true, value: read.value.value } : { ok: false, reason: read.problems[0].message }
}

function kindOf(request: HookRequest): Pick<HookEvent, 'type'> {
  const type = headerOf(request, 'x-github-event') ?? headerOf(request, 'x-gitlab-event')
  return type === undefined ? {} : { type }
}

function ownId(request: HookRequest, body: Json) {
  const named = headerOf(request, 'idempotency-key') ?? headerOf(request, 'x-gitlab-event-uuid')
  return named ?? alertId(body) ?? createHash('sha256').update(request.body).digest('hex')
}

function alertId(body: Json) {
  if (!isJsonObject(body)) return undefined
  const { groupKey, status, alerts } = body
  if (typeof groupKey !== 'string' || typeof status !== 'string' || !Array.isArray(alerts)) return undefined
  const began = alerts.flatMap((alert: Json) => {
    if (!isJsonObject(alert)) return []
    const { fingerprint, labels = {}, startsAt } = alert
    const which = typeof fingerprint === 'string' ? fingerprint : canonicalJson(labels)
    return [canonicalJson([which, typeof startsAt === 'string' ? instantOf(startsAt) : ''])]
  })
  return digestOf([groupKey, status, ...began.toSorted()])
}

// An instant whatever its offset, to the nanosecond (RFC 3339): a time that is none is its text.
function instantOf(text: string) {
  const milliseconds = Date.parse(text)
  const finer = /\.\d{3}(\d+)/.exec(text)?.[1]?.replace(/0+$/, '') ?? ''
  return Number.isNaN(milliseconds) ? text : `${milliseconds}.${finer}`
}

function digestOf(parts: readonly string[]) {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex')
}

function idOf(text: string) {
  return /^[\x21-\x7e]{1,150}$/.test(text) ? text : createHash('sha256').update(text).digest('hex')
}

// How many values JSON text holds at most: one more than it has commas and opening brackets outside of its texts.
function valueCount(json: Uint8Array) {
  let [count, isText] = [1, false]
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === QUOTE) isText = !isText
    else if (isText) at += byte === BACKSLASH ? 1 : 0
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1
  }
  return count
}
