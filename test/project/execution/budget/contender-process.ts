import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ALICE } from '../../../change/record/one-of-each-event.ts'
import { KEY } from '../../../change/record/sqlite/open-for-test.ts'
import { contend } from './contenders.ts'

// A process of its own that begins executions as `contend` says, in the database at an address (JSON), by a seed.
const [address = '', seed] = process.argv.slice(2)
const { store, notes } = await openPostgresStore({
  address: JSON.parse(address),
  installKey: KEY,
  quarantineSeconds: 10,
  isReplicated: false,
  isClockHeld: false,
  clock: systemClock,
})
await contend(Object.assign(store, { notes, append: store.as(ALICE).append }), { seed: Number(seed), starts: 8 })
await store.close()
