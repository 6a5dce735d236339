import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { HookEvent } from './hook-event.ts'
import { type HookRequest, headerOf } from './hook-request.ts'

/** The attributes of a CloudEvent with its data, or why it is none. */
export type CloudEvent =
  | { readonly ok: true; readonly event: HookEvent }
  | { readonly ok: false; readonly reason: string }

/** The attributes that are text (CloudEvents 1.0.2, section "Context attributes"). Those that it does not have may be there, and mean nothing here. */
const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'] as const
const DEMANDED: readonly string[] = ['id', 'source', 'type']

/** RFC 3339, section 5.6. */
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

/** Whether a request says that its body is a CloudEvent, or several of them (HTTP Protocol Binding 1.0.2, section 3). */
export function cloudEventMode(
  request: HookRequest,
  contentType: string,
): 'structured' | 'binary' | 'batch' | undefined {
  if (contentType.startsWith('application/cloudevents-batch')) return 'batch'
  if (contentType.startsWith('application/cloudevents')) return 'structured'
  return headerOf(request, 'ce-specversion') === undefined ? undefined : 'binary'
}

/** A CloudEvent of which the body is the whole (JSON Event Format 1.0.2). `parse` reads data that is JSON in base64. */
export function structuredEvent(body: Json, parse: (text: string) => Json | undefined): CloudEvent {
  if (!isJsonObject(body)) return refused('a CloudEvent is a JSON object')
  const { data, data_base64: encoded } = body
  if (data !== undefined && encoded !== undefined) return refused('a CloudEvent has `data` or `data_base64`')
  if (encoded === undefined) return eventOf(body, data ?? null)
  if (typeof encoded !== 'string') return refused('`data_base64` is a text')
  const decoded = parse(Buffer.from(encoded, 'base64').toString())
  return decoded === undefined ? refused('`data_base64` holds no JSON') : eventOf(body, decoded)
}

/** A CloudEvent whose attributes are header fields (HTTP Protocol Binding 1.0.2, section 3.1). */
export function binaryEvent(request: HookRequest, data: Json): CloudEvent {
  const named = ['specversion', ...ATTRIBUTES].flatMap((name) => {
    const value = headerOf(request, `ce-${name}`)
    return value === undefined ? [] : [[name, decodedHeader(value)] as const]
  })
  return eventOf(Object.fromEntries(named), data)
}

/** What is no printable ASCII is percent-encoded there (section 3.1.3.2). */
function decodedHeader(value: string): string {
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

/** What is wrong with an attribute; one that is not demanded may be absent, and null says the same (JSON Event Format 1.0.2, section 2.4). */
function attributeFault(name: string, value: Json | undefined): string | undefined {
  if (value === undefined || (value === null && !DEMANDED.includes(name)))
    return DEMANDED.includes(name) ? `the CloudEvent has no \`${name}\`` : undefined
  if (typeof value !== 'string' || value === '') return `\`${name}\` of the CloudEvent is no text`
  return name === 'time' && !TIME.test(value) ? '`time` of the CloudEvent is no time' : undefined
}

function refused(reason: string): CloudEvent {
  return { ok: false, reason }
}
