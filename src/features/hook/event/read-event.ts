import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../model/canonical-json.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { readJson } from '../../../text/source/json.ts'
import { binaryEvent, cloudEventMode, structuredEvent } from './cloud-event.ts'
import type { HookEvent } from './hook-event.ts'
import { type HookRequest, headerOf } from './hook-request.ts'

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [...'"\\,[{'].map((character) => character.charCodeAt(0))

/** An event, or why the body holds none. */
export type ReadEvent =
  | { readonly ok: true; readonly event: HookEvent }
  | { readonly ok: false; readonly reason: string }

/** `application/json`, and whatever else is JSON (RFC 6839, section 3.1). */
const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/

/** Reads the event of a verified request. `id`: its name, where the signature says it. */
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

function parsed(text: string): Json | undefined {
  const read = bounded(Buffer.from(text))
  return read.ok ? read.value : undefined
}

/**
 * So many values may an event have: it is read on the thread of the engine, where so many take at most some 20 ms, as an expression that looks at
 * each of them does. A push of a hundred commits has some 2,000.
 */
const MOST_VALUES = 8_000

/** Whether a body has more values than an event may have; what has is not read. */
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

/** What GitHub and GitLab call the kind of an event. */
function kindOf(request: HookRequest): Pick<HookEvent, 'type'> {
  const type = headerOf(request, 'x-github-event') ?? headerOf(request, 'x-gitlab-event')
  return type === undefined ? {} : { type }
}

/** The name of an event where its signature does not say it: what its sender calls it, what an alert is about, else the whole of it. */
function ownId(request: HookRequest, body: Json): string {
  const named = headerOf(request, 'idempotency-key') ?? headerOf(request, 'x-gitlab-event-uuid')
  return named ?? alertId(body) ?? createHash('sha256').update(request.body).digest('hex')
}

/**
 * Alertmanager gives its notifications no id (prometheus.io, "webhook_config"): it is the group, whether it fires, and each of its alerts with the
 * instant at which it began. The same notification that it sends again by `repeat_interval` is the same event; an alert that joins the group or
 * leaves it makes another.
 */
function alertId(body: Json): string | undefined {
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

/** An instant whatever its offset, to the nanosecond (RFC 3339): a time that is none is its text. */
function instantOf(text: string): string {
  const milliseconds = Date.parse(text)
  const finer = /\.\d{3}(\d+)/.exec(text)?.[1]?.replace(/0+$/, '') ?? ''
  return Number.isNaN(milliseconds) ? text : `${milliseconds}.${finer}`
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex')
}

/** An id is part of the key of an execution, so one that is long or not printable is its digest. */
function idOf(text: string): string {
  return /^[\x21-\x7e]{1,150}$/.test(text) ? text : createHash('sha256').update(text).digest('hex')
}

/** How many values JSON text holds at most: one more than it has commas and opening brackets outside of its texts. What is no JSON has a number, too. */
function valueCount(json: Uint8Array): number {
  let [count, isText] = [1, false]
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === QUOTE) isText = !isText
    else if (isText) at += byte === BACKSLASH ? 1 : 0
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1
  }
  return count
}
