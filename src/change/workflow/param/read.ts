import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { type Cell, type Csv, readCsv } from '../../../text/source/csv.ts'
import {
  accept,
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  locatedNowhere,
  type Path,
  placeOf,
  placeOfOffset,
  refuse,
  type Spot,
  textPlaceOf,
  writtenAt,
} from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readYaml, readYamlValue } from '../../../text/source/yaml.ts'
import { exampleOf } from './example-of.ts'
import { judgeParam, judgeScalar, type NumberText } from './judge.ts'
import { MOST_TABLE_ROWS, type Param, type RecordMember, type ScalarParam, type TableParam } from './schema.ts'

export type GivenParams = Readonly<Record<string, LocatedValue | string>>

export type DeclaredParam = Param & {
  readonly at: Place
  readonly written?: { readonly default?: LocatedValue; readonly example?: LocatedValue }
}

export interface DeclaredParams {
  readonly name: string
  readonly params: Readonly<Record<string, DeclaredParam>>
}

/** Reads the file of `--params`: a mapping of names to values. */
export function readParamsFile(content: string | Uint8Array, file: string): ValueOrProblems<GivenParams> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const { value } = read
  if (!isJsonObject(value.value)) {
    const hint = 'write one parameter per line: `vlan: 120`'
    return refuse({
      code: 'wrong-type',
      message: 'the file must be a mapping of parameters to values',
      at: placeOf(value),
      hint,
    })
  }
  const entries = Object.keys(value.value).map((name) => [name, locatedAt(value, [name]) ?? value] as const)
  return accept(Object.fromEntries(entries))
}

export function readParams(workflow: DeclaredParams, given: GivenParams): ValueOrProblems<JsonObject> {
  const problems: Problem[] = []
  const values: [string, Json][] = []
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(workflow.params, name)) problems.push(unknown(name, value, workflow))
  }
  for (const [name, param] of Object.entries(workflow.params)) {
    const read = readParam(name, param, Object.hasOwn(given, name) ? given[name] : undefined)
    if (!read.ok) problems.push(...read.problems)
    else values.push([name, read.value])
  }
  return acceptUnless(problems, () => Object.fromEntries(values))
}

export function readParam(
  name: string,
  param: DeclaredParam,
  given: LocatedValue | string | undefined,
): ValueOrProblems<Json> {
  if (given === undefined) {
    return param.default === undefined ? refuse(missing(name, param)) : readOwn(name, param, 'default')
  }
  if (typeof given !== 'string') return judgedAt(name, param, given)
  const typed = typedText(given, param, `-p ${name}`)
  return typed.ok ? judgedAt(name, param, typed.value) : typed
}

/** What a parameter itself says of its value, judged like a given one and as it is written: `010` is not 10. */
export function readOwn(name: string, param: DeclaredParam, own: 'default' | 'example'): ValueOrProblems<Json> {
  const located = param.written?.[own]
  if (located !== undefined) return judgedAt(name, param, located)
  const value = param[own] as Json
  return judged(
    name,
    param,
    value,
    () => param.at,
    () => undefined,
  )
}

function judgedAt(name: string, param: Param, given: LocatedValue) {
  const written: NumberText = (path) => writtenAt(given, path)
  return judged(name, param, given.value, (path) => placeOf(given, path), written)
}

function judged(name: string, param: Param, value: Json, place: (path: Path) => Place, written: NumberText) {
  const judgement = judgeParam(param, value, written)
  if (judgement.ok) return accept(judgement.value)
  const [first, ...rest] = judgement.misfits.map(({ path, message, hint, fitting }): Problem => {
    const at = place(path)
    const isTyped = fitting !== undefined && path.length === 0 && at.file === `-p ${name}`
    return {
      code: 'bad-parameter',
      message: `the parameter \`${name}${pathText(path)}\`: ${message}`,
      at,
      hint: isTyped ? `for example ${flagOf(name, fitting)}` : hint,
    }
  })
  return first === undefined ? accept(value) : refuse(first, ...rest)
}

function pathText(path: Path) {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
}

// On the command line a text needs no second pair of quotes: `-p label=120` is text where text is asked for.
function typedText(text: string, param: Param, file: string): ValueOrProblems<LocatedValue> {
  if (isGivenByFile(param) && text.startsWith('@')) return refuse(noFileHere(text, file))
  if (isReadAsYaml(text, param)) return readYamlValue(text, file)
  return param.type === 'table' ? readCsvTable(text, file, param) : accept(locatedNowhere(text, file))
}

export function isReadAsYaml(text: string, { type }: Pick<Param, 'type'>): boolean {
  if (type === 'table') return /^\s*(?:$|\[|-\s)/.test(text)
  return ['integer', 'boolean', 'list', 'object'].includes(type) || /^(["']).*\1$/s.test(text)
}

function noFileHere(text: string, file: string) {
  const message = `\`${text.slice(0, 100)}\`: a file is named on a command line alone`
  return problemOf(file, 'bad-parameter', message, 'give the value itself; a table as JSON or CSV')
}

export function readParamFile(content: string | Uint8Array, file: string, param: Param): ValueOrProblems<LocatedValue> {
  if (param.type === 'table' && !/\.(?:ya?ml|json)$/i.test(file)) return readCsvTable(content, file, param)
  return readYaml(content, file)
}

export function isGivenByFile({ type }: Pick<Param, 'type'>): boolean {
  return type === 'table' || type === 'object'
}

function unknown(name: string, value: LocatedValue | string, workflow: DeclaredParams): Problem {
  const at = typeof value === 'string' ? { file: `-p ${name}`, line: 1, column: 1 } : keyPlaceOf(value)
  const known = Object.keys(workflow.params)
  const hint = known.length === 0 ? 'this workflow has no parameters' : didYouMean(name, known)
  return { code: 'unknown-parameter', message: `the workflow ${workflow.name} has no parameter \`${name}\``, at, hint }
}

function missing(name: string, param: DeclaredParam): Problem {
  const what = param.description === undefined ? '' : ` (${param.description})`
  return {
    code: 'missing-parameter',
    message: `the parameter \`${name}\`${what} is not given`,
    at: param.at,
    hint: `give it: ${flagOf(name, exampleOf(param))}`,
  }
}

function flagOf(name: string, value: string) {
  const pair = `${name}=${value}`
  return `-p ${/^[\w@%+=:,./-]+$/.test(pair) ? pair : `'${pair.replaceAll("'", "'\\''")}'`}`
}

function readCsvTable(
  content: string | Uint8Array,
  file: string,
  { columns }: Pick<TableParam, 'columns'>,
): ValueOrProblems<LocatedValue> {
  const read = readCsv(content, file, MOST_TABLE_ROWS)
  if (!read.ok) return read
  const csv = read.value
  return acceptUnless(headerProblems(csv, columns), () => ({
    file,
    lineStarts: csv.lineStarts,
    value: csv.rows.map((row) =>
      Object.fromEntries(filled(csv, row).map(([name, cell]) => [name, cellValue(columns[name], cell)])),
    ),
    spot: {
      value: 0,
      members: new Map(csv.rows.map((row, index) => [String(index), rowSpot(csv, row)])),
    },
  }))
}

function headerProblems({ file, lineStarts, header }: Csv, columns: TableParam['columns']): readonly Problem[] {
  const names = Object.keys(columns)
  const there = new Set(header.map(({ text }) => text))
  const at = (offset: number) => placeOfOffset({ file, lineStarts }, offset)
  const unknown = header.filter(({ text }) => !Object.hasOwn(columns, text))
  const missing = Object.entries(columns).flatMap(([name, { optional, default: value }]) =>
    there.has(name) || optional === true || value !== undefined ? [] : [name],
  )
  return [
    ...unknown.map(
      ({ text, offset }): Problem => ({
        code: 'unknown-column',
        message: `the table has no column \`${text.slice(0, 100)}\``,
        at: at(offset),
        hint: didYouMean(text, names),
      }),
    ),
    ...missing.map(
      (name): Problem => ({
        code: 'missing-column',
        message: `the column \`${name}\` is not there`,
        at: at(0),
        hint: `the header names the columns: ${names.join(',')}`,
      }),
    ),
  ]
}

function filled({ header }: Csv, row: readonly Cell[]) {
  return row.flatMap((cell, index) => (cell.text === '' ? [] : [[header[index]?.text ?? '', cell] as const]))
}

function rowSpot(csv: Csv, row: readonly Cell[]): Spot {
  const cells = filled(csv, row).map(([name, { offset }]) => [name, { value: offset, members: new Map() }] as const)
  return { value: row[0]?.offset ?? 0, members: new Map(cells) }
}

function cellValue(column: RecordMember | undefined, { text }: Cell): Json {
  if (column?.type === 'integer' && /^(?:0|-?[1-9]\d{0,15})$/.test(text)) return Number(text)
  if (column?.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** `written` is the declaration as its file has it. */
export function declarationProblems(name: string, param: Param, written: LocatedValue): readonly Problem[] {
  switch (param.type) {
    case 'list': {
      const { minItems, maxItems, items } = param
      return [
        ...crossed(name, { minItems, maxItems }, written, []),
        ...scalarProblems(`${name}[]`, items, written, ['items']),
      ]
    }
    case 'table': {
      const { minRows, maxRows = MOST_TABLE_ROWS, columns } = param
      return [
        ...crossed(name, { minRows, maxRows }, written, []),
        ...memberProblems(`${name}[]`, columns, written, 'columns'),
        ...keyProblems(name, param, written),
      ]
    }
    case 'object':
      return memberProblems(name, param.properties ?? {}, written, 'properties')
    default:
      return scalarProblems(name, param, written, [])
  }
}

function memberProblems(
  name: string,
  members: Readonly<Record<string, RecordMember>>,
  written: LocatedValue,
  under: 'columns' | 'properties',
): readonly Problem[] {
  return Object.entries(members).flatMap(([key, member]) => {
    const called = `${name}.${key}`
    const declared = scalarProblems(called, member, written, [under, key])
    return declared.length > 0 ? declared : ownValueProblems(called, member, written, [under, key])
  })
}

function ownValueProblems(called: string, member: RecordMember, written: LocatedValue, path: Path): readonly Problem[] {
  return (['default', 'example'] as const).flatMap((own): Problem[] => {
    const value = member[own]
    if (value === undefined) return []
    const judged = judgeScalar(member, value, writtenAt(written, [...path, own]))
    if (judged.ok) return []
    const [{ message, hint }] = judged.misfits
    const at = placeOf(written, [...path, own])
    return [{ code: 'bad-parameter', message: `the parameter \`${called}\`: ${message} (its \`${own}\`)`, at, hint }]
  })
}

function keyProblems(name: string, { key = [], columns }: TableParam, written: LocatedValue): readonly Problem[] {
  return [key].flat().flatMap((column, index): Problem[] => {
    const at = placeOf(written, typeof key === 'string' ? ['key'] : ['key', index])
    const found = Object.hasOwn(columns, column) ? columns[column] : undefined
    if (found === undefined) {
      const hint = didYouMean(column, Object.keys(columns))
      return [{ code: 'unknown-column', message: `the key of \`${name}\` names no column: \`${column}\``, at, hint }]
    }
    if (found.optional !== true) return []
    const hint = 'delete `optional`, or take the column out of the key'
    return [{ code: 'optional-key', message: `the key of \`${name}\` may be absent: \`${column}\``, at, hint }]
  })
}

function scalarProblems(name: string, param: ScalarParam, written: LocatedValue, path: Path): readonly Problem[] {
  if (param.type === 'integer') {
    return crossed(name, { minimum: param.minimum, maximum: param.maximum }, written, path)
  }
  if (param.type !== 'string') return []
  return [...patternProblems(name, param.pattern, written, path), ...longChoices(name, param, written, path)]
}

type Bounds = Readonly<Record<string, number | undefined>>

function crossed(name: string, bounds: Bounds, written: LocatedValue, path: Path): readonly Problem[] {
  const [[lowKey, low] = ['', undefined], [highKey, high] = ['', undefined]] = Object.entries(bounds)
  if (low === undefined || high === undefined || low <= high) return []
  return [
    {
      code: 'no-value-fits',
      message: `no value fits \`${name}\`: its \`${lowKey}\` ${low} is above its \`${highKey}\` ${high}`,
      at: placeOf(written, [...path, lowKey]),
      hint: `swap them, or write a \`${highKey}\` of ${low} or more`,
    },
  ]
}

function longChoices(
  name: string,
  { enum: choices = [], maxLength = Number.POSITIVE_INFINITY }: Extract<ScalarParam, { type: 'string' }>,
  written: LocatedValue,
  path: Path,
): readonly Problem[] {
  return choices.flatMap((choice, index) =>
    choice.length <= maxLength
      ? []
      : [
          {
            code: 'no-value-fits',
            message: `nobody can choose \`${choice}\` for \`${name}\`: it is longer than its \`maxLength\` ${maxLength}`,
            at: textPlaceOf(written, [...path, 'enum', index]),
            hint: `shorten it, or write a \`maxLength\` of ${choice.length} or more`,
          },
        ],
  )
}

function patternProblems(
  name: string,
  pattern: string | undefined,
  written: LocatedValue,
  path: Path,
): readonly Problem[] {
  if (pattern === undefined) return []
  try {
    new RegExp(`^(?:${pattern})$`)
    return []
  } catch {
    const at = textPlaceOf(locatedAt(written, [...path, 'pattern']) ?? written)
    const hint = 'see brackets and backslashes; in single quotes YAML leaves them as they are'
    return [{ code: 'bad-pattern', message: `the pattern of \`${name}\` is not a regular expression`, at, hint }]
  }
}
