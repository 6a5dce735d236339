import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { onTestFinished } from 'vitest'
import type { SpanEnd, SpanStart, Spans } from '../../../../src/project/app/trace/spans.ts'
import { openService, type Service } from '../../../lab/service.ts'

const ROOT = fileURLToPath(new URL('../../../fixtures/otlp/', import.meta.url))

/** The messages that OTLP over HTTP takes, by the file and the name that OpenTelemetry has published them under. */
const REQUESTS = {
  traces: ['trace', 'ExportTraceServiceRequest'],
  logs: ['logs', 'ExportLogsServiceRequest'],
} as const

/** What a receiver takes. */
export type Signal = keyof typeof REQUESTS

const loaded = new Map<Signal, protobuf.Type>()

function requestType(signal: Signal): protobuf.Type {
  const known = loaded.get(signal)
  if (known !== undefined) return known
  const [folder, name] = REQUESTS[signal]
  const root = new protobuf.Root()
  root.resolvePath = (_, target) => ROOT + target
  root.loadSync(`opentelemetry/proto/collector/${folder}/v1/${folder}_service.proto`)
  const type = root.lookupType(`opentelemetry.proto.collector.${folder}.v1.${name}`)
  root.resolveAll()
  loaded.set(signal, type)
  return type
}

/** What a message of OTLP in JSON must not hold, by the .proto files: one line for each fault, with where it is. */
export function faultsOf(signal: Signal, text: string) {
  return messageFaults(requestType(signal), JSON.parse(text) as unknown, '$')
}

/** How many members of a message were looked at. */
export function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value)
  return (Array.isArray(value) ? 0 : members.length) + members.reduce((sum: number, one) => sum + membersIn(one), 0)
}

function messageFaults(type: protobuf.Type, value: unknown, at: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: ${type.name} is an object`]
  const once = type.oneofsArray.flatMap(({ name, fieldsArray }) => {
    const given = fieldsArray.filter((field) => field.name in value || camel(field.name) in value)
    return given.length > 1 ? [`${at}: ${name} is one of ${given.map((field) => field.name).join(' and ')}`] : []
  })
  const members = Object.entries(value).flatMap(([name, member]) => {
    const field = type.fieldsArray.find((one) => camel(one.name) === name)
    return field === undefined
      ? [`${at}.${name}: ${type.name} has no such field`]
      : fieldFaults(field, member, `${at}.${name}`)
  })
  return [...once, ...members]
}

function fieldFaults(field: protobuf.Field, value: unknown, at: string): readonly string[] {
  if (!field.repeated) return valueFaults(field, value, at)
  if (!Array.isArray(value)) return [`${at}: is a list`]
  return value.flatMap((one, index) => valueFaults(field, one, `${at}[${index}]`))
}

function valueFaults(field: protobuf.Field, value: unknown, at: string): readonly string[] {
  const { resolvedType } = field
  if (resolvedType instanceof protobuf.Type) return messageFaults(resolvedType, value, at)
  // Numbers alone, not their names (OTLP specification, JSON Protobuf Encoding).
  if (resolvedType instanceof protobuf.Enum)
    return typeof value === 'number' && value in resolvedType.valuesById
      ? []
      : [`${at}: no number of ${resolvedType.name}`]
  return isScalar(field, value) ? [] : [`${at}: ${JSON.stringify(value)} is no ${field.type}`]
}

/** The bytes that are written in hex and not in base64, by their lengths (OTLP specification, JSON Protobuf Encoding). */
const IDS: Readonly<Record<string, RegExp>> = {
  trace_id: /^[0-9a-fA-F]{32}$/,
  span_id: /^[0-9a-fA-F]{16}$/,
  parent_span_id: /^([0-9a-fA-F]{16})?$/,
}

function isScalar({ name, type }: protobuf.Field, value: unknown) {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'bytes':
      return typeof value === 'string' && (IDS[snake(name)] ?? /^[A-Za-z0-9+/]*={0,2}$/).test(value)
    case 'double':
      return typeof value === 'number'
    case 'int64':
    case 'fixed64':
    case 'uint64':
      return /^-?\d+$/.test(String(value)) && (type === 'int64' || !String(value).startsWith('-'))
    default:
      return Number.isInteger(value) && (type === 'int32' || Number(value) >= 0)
  }
}

const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A span as it is sent, with plain attributes. */
export interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code?: number; readonly message?: string }
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly at: Readonly<Record<string, string | number>>
}

/** A collector on this machine. */
export interface OtlpReceiver {
  readonly endpoint: string
  /** Every body that came. */
  readonly bodies: readonly string[]
  /** What the .proto files do not know in them. */
  readonly faults: readonly string[]
  /** The attributes of the resource of the newest traces. */
  readonly resource: Readonly<Record<string, string | number>>
  /** All spans, in order of their beginning. */
  spans(): readonly SentSpan[]
}

/** Starts such a collector, which ends with the test. */
export async function otlpReceiver() {
  const receiver = await startOtlpReceiver()
  onTestFinished(() => receiver.close())
  return receiver
}

/** Starts a collector that takes OTLP over HTTP in JSON, and refuses what the .proto files of OpenTelemetry do not know. */
export async function startOtlpReceiver(): Promise<OtlpReceiver & Pick<Service, 'close'>> {
  const bodies: string[] = []
  const faults: string[] = []
  const { origin: endpoint, close } = await openService((_request, response, { target, body }) => {
    const signal = /^\/v1\/(traces|logs)$/.exec(target)?.[1] as Signal | undefined
    const found = signal === undefined ? [`${target}: nothing is taken here`] : faultsOf(signal, body)
    bodies.push(body)
    faults.push(...found)
    response.writeHead(found.length === 0 ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
  })
  return {
    close,
    endpoint,
    bodies,
    faults,
    get resource() {
      return plain(requestsIn(bodies).at(-1)?.resource.attributes ?? [])
    },
    spans: () => spansIn(bodies),
  }
}

/** The spans of bodies that were taken, in order of their beginning. */
function spansIn(bodies: readonly string[]) {
  return requestsIn(bodies)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => ({ ...span, at: plain(span.attributes) }))
    .toSorted((one, other) => Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano)))
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string }
}

interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Attribute[] }
  readonly scopeSpans: readonly {
    readonly spans: readonly (SentSpan & { readonly attributes: readonly Attribute[] })[]
  }[]
}

function requestsIn(bodies: readonly string[]) {
  return bodies.flatMap(
    (body) => (JSON.parse(body) as { readonly resourceSpans?: readonly ResourceSpans[] }).resourceSpans ?? [],
  )
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)] as const),
  )
}

/** A span as a test sees it. */
export interface SeenSpan extends SpanStart {
  readonly spanId: string
  ended?: SpanEnd
}

/** Spans that are kept: the first has the id 1, and each next one counts on. A trace that nobody has begun is all `a`. */
export function seenSpans(): { readonly spans: Spans; readonly seen: readonly SeenSpan[]; closed(): number } {
  const seen: SeenSpan[] = []
  let closed = 0
  const spans: Spans = {
    open: (start) => {
      const one: SeenSpan = { ...start, spanId: String(seen.length + 1).padStart(16, '0') }
      seen.push(one)
      return {
        context: { traceId: start.parent?.traceId ?? 'a'.repeat(32), spanId: one.spanId, isSampled: true },
        end: (end) => {
          if (one.ended !== undefined) throw new Error(`${one.name} has ended before`)
          one.ended = end
        },
      }
    },
    close: async () => {
      closed += 1
    },
  }
  return { spans, seen, closed: () => closed }
}

/** What was seen as lines: each span below the one that it is a part of, with what it has ended with. */
export function treeOf(seen: readonly SeenSpan[]) {
  const below = (parent: SeenSpan | undefined, depth: number): readonly string[] =>
    seen
      .filter((one) =>
        parent === undefined
          ? !seen.some(({ spanId }) => spanId === one.parent?.spanId)
          : one.parent?.spanId === parent.spanId,
      )
      .flatMap((one) => [`${'  '.repeat(depth)}${lineOf(one, seen)}`, ...below(one, depth + 1)])
  return below(undefined, 0)
}

function lineOf({ name, link, ended }: SeenSpan, seen: readonly SeenSpan[]) {
  const from =
    link === undefined
      ? ''
      : ` <- ${seen.find(({ spanId }) => spanId === link.spanId)?.ended?.attributes?.['eosflow.result']}`
  if (ended === undefined) return `${name}${from} (open)`
  const { attributes = {}, error } = ended
  const words = [attributes['eosflow.result'], attributes['eosflow.outcome'], attributes['eosflow.switch'], error]
  return `${name}${from}: ${words.filter((word) => word !== undefined).join(' ')}`
}
