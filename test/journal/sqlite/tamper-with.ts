import Database from 'better-sqlite3'
import { tamper } from '../sqlite/cells.ts'

/** A row of a table, by its columns. */
export type Row = Readonly<Record<string, unknown>>

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
export function tamperWith(path: string, table: string, change: (rows: readonly Row[]) => readonly Row[]): void {
  if (!tamper(path, [{ table, rows: change(rowsOf(path, table)) }])) throw new Error(`${table} has no place for that`)
}
