import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import { hinted } from '../system/process/hinted.ts'

// Instants up to a restoration never begin again, so the key of an occurrence is a new one.
const OF_A_SCHEDULE = /^schedule:/

/** Throws `refused` for a key that is on no record where the store was restored from a backup: it may have been used since the backup, and what was begun under it would be begun again. */
export async function requireKeyCounts(app: Pick<RecordApp, 'store' | 'words'>, key: string): Promise<void> {
  const restored = OF_A_SCHEDULE.test(key) ? undefined : await app.store.restored()
  if (restored?.keys !== 'in doubt') return
  throw new EosflowError(
    'refused',
    `the key ${key} is on no record, and the store was restored from a backup at ${restored.at}: what was begun under it since the backup is not known`,
    hinted(app, { code: 'accept-keys' }),
  )
}
