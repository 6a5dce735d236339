/** A row of a table, by its columns. */
export type Row = Readonly<Record<string, unknown>>

/** What somebody can make of the value of a column, by its type. */
export interface ColumnType {
  altered(value: unknown): unknown
  /** What a value of it is that says nothing. */
  readonly empty: unknown
  /** Other values that are made of one, by what they are called. */
  readonly others?: Readonly<Record<string, (value: unknown) => unknown>>
}

/** A column of a table. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly isNullable: boolean
}

/** A table as it is, with its columns and the rows of an older moment. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The columns that tell its rows apart. */
  readonly key: readonly string[]
  readonly rows: readonly Row[]
  readonly older: readonly Row[]
}

/** One thing that somebody does to a table who has the store and no key: what its rows are then. */
export interface Cell {
  readonly table: string
  /** Undefined: whole rows. */
  readonly column: string | undefined
  readonly what: string
  readonly rows: readonly Row[]
}

/** Every cell of a table: each column altered, emptied, older and swapped; rows out, in, older, all gone. */
export function cellsOf(table: Table): readonly Cell[] {
  const columns = table.columns.flatMap(({ name, type, isNullable }) =>
    [
      ...WHICH.flatMap(([which, isMeant]) => {
        const changed = (to: (value: unknown) => unknown) =>
          table.rows.map((row, index) => (isMeant(index, table.rows.length) ? { ...row, [name]: to(row[name]) } : row))
        return [
          { what: `${which} altered`, rows: changed((value) => type.altered(value)) },
          ...Object.entries(type.others ?? {}).map(([other, to]) => ({ what: `${which} ${other}`, rows: changed(to) })),
          { what: `${which} emptied`, rows: changed(() => type.empty) },
          ...(isNullable ? [{ what: `${which} without it`, rows: changed(() => null) }] : []),
          { what: `${which} older`, rows: asBefore(table, name, isMeant) },
        ]
      }),
      { what: 'swapped between the first that differ', rows: swapped(table.rows, name) },
      { what: 'swapped between the newest that differ', rows: swapped(table.rows.toReversed(), name) },
    ].map((cell) => ({ ...cell, table: table.name, column: name })),
  )
  const rows = [
    ...table.rows.map((_, index) => ({
      what: `row ${index + 1} out`,
      rows: table.rows.filter((__, place) => place !== index),
    })),
    { what: 'a row in', rows: [...table.rows, ...added(table)] },
    { what: 'all rows older', rows: table.older },
    { what: 'all rows gone', rows: [] },
  ].map((cell) => ({ ...cell, table: table.name, column: undefined }))
  const seen = new Set([textOf(table, table.rows)])
  return [...columns, ...rows].filter((cell) => {
    const text = `${cell.column} ${textOf(table, cell.rows)}`
    const isNew = !seen.has(text) && textOf(table, cell.rows) !== textOf(table, table.rows)
    seen.add(text)
    return isNew
  })
}

const WHICH: readonly (readonly [string, (index: number, count: number) => boolean])[] = [
  ['the first', (index) => index === 0],
  ['the newest', (index, count) => index === count - 1],
  ['every one', () => true],
]

/** The rows with the value that a column had in them at the older moment. */
function asBefore({ rows, older, key }: Table, name: string, isMeant: (index: number, count: number) => boolean) {
  const keyOf = (row: Row) => JSON.stringify(key.map((column) => row[column]))
  const before = new Map(older.map((row) => [keyOf(row), row]))
  return rows.map((row, index) => {
    const then = before.get(keyOf(row))
    return then !== undefined && isMeant(index, rows.length) ? { ...row, [name]: then[name] } : row
  })
}

function swapped(rows: readonly Row[], name: string) {
  const [first] = rows
  const other = rows.find((row) => JSON.stringify(row[name]) !== JSON.stringify(first?.[name]))
  if (first === undefined || other === undefined) return rows
  return rows.map((row) =>
    row === first ? { ...row, [name]: other[name] } : row === other ? { ...row, [name]: first[name] } : row,
  )
}

/** The newest row once more, under another key. */
function added({ rows, key, columns }: Table) {
  const newest = rows.at(-1)
  const [first] = key.toReversed()
  const type = columns.find(({ name }) => name === first)?.type
  if (newest === undefined || first === undefined || type === undefined) return []
  return [{ ...newest, [first]: type.altered(newest[first]) }]
}

function textOf({ key }: Table, rows: readonly Row[]) {
  const texts = rows.map((row) => JSON.stringify(row))
  return key.length === 0 ? texts.join() : texts.sort().join()
}
