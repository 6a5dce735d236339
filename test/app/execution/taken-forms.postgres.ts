import { onTestFinished } from 'vitest'
import { KeyRing } from '../../../src/journal/key-ring.ts'
import { openPostgresStore } from '../../../src/journal/postgres/open-postgres-store.ts'
import { rotateKey } from '../../../src/journal/postgres/rotate-key.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { ALICE } from '../../journal/one-of-each-event.ts'
import { KEY as OLD } from '../../journal/sqlite/open-for-test.ts'
import { freshDatabase, serverForTests } from '../../postgres/store-for-test.ts'
import { describeTakenForms } from './taken-forms-contract.ts'

const servers = serverForTests(['fsync = off'])

const NEXT = 'fedcba9876543210'.repeat(4)

describeTakenForms('on PostgreSQL', async () => {
  const address = await freshDatabase(servers.server)
  const notesUnder = async (installKey: InstallKeys) => {
    const { store, notes } = await openPostgresStore({ address, installKey, clock: systemClock, isReplicated: false })
    onTestFinished(() => store.close())
    return notes
  }
  const both: InstallKeys = { key: OLD, next: NEXT, old: [] }
  return {
    notes: await notesUnder(both),
    rotate: async () => {
      const now = '2026-01-05T09:00:00.000Z'
      const reason = 'a laptop was lost'
      const scrub = (text: string): string => text
      await rotateKey(
        { ...address, user: 'postgres' },
        { ring: new KeyRing(both), principal: ALICE, reason, now, scrub },
      )
      return notesUnder({ key: NEXT, old: [OLD] })
    },
  }
})
