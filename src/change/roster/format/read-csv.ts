import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless, refuse } from '../../../text/source/checked.ts'
import type { ConnectionNames } from '../hosts/connection-names.ts'
import type { SourceText } from '../hosts/part.ts'
import type { Roster, RosterHost, Variable } from '../hosts/roster.ts'
import { type Field, readTable, type Table } from './read-table.ts'

export type CsvColumns = Readonly<Record<string, string>>

export const CSV_CONNECTION: ConnectionNames = { host: 'csv.host', port: 'csv.port', platform: 'csv.platform' }

/** The variables of the tags that columns say: `role` from `tags.role`. */
export function csvTags(columns: CsvColumns): Readonly<Record<string, string>> {
  const tags = Object.entries(columns).filter(([key]) => key.startsWith('tags.'))
  return Object.fromEntries(tags.map(([key, column]) => [key.slice('tags.'.length), column]))
}

/** Reads a table of hosts: each row is one, and its fields that are not empty are its variables under the names of the columns. */
export function readCsv(source: SourceText, columns: CsvColumns): ValueOrProblems<Roster> {
  const table = readTable(source)
  if (!table.ok) return table
  const name = columns.name ?? 'name'
  const named = new Set(table.value.columns.map(({ text }) => text))
  const at = table.value.columns[0]?.at ?? { file: source.file, line: 1, column: 1 }
  const missing = [...new Set([name, ...Object.values(columns)])].filter((column) => !named.has(column))
  const [first, ...others] = missing.map((column) => noColumn(column, named, at))
  if (first !== undefined) return refuse(first, ...others)
  return hostsOf(table.value, name, columns)
}

function noColumn(column: string, named: ReadonlySet<string>, at: Place): Problem {
  const hint = `its columns are: ${[...named].slice(0, 20).join(', ')}`
  return { code: 'inventory-table', message: `the table has no column \`${column}\``, at, hint }
}

function hostsOf({ columns, rows }: Table, name: string, wanted: CsvColumns): ValueOrProblems<Roster> {
  const problems: Problem[] = []
  const hosts = new Map<string, RosterHost>()
  for (const row of rows) {
    const fields = new Map(columns.map(({ text }, index) => [text, row[index]]))
    const own = fields.get(name)
    const at = own?.at ?? row[0]?.at
    if (at === undefined) continue
    const host = hostOf(own?.text.trim() ?? '', fields, wanted, at)
    if (host.name === '') problems.push(fault(at, `the column \`${name}\` is empty`, 'give the switch its name'))
    else if (hosts.has(host.name))
      problems.push(fault(at, `\`${host.name}\` is there twice`, 'give each switch one row'))
    hosts.set(host.name, host)
  }
  return acceptUnless(problems, () => ({ hosts, groups: new Map() }))
}

function hostOf(
  name: string,
  fields: ReadonlyMap<string, Field | undefined>,
  wanted: CsvColumns,
  at: Place,
): RosterHost {
  const written = [...fields].flatMap(([column, field]): [string, Variable][] =>
    field === undefined || field.text === '' ? [] : [[column, { value: field.text, at: field.at }]],
  )
  const facts = ['host', 'port', 'platform'].flatMap((key): [string, Variable][] => {
    const field = fields.get(wanted[key] ?? '')
    const text = field?.text.trim() ?? ''
    if (field === undefined || text === '') return []
    return [[`csv.${key}`, { value: key === 'host' ? text.replace(/\/\d+$/, '') : text, at: field.at }]]
  })
  return { name, at, groups: [], layers: [{ of: `row ${name}`, vars: new Map([...written, ...facts]) }] }
}

function fault(at: Place, message: string, hint: string): Problem {
  return { code: 'inventory-table', message, at, hint }
}
