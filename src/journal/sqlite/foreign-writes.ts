import { statSync } from 'node:fs'
import type { Database, Statement } from 'better-sqlite3'

/**
 * Whether anybody but one connection has written to its database. SQLite counts the commits of all other connections, of whatever
 * process, for as long as a connection is open (sqlite.org/pragma.html#pragma_data_version); its own leave the count as it is.
 */
export class ForeignWrites {
  readonly #path: string
  readonly #version: Statement<[], number>

  constructor(database: Database, path: string) {
    this.#path = path
    this.#version = database.prepare<[], number>('PRAGMA data_version').pluck()
  }

  /** Another text than before once anybody else has written, or another file has taken its place. */
  get mark(): string {
    const found = statSync(this.#path, { bigint: true, throwIfNoEntry: false })
    return `${found?.dev} ${found?.ino} ${this.#version.get()}`
  }
}
