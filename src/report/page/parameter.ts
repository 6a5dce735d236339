import type { ParameterSchema, ParametersSchema } from '../../change/workflow/param/json-schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { csvText } from '../../text/source/csv.ts'

export function fieldName(parameter: string): string {
  return `params.${parameter}`
}

export function isTable({ type, items }: ParameterSchema): boolean {
  return type === 'array' && items?.type === 'object'
}

export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (isRecords(value)) return tableText(value)
  if (Array.isArray(value)) return value.map((item) => fieldText(item)).join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isRecords(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject)
}

function tableText(rows: readonly JsonObject[]) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return csvText(
    columns,
    rows.map((row) => columns.map((column) => fieldText(row[column]))),
  )
}

/** An empty field gives none, so that the default counts; numbers are read, and what is no number stays text, which the workflow's own judgement of its parameters refuses by name. */
export function givenParams({ properties }: ParametersSchema, form: Readonly<Record<string, string>>): JsonObject {
  const given = Object.entries(properties).flatMap(([name, schema]): [string, Json][] => {
    const text = form[fieldName(name)]
    if (schema.type === 'boolean') return text === undefined ? [] : [[name, text === 'true']]
    if (text === undefined || text.trim() === '') return []
    if (isTable(schema) || schema.type === 'object') return [[name, text.trim()]]
    if (schema.type !== 'array') return [[name, readValue(schema, text)]]
    const items = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    return [[name, items.map((item) => readValue(schema.items ?? {}, item))]]
  })
  return Object.fromEntries(given)
}

function readValue({ type }: ParameterSchema, text: string): Json {
  const trimmed = text.trim()
  if (type === 'boolean') return trimmed === 'true'
  if (type === 'integer' && /^-?\d{1,15}$/.test(trimmed)) return Number(trimmed)
  return type === 'string' ? text : trimmed
}

export function writtenPattern({ pattern }: ParameterSchema): string | undefined {
  return pattern === undefined ? undefined : (/^\^\(\?:(.*)\)\$$/s.exec(pattern)?.[1] ?? pattern)
}

/** A pattern that a browser takes: its form reads it with the flag `v` (WHATWG HTML 4.10.5.3.6); undefined for one it would refuse. */
export function browserPattern(schema: ParameterSchema): string | undefined {
  const pattern = writtenPattern(schema)
  if (pattern === undefined) return undefined
  // A hyphen at the end of a class is a hyphen without the flag, and a fault with it.
  return [pattern, pattern.replaceAll('-]', '\\-]')].find(compiles)
}

function compiles(pattern: string) {
  try {
    new RegExp(pattern, 'v')
    return true
  } catch {
    return false
  }
}
