import { onTestFinished } from 'vitest'
import { KeyRing } from '../../../src/journal/key-ring.ts'
import type { Notes } from '../../../src/journal/notes.ts'
import { openPostgresStore } from '../../../src/journal/postgres/open-postgres-store.ts'
import { rotateKey } from '../../../src/journal/postgres/rotate-key.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { ALICE } from '../../journal/one-of-each-event.ts'
import { KEY as OLD } from '../../journal/sqlite/open-for-test.ts'
import { freshDatabase, type serverForTests } from '../../postgres/store-for-test.ts'

const NEXT = 'fedcba9876543210'.repeat(4)

/** The notes of a new store in PostgreSQL; `rotate` gives those under another install key. */
export async function rotatedNotes({ server }: ReturnType<typeof serverForTests>): Promise<{
  readonly notes: Notes
  rotate(): Promise<Notes>
}> {
  const address = await freshDatabase(server)
  const notesUnder = async (installKey: InstallKeys): Promise<Notes> => {
    const { store, notes } = await openPostgresStore({ address, installKey, clock: systemClock, isReplicated: false })
    onTestFinished(() => store.close())
    return notes
  }
  const both: InstallKeys = { key: OLD, next: NEXT, old: [] }
  return {
    notes: await notesUnder(both),
    rotate: async () => {
      await rotateKey(
        { ...address, user: 'postgres' },
        {
          ring: new KeyRing(both),
          principal: ALICE,
          reason: 'a laptop was lost',
          now: '2026-01-05T09:00:00.000Z',
          scrub: (text) => text,
        },
      )
      return notesUnder({ key: NEXT, old: [OLD] })
    },
  }
}
