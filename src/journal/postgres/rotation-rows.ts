import type { RotationRow } from '../install-rotation.ts'
import type { Questions } from './database.ts'

/** The records that the install key was rotated, in order. */
export function rotationRows(ask: Questions['ask']): Promise<readonly RotationRow[]> {
  return ask<RotationRow & Record<string, unknown>>(
    `SELECT pos AS seq, body, prev FROM register WHERE mirror IS NULL AND type = 'KeyRotated' AND member(body, 'key') = 'install' ORDER BY pos`,
  )
}
