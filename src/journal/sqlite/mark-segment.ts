import Database from 'better-sqlite3'
import { SEGMENT_ID } from './segment-file.ts'
import { guarded } from './sqlite-error.ts'

/** Makes the copy of a store a segment: nobody can open it as a store any more, whose leases and approvals would be those of long ago. */
export function markAsSegment(path: string): void {
  guarded(path, () => {
    const database = new Database(path, { fileMustExist: true })
    try {
      database.pragma('synchronous = EXTRA')
      database.pragma(`application_id = ${SEGMENT_ID}`)
    } finally {
      database.close()
    }
  })
}
