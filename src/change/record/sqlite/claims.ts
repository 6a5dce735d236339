import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Claims } from '../store/claims.ts'

/** Claims as locks on empty SQLite files beside the store, one per execution that runs: the operating system frees a lock when its process ends, however it ends. `left` hears of a file that could not be taken away. */
export function fileClaims(folder: string, left: (file: string) => void = () => undefined): Claims {
  const fileOf = (execution: string) => join(folder, `running-${execution}`)
  return {
    claim: async (execution) => {
      let held: Database.Database | undefined
      const attempt = () => {
        const lock = held ?? locked(folder, fileOf(execution))
        held = lock instanceof Database ? lock : undefined
        return lock !== 'taken'
      }
      attempt()
      return {
        renew: async () => attempt(),
        release: async () => {
          if (held !== undefined && !drop(held)) left(held.name)
          held = undefined
        },
      }
    },
    isClaimed: async (execution) => {
      if (!existsSync(fileOf(execution))) return false
      const lock = locked(folder, fileOf(execution))
      // Left behind by a process that was killed.
      if (lock instanceof Database) drop(lock)
      return lock === 'taken'
    },
  }
}

function drop(lock: Database.Database) {
  try {
    rmSync(lock.name, { force: true })
    return true
  } catch {
    return false
  } finally {
    lock.close()
  }
}

function locked(folder: string, file: string) {
  let database: Database.Database | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    database = new Database(file, { timeout: 0 })
    database.exec('BEGIN IMMEDIATE')
    return database
  } catch (error) {
    database?.close()
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY') ? 'taken' : 'impossible'
  }
}
