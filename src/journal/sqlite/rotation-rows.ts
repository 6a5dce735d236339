import type { Database } from 'better-sqlite3'
import type { RotationRow } from '../install-rotation.ts'

/** The records that the install key was rotated, in order; of sealed ones too, because they stay in the store. */
export function rotationRows(database: Database): readonly RotationRow[] {
  // They belong to no execution: the index on that finds them among the few records that do not.
  const rotations = `SELECT seq, body, prev FROM journal WHERE execution IS NULL
    AND body ->> '$.type' = 'KeyRotated' AND body ->> '$.key' = 'install' ORDER BY seq`
  return database.prepare<[], RotationRow>(rotations).all()
}
