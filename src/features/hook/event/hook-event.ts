import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../model/digest.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import type { NamedPerson } from '../../../model/principal.ts'
import { isExpression } from '../../../project/files/settings/event-expression.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import type { EvaluationClock } from '../../../text/query/bounded-functions.ts'
import { compile, evaluate } from '../../../text/query/compile.ts'
import { readJson } from '../../../text/source/json.ts'

export interface HookEvent {
  /** Its name among the events of its sender: 1 to 150 printable characters without blanks. */
  readonly id: string
  /** The context attributes of a CloudEvent (CloudEvents 1.0.2, section "Context attributes"); of GitHub and GitLab the kind of the event. */
  readonly type?: string
  readonly source?: string
  readonly subject?: string
  readonly time?: string
  readonly data: Json
}

function documentOf({ id, type, source, subject, time, data }: HookEvent): JsonObject {
  return {
    id,
    ...definedMembers({ type, source, subject, time }),
    data,
  }
}

/** A member of the data by the names that lead to it, or of the event itself behind `$event.`; undefined where there is none. */
export function memberOf(event: HookEvent, path: string): Json | undefined {
  const steps = path.split('.')
  const [first] = steps
  let found: Json | undefined = first === '$event' ? documentOf(event) : event.data
  for (const step of first === '$event' ? steps.slice(1) : steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    if (Array.isArray(found) && !/^\d+$/.test(step)) return undefined
    found = (found as JsonObject)[step]
  }
  return found
}

export interface HookRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The SHA-256 of the certificate that the sender has shown in the handshake of TLS, in hex; absent where it has shown none. */
  readonly certificate?: string
}

/** A header field of a request; undefined where it has none. */
export function headerOf({ headers }: Pick<HookRequest, 'headers'>, name: string): string | undefined {
  return ownMember(headers, name)
}

interface Refusal {
  readonly ok: false
  readonly reason: string
}

export function refused(reason: string): Refusal {
  return { ok: false, reason }
}

export type Verification = { readonly ok: true; readonly id?: string } | Refusal

/** Why an event makes nothing: the first member that has none of the values which `on:` names. */
export function unwanted({ on }: Pick<HookSettings, 'on'>, event: HookEvent): string | undefined {
  for (const [path, values] of Object.entries(on)) {
    const found = memberOf(event, path)
    if (found === undefined) return `it has no ${path}`
    if (!values.some((value) => value === found)) return `${path} is another one`
  }
  return undefined
}

export function inRing({ source, type, data }: HookEvent, own: string): string | undefined {
  if (source === own) return 'it is a notification of this installation'
  if (type?.startsWith('eosflow.') !== true || !isJsonObject(data)) return undefined
  const { byEvent, facts } = data
  // One that does not say it in a member yet says who has begun it.
  const by = isJsonObject(facts) ? facts.by : undefined
  const isOfEvent = byEvent === true || (typeof by === 'string' && by.startsWith('hook:'))
  return isOfEvent ? 'it tells what an event has begun at another installation' : undefined
}

type NamedPeople = { readonly ok: true; readonly people: readonly NamedPerson[] } | Refusal

const LONGEST = 200

/** A name is both the subject of somebody and what the issuer says of a person, so that whoever it is does not count for `notRequester`. */
export function namedBy({ requesters }: Pick<HookSettings, 'requesters'>, event: HookEvent): NamedPeople {
  if (requesters === undefined) return { ok: true, people: [] }
  const { issuer, members } = requesters
  const people: NamedPerson[] = []
  for (const member of members) {
    const found = memberOf(event, member)
    if (typeof found !== 'string' || found === '' || found.length > LONGEST)
      return refused(`it names nobody in ${member}`)
    people.push({ issuer, id: found, person: found })
  }
  return { ok: true, people }
}

type EventParams = { readonly ok: true; readonly params: JsonObject } | Refusal

/** Computes the parameters of a workflow from an event: every text `{% … %}` of the template is an expression that reads `$event`. */
export async function eventParams(template: Json, event: HookEvent, moment: EvaluationClock): Promise<EventParams> {
  const document = documentOf(event)
  try {
    const params = await filled(template, { event: document }, moment)
    if (isJsonObject(params)) return { ok: true, params }
    return refused('its parameters are no mapping')
  } catch (error) {
    if (error instanceof NoValue) return refused(error.message)
    throw error
  }
}

class NoValue extends Error {}

async function filled(template: Json, variables: JsonObject, moment: EvaluationClock): Promise<Json> {
  if (isExpression(template)) return computed(template, variables, moment)
  if (Array.isArray(template)) return Promise.all(template.map((one: Json) => filled(one, variables, moment)))
  if (!isJsonObject(template)) return template
  const entries = Object.entries(template).map(
    async ([key, one]) => [key, await filled(one, variables, moment)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function computed(expression: string, variables: JsonObject, moment: EvaluationClock) {
  const made = await compile(expression.slice(2, -2))
  if (!made.ok) throw new NoValue(`the expression ${expression}: ${made.message}`)
  const outcome = await evaluate(made.compiled, { variables, moment })
  if (!outcome.ok) throw new NoValue(`the expression ${expression} threw an error during evaluation${outcome.reason}`)
  if (outcome.value === undefined) throw new NoValue(`the expression ${expression} leads to nothing in this event`)
  return outcome.value
}

type ReadEvent = { readonly ok: true; readonly event: HookEvent } | Refusal

// The attributes that are text (CloudEvents 1.0.2, section "Context attributes").
const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'] as const
const DEMANDED: readonly string[] = ['id', 'source', 'type']

// RFC 3339, section 5.6.
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

function cloudEventMode(request: HookRequest, contentType: string) {
  if (contentType.startsWith('application/cloudevents-batch')) return 'batch'
  if (contentType.startsWith('application/cloudevents')) return 'structured'
  return headerOf(request, 'ce-specversion') === undefined ? undefined : 'binary'
}

function structuredEvent(body: Json, parse: (text: string) => Json | undefined): ReadEvent {
  if (!isJsonObject(body)) return refused('a CloudEvent is a JSON object')
  const { data, data_base64: encoded } = body
  if (data !== undefined && encoded !== undefined) return refused('a CloudEvent has `data` or `data_base64`')
  if (encoded === undefined) return eventOf(body, data ?? null)
  if (typeof encoded !== 'string') return refused('`data_base64` is a text')
  const decoded = parse(Buffer.from(encoded, 'base64').toString())
  return decoded === undefined ? refused('`data_base64` holds no JSON') : eventOf(body, decoded)
}

function binaryEvent(request: HookRequest, data: Json): ReadEvent {
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

function eventOf(attributes: JsonObject, data: Json): ReadEvent {
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

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [...'"\\,[{'].map((character) => character.charCodeAt(0))

// `application/json`, and whatever else is JSON (RFC 6839, section 3.1).
const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/

/** `id`: its name, where the signature says it. */
export function readEvent(request: HookRequest, id?: string): ReadEvent {
  const contentType = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const mode = cloudEventMode(request, contentType)
  if (mode === 'batch') return refused('several events in one request are not taken')
  if (!JSON_TYPE.test(contentType))
    return refused('its body is no JSON: let the sender send Content-Type: application/json')
  const read = bounded(request.body)
  if (!read.ok) return refused(`its body: ${read.reason}`)
  const body = read.value
  if (mode === undefined) {
    if (!isJsonObject(body)) return refused('its body is no JSON object')
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

function bounded(bytes: Uint8Array): { readonly ok: true; readonly value: Json } | Refusal {
  if (hasTooManyValues(bytes)) return refused(`it has more than ${MOST_VALUES.toLocaleString('en')} values`)
  const read = readJson(bytes, 'event')
  return read.ok ? { ok: true, value: read.value.value } : refused(read.problems[0].message)
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
