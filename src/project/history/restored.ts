import { cursorBehind, isBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { EosflowError } from '../../model/error.ts'
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
