import type { ParameterSchema, ParametersSchema } from '../../change/workflow/param/json-schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { csvText } from '../../text/source/csv.ts'
import { present } from '../text/text.ts'
import { actForm, address, attributes, choice, field, html, type PageContent, prose } from './html.ts'

interface PlanForm {
  readonly csrf: string
  readonly file: string
  readonly name: string
  readonly description?: string | undefined
  readonly schema: ParametersSchema
  readonly targets: string
  readonly key: string
  readonly given?: Readonly<Record<string, string>> | undefined
  // Why, by the name of the parameter; `''` is about no single one.
  readonly problems?: Readonly<Record<string, string>> | undefined
  // Why the viewer may not plan with it; absent where they may.
  readonly because?: string | undefined
}

export function planFormPage(data: PlanForm): PageContent {
  const { name, description, file, schema, csrf, key, problems = {}, because } = data
  const general = problems['']
  const body = html`<div class="narrow">
    <p class="small"><a href="${address.workflows}">Workflows</a></p>
    <h1>Plan ${name}</h1>
    <p class="lede">${description !== undefined && `${description}. `}<span class="mono faint">${file}</span></p>
    ${general !== undefined && html`<p class="notice bad" role="alert">${general}</p>`}
    ${
      because === undefined
        ? actForm(
            { action: address.workflow(file), csrf, label: `Plan ${name}` },
            html`<input type="hidden" name="key" value="${key}">
            <div class="card pad">${Object.entries(schema.properties).map(([param, one]) => parameterField(param, one, data))}${targetsField(data)}</div>
            <div class="row acts-below"><button class="btn pri" type="submit">Make the plan</button>
            <p class="muted small">Reads the switches and computes the change. Nothing is changed before somebody approves it.</p></div>`,
          )
        : html`<p class="notice idle">${prose(because)}</p>`
    }
    </div>`
  return { title: `Plan ${name}`, current: 'workflows', body }
}

function parameterField(param: string, schema: ParameterSchema, { schema: all, given, problems }: PlanForm) {
  const name = fieldName(param)
  const id = `p-${param}`
  const isNeeded = all.required?.includes(param) === true
  const value = given?.[name] ?? (given === undefined ? fieldText(schema.default) : '')
  return field({
    id,
    label: isNeeded ? param : `${param} (optional)`,
    hint: hintOf(schema),
    problem: problems?.[param],
    control: (about) => control({ id, name, value, isNeeded }, schema, about),
  })
}

interface Field {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly isNeeded: boolean
}

function control({ id, name, value, isNeeded }: Field, schema: ParameterSchema, about: Record<string, string>) {
  const common = { id, name, required: isNeeded, ...about }
  if (schema.enum !== undefined) {
    const none = isNeeded && value !== '' ? [] : [['', isNeeded ? 'choose' : 'as the workflow says'] as const]
    return choice({ id, name, chosen: value }, [...none, ...schema.enum.map((one) => [one, one] as const)])
  }
  if (schema.type === 'boolean') {
    return choice({ id, name, chosen: value === '' ? 'false' : value }, [
      ['true', 'yes'],
      ['false', 'no'],
    ])
  }
  if (schema.type === 'array' || schema.type === 'object') {
    const rows = Math.min(8, Math.max(3, value.split('\n').length + 1))
    return html`<textarea ${attributes({ ...common, rows, spellcheck: 'false' })}>${'\n'}${value}</textarea>`
  }
  if (schema.type === 'integer') {
    const { minimum: min, maximum: max } = schema
    return html`<input ${attributes({ ...common, type: 'number', inputmode: 'numeric', min, max, step: 1, value })}>`
  }
  const { maxLength: maxlength } = schema
  const pattern = browserPattern(schema)
  return html`<input ${attributes({ ...common, type: 'text', pattern, maxlength, value, spellcheck: 'false', autocomplete: 'off' })}>`
}

function hintOf(schema: ParameterSchema) {
  const { description, minimum, maximum, type, items, examples, minItems, maxItems } = schema
  const pattern = writtenPattern(schema)
  const parts = present(
    description,
    (minimum !== undefined || maximum !== undefined) && range(minimum, maximum),
    pattern !== undefined && `matches ${pattern}`,
    isTable(schema) ? tableHint(schema) : type === 'array' ? ['one on each line'] : [],
    type === 'object' && recordHint(schema),
    (minItems !== undefined || maxItems !== undefined) && `${range(minItems, maxItems)} of them`,
    type === 'array' && items !== undefined && !isTable(schema) && [hintOf(items) ?? ''].filter((text) => text !== ''),
    examples?.[0] !== undefined && `for example ${fieldText(examples[0]).replaceAll('\n', ', ')}`,
  )
  return parts.length === 0 ? undefined : parts.join(' · ')
}

function tableHint({ items }: ParameterSchema) {
  return `CSV with a header row, or a list of JSON; columns: ${membersOf(items ?? {})}`
}

function recordHint(schema: ParameterSchema) {
  return schema.properties === undefined ? 'JSON or YAML' : `JSON or YAML with ${membersOf(schema)}`
}

function membersOf({ properties = {}, required = [] }: ParameterSchema) {
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? name : `(${name})`))
    .join(', ')
}

function range(minimum: number | undefined, maximum: number | undefined) {
  if (minimum === undefined) return `at most ${maximum}`
  return maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`
}

function targetsField({ targets, given }: PlanForm) {
  return field({
    id: 'targets',
    label: 'Switches (optional)',
    hint: `names or tags, as eosflow plan --target takes them; without it ${targets}`,
    control: (about) =>
      html`<input ${attributes({ id: 'targets', name: 'targets', type: 'text', value: given?.targets ?? '', placeholder: targets, spellcheck: 'false', autocomplete: 'off', ...about })}>`,
  })
}

export function fieldName(parameter: string): string {
  return `params.${parameter}`
}

function isTable({ type, items }: ParameterSchema) {
  return type === 'array' && items?.type === 'object'
}

export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (isRecords(value)) return tableText(value)
  if (Array.isArray(value)) return value.map(fieldText).join('\n')
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

function writtenPattern({ pattern }: ParameterSchema) {
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
