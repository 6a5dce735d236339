import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Cell, ColumnType, Row, Table } from '../chains/cells.ts'

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
          type: typeNamed(column.type),
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

/** Does to a file what cells say, past all triggers and checks. False where SQLite itself has no place for such rows. */
export function tamper(path: string, cells: readonly Pick<Cell, 'table' | 'rows'>[]) {
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

function replace(database: Database.Database, { table, rows }: Pick<Cell, 'table' | 'rows'>) {
  database.exec(`DELETE FROM ${table}`)
  for (const row of rows) {
    const names = Object.keys(row)
    const text = `INSERT INTO ${table}(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
    database.prepare(text).run(...Object.values(row))
  }
}

const EMPTY: Readonly<Record<string, unknown>> = { TEXT: '', INTEGER: 0, BLOB: Buffer.alloc(32) }

function typeNamed(type: string): ColumnType {
  return {
    altered: (value) => altered(value, type),
    empty: EMPTY[type],
    ...(type === 'INTEGER' ? { others: { 'below zero': (value: unknown) => -1 - Number(value) } } : {}),
  }
}

function altered(value: unknown, type: string) {
  if (typeof value === 'string') return `${value}x`
  if (typeof value === 'number') return value + 1
  if (Buffer.isBuffer(value)) return Buffer.concat([value.subarray(0, -1), Buffer.from([(value.at(-1) ?? 0) ^ 1])])
  return type === 'TEXT' ? 'x' : 1
}

/** The rows of a table, in the order of its key. */
export function rowsOf(path: string, table: string): readonly Row[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare<[], Row>(`SELECT * FROM ${table} ORDER BY 1`).all()
  } finally {
    database.close()
  }
}

/** Changes the rows of a table as somebody does who has SQLite and no key. */
export function tamperWith(path: string, table: string, change: (rows: readonly Row[]) => readonly Row[]) {
  if (!tamper(path, [{ table, rows: change(rowsOf(path, table)) }])) throw new Error(`${table} has no place for that`)
}

/** Flips one bit of a text wherever it is in the files of a store, past SQLite; returns how often. */
export function flipBytes(path: string, text: string) {
  let flipped = 0
  for (const file of [path, `${path}-wal`].filter((one) => existsSync(one))) {
    const bytes = readFileSync(file)
    const handle = openSync(file, 'r+')
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const last = at + text.length - 1
      writeSync(handle, Buffer.from([(bytes[last] ?? 0) ^ 1]), 0, 1, last)
      flipped += 1
    }
    closeSync(handle)
  }
  return flipped
}
