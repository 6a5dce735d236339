import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const ROOT = fileURLToPath(new URL('../../fixtures/otlp/', import.meta.url))

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
export function faultsOf(signal: Signal, text: string): readonly string[] {
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

function isScalar({ name, type }: protobuf.Field, value: unknown): boolean {
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

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
