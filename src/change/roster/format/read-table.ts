import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { acceptUnless, GENERATED_LIMIT, placesIn, readText, refuse } from '../../../text/source/located.ts'
import type { ConnectionNames, Roster, RosterHost, SourceText, Variable } from '../hosts/roster.ts'

type CsvColumns = Readonly<Record<string, string>>

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

export interface Field {
  readonly text: string
  readonly at: Place
}

export interface Table {
  readonly columns: readonly Field[]
  readonly rows: readonly (readonly Field[])[]
}

/** Reads a table as Python's `csv` does with `skipinitialspace`: fields between commas, quotes around a field that holds commas, quotes or line breaks, a quote in it twice. Lines that are empty or begin with `#` are left out. */
export function readTable({ file, content }: SourceText): ValueOrProblems<Table> {
  const read = readText(content, file, GENERATED_LIMIT)
  if (!read.ok) return read
  const reader = new Records(read.value, placesIn(read.value, file))
  const [columns = [], ...rows] = reader.all()
  return acceptUnless([...reader.problems, ...wrongColumns(columns, file), ...tooLong(columns, rows)], () => ({
    columns,
    rows,
  }))
}

function wrongColumns(columns: readonly Field[], file: string): readonly Problem[] {
  const [only, second] = columns
  if (only === undefined)
    return [fault({ file, line: 1, column: 1 }, 'the table is empty', 'its first line names its columns')]
  if (second === undefined && /[;\t|]/.test(only.text))
    return [fault(only.at, 'the fields of the table are not separated by commas', 'save it with commas')]
  return columns.flatMap(({ text, at }, index) => {
    if (text.trim() === '') return [fault(at, 'a column has no name', 'name it in the first line')]
    const isTwice = columns.findIndex((other) => other.text === text) < index
    return isTwice ? [fault(at, `there are two columns \`${text}\``, 'give each its name')] : []
  })
}

function tooLong(columns: readonly Field[], rows: readonly (readonly Field[])[]): readonly Problem[] {
  return rows.flatMap((row) => {
    const more = row[columns.length]
    if (more === undefined) return []
    const message = `the row has ${row.length} fields, and the table ${columns.length} columns`
    return [fault(more.at, message, 'put a field that holds a comma in quotes')]
  })
}

class Records {
  readonly problems: Problem[] = []
  readonly #text: string
  readonly #place: (offset: number) => Place
  #at = 0

  constructor(text: string, place: (offset: number) => Place) {
    this.#text = text.replaceAll('\r\n', '\n')
    this.#place = text === this.#text ? place : placesIn(this.#text, place(0).file)
  }

  all(): readonly (readonly Field[])[] {
    const records: (readonly Field[])[] = []
    while (this.#at < this.#text.length) {
      if (this.#skips()) continue
      records.push(this.#record())
    }
    return records
  }

  #skips(): boolean {
    const sign = this.#text[this.#at]
    if (sign !== '#' && sign !== '\n') return false
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end + 1
    return true
  }

  #record(): readonly Field[] {
    const fields: Field[] = []
    for (;;) {
      fields.push(this.#field())
      const sign = this.#text[this.#at]
      this.#at += 1
      if (sign !== ',') return fields
    }
  }

  #field(): Field {
    while (this.#text[this.#at] === ' ') this.#at += 1
    const start = this.#at
    if (this.#text[start] === '"') return this.#quoted(start)
    const end = /[,\n]/g
    end.lastIndex = start
    this.#at = end.exec(this.#text)?.index ?? this.#text.length
    return { text: this.#text.slice(start, this.#at), at: this.#place(start) }
  }

  #quoted(start: number): Field {
    const at = this.#place(start)
    const end = this.#closing(start + 1)
    const text = end === undefined ? undefined : this.#text.slice(start + 1, end)
    if (text === undefined) {
      this.problems.push(fault(at, 'the quote is not closed', 'write a quote in a field twice'))
      this.#at = this.#text.length
      return { text: '', at }
    }
    this.#at = start + text.length + 2
    if (this.#at < this.#text.length && !/[,\n]/.test(this.#text[this.#at] ?? '')) {
      this.problems.push(
        fault(this.#place(this.#at), 'there is text behind the quote', 'put the whole field in quotes'),
      )
      const end = this.#text.indexOf('\n', this.#at)
      this.#at = end < 0 ? this.#text.length : end
    }
    return { text: text.replaceAll('""', '"'), at }
  }

  #closing(from: number): number | undefined {
    let at = this.#text.indexOf('"', from)
    while (at >= 0 && this.#text[at + 1] === '"') at = this.#text.indexOf('"', at + 2)
    return at < 0 ? undefined : at
  }
}
