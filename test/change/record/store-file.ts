import Database from 'better-sqlite3'

/** A record of a store, and its chain. */
export interface RecordInFile {
  /** Its position in the store. */
  readonly pos: number
  readonly chain: string
  readonly n: number
  readonly body: string
}

/** The records in the file of a store, in the order in which they were written: what mirrors another one is none. */
export function recordsIn(path: string): readonly RecordInFile[] {
  const database = new Database(path, { readonly: true })
  try {
    return database
      .prepare<[], RecordInFile>(
        `SELECT pos, execution AS chain, n, body FROM event
          UNION ALL SELECT pos, 'register', n, body FROM register WHERE mirror IS NULL ORDER BY pos`,
      )
      .all()
  } finally {
    database.close()
  }
}

/** Changes the file of a store as somebody does who has SQLite and no key. Gives how many rows each statement has changed. */
export function alterStore(path: string, ...statements: readonly string[]) {
  const database = new Database(path)
  try {
    const triggers = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
    for (const name of triggers) database.exec(`DROP TRIGGER ${name}`)
    return statements.map((statement) => database.prepare(statement).run().changes)
  } finally {
    database.close()
  }
}
