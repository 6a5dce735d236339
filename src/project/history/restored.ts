import { cursorBehind, isBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import { hinted } from '../system/process/hinted.ts'
import type { WordedHost } from '../system/process/host.ts'

/** Throws `refused` for an execution that was open in the backup from which the store was restored, until somebody has gone on with it: what became of its switches since the backup is on no record. `isKnown` says that whoever is calling knows that. */
export async function requireNotRestored(
  app: Pick<ProjectStore, 'store'> & WordedHost,
  id: string,
  events: readonly JournalEvent[],
  isKnown: boolean,
): Promise<boolean> {
  const restored = await app.store.restored()
  if (restored === undefined || !restored.open.includes(id)) return false
  const place = cursorBehind(restored)
  if (events.some((event) => isBehind(event, place))) return false
  if (isKnown) return true
  throw new EosflowError(
    'refused',
    `${id} was open in the backup from which the store was restored at ${restored.at}: what became of its switches since the backup is on no record`,
    hinted(app, { code: 'look-at-switches', execution: id }),
  )
}

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
