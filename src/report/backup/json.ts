import { errorRecord } from '../../model/error.ts'
import type { Backup } from './backup.ts'

/** What a backup did, as one document, version 1. */
export function backupJson({ switches, ...backup }: Backup): string {
  const all = switches.map((one) =>
    one.state === 'failed' ? { name: one.name, state: one.state, error: errorRecord(one.failure) } : one,
  )
  return JSON.stringify({ version: 1, kind: 'backup', ...backup, switches: all })
}
