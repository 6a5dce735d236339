import type { Json } from '../../../model/json.ts'
import type { Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { type Cell, type Csv, readCsv } from '../../../text/source/csv.ts'
import { type LocatedValue, placeOfOffset, type Spot } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { MOST_TABLE_ROWS, type RecordMember, type TableParam } from './schema.ts'

/**
 * Reads the CSV of a table: each row as a record, in which an empty cell is absent, a cell of an `integer` or `boolean` column is what
 * its text says in plain digits, `true` or `false`, and any other is text. What is wrong with the header is said once, at its place.
 */
export function readCsvTable(
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

function filled({ header }: Csv, row: readonly Cell[]): readonly (readonly [string, Cell])[] {
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
