import Database from 'better-sqlite3'

/** A row of a table, by its columns. */
export type Row = Readonly<Record<string, unknown>>

/** A table as it is, with its columns and the rows of an older moment. */
export interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isNullable: boolean }[]
  /** The columns that tell its rows apart. */
  readonly key: readonly string[]
  readonly rows: readonly Row[]
  readonly older: readonly Row[]
}

/** One thing that somebody does to a table who has the file and no key: what its rows are then. */
export interface Cell {
  readonly table: string
  /** Undefined: whole rows. */
  readonly column: string | undefined
  readonly what: string
  readonly rows: readonly Row[]
}

/** The tables of a store, with the rows that a copy of an older moment has. */
export function tablesIn(path: string, older: string): readonly Table[] {
  const [now, then] = [new Database(path, { readonly: true }), new Database(older, { readonly: true })]
  try {
    const names = now
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
    return names.map((name) => {
      const info = now.pragma(`table_xinfo(${name})`) as readonly {
        name: string
        type: string
        notnull: number
        pk: number
      }[]
      const key = info.filter(({ pk }) => pk > 0).map((column) => column.name)
      const all = `SELECT * FROM ${name} ORDER BY ${key.join(', ')}`
      return {
        name,
        columns: info.map((column) => ({
          name: column.name,
          type: column.type,
          isNullable: column.notnull + column.pk === 0,
        })),
        key,
        rows: now.prepare<[], Row>(all).all(),
        older: then.prepare<[], Row>(all).all(),
      }
    })
  } finally {
    now.close()
    then.close()
  }
}

/** Every cell of a table: each column altered, emptied, older and swapped; rows out, in, older, all gone. */
export function cellsOf(table: Table): readonly Cell[] {
  const columns = table.columns.flatMap(({ name, type, isNullable }) =>
    [
      ...WHICH.flatMap(([which, isMeant]) => {
        const changed = (to: (value: unknown) => unknown): readonly Row[] =>
          table.rows.map((row, index) => (isMeant(index, table.rows.length) ? { ...row, [name]: to(row[name]) } : row))
        return [
          { what: `${which} altered`, rows: changed((value) => altered(value, type)) },
          ...(type === 'INTEGER'
            ? [{ what: `${which} below zero`, rows: changed((value) => -1 - Number(value)) }]
            : []),
          { what: `${which} emptied`, rows: changed(() => EMPTY[type]) },
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

/** Does to a file what cells say, past all triggers and checks. False where SQLite itself has no place for such rows. */
export function tamper(path: string, cells: readonly Pick<Cell, 'table' | 'rows'>[]): boolean {
  const database = new Database(path)
  try {
    database.pragma('ignore_check_constraints = ON')
    const triggers = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
    for (const trigger of triggers) database.exec(`DROP TRIGGER ${trigger}`)
    database.transaction(() => {
      for (const cell of cells) replace(database, cell)
    })()
    return true
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_CONSTRAINT')) return false
    throw thrown
  } finally {
    database.close()
  }
}

function replace(database: Database.Database, { table, rows }: Pick<Cell, 'table' | 'rows'>): void {
  database.exec(`DELETE FROM ${table}`)
  for (const row of rows) {
    const names = Object.keys(row)
    const text = `INSERT INTO ${table}(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
    database.prepare(text).run(...Object.values(row))
  }
}

const WHICH: readonly (readonly [string, (index: number, count: number) => boolean])[] = [
  ['the first', (index) => index === 0],
  ['the newest', (index, count) => index === count - 1],
  ['every one', () => true],
]

const EMPTY: Readonly<Record<string, unknown>> = { TEXT: '', INTEGER: 0, BLOB: Buffer.alloc(32) }

function altered(value: unknown, type: string): unknown {
  if (typeof value === 'string') return `${value}x`
  if (typeof value === 'number') return value + 1
  if (Buffer.isBuffer(value)) return Buffer.concat([value.subarray(0, -1), Buffer.from([(value.at(-1) ?? 0) ^ 1])])
  return type === 'TEXT' ? 'x' : 1
}

/** The rows with the value that a column had in them at the older moment. */
function asBefore(
  { rows, older, key }: Table,
  name: string,
  isMeant: (index: number, count: number) => boolean,
): readonly Row[] {
  const keyOf = (row: Row): string => JSON.stringify(key.map((column) => row[column]))
  const before = new Map(older.map((row) => [keyOf(row), row]))
  return rows.map((row, index) => {
    const then = before.get(keyOf(row))
    return then !== undefined && isMeant(index, rows.length) ? { ...row, [name]: then[name] } : row
  })
}

function swapped(rows: readonly Row[], name: string): readonly Row[] {
  const [first] = rows
  const other = rows.find((row) => JSON.stringify(row[name]) !== JSON.stringify(first?.[name]))
  if (first === undefined || other === undefined) return rows
  return rows.map((row) =>
    row === first ? { ...row, [name]: other[name] } : row === other ? { ...row, [name]: first[name] } : row,
  )
}

/** The newest row once more, under another key. */
function added({ rows, key, columns }: Table): readonly Row[] {
  const newest = rows.at(-1)
  const [first] = key.toReversed()
  if (newest === undefined || first === undefined) return []
  const type = columns.find(({ name }) => name === first)?.type ?? 'TEXT'
  return [{ ...newest, [first]: altered(newest[first], type) }]
}

function textOf({ key }: Table, rows: readonly Row[]): string {
  const texts = rows.map((row) => JSON.stringify(row))
  return key.length === 0 ? texts.join() : texts.sort().join()
}
