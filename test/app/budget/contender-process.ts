import { parseArgs } from 'node:util'
import { openPostgresStore } from '../../../src/journal/postgres/open-postgres-store.ts'
import { openStore } from '../../../src/journal/sqlite/open-store.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { ALICE } from '../../journal/one-of-each-event.ts'
import { contend } from './contenders.ts'

// A process of its own that begins executions as `contend` says: over the store at --path, or in the database at --address (JSON).
const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '' },
    address: { type: 'string' },
    key: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    starts: { type: 'string', default: '1' },
  },
})
const [seed, starts] = [Number(values.seed), Number(values.starts)]
if (values.address === undefined) {
  const store = await openStore({ path: values.path, installKey: values.key, clock: systemClock })
  await contend(Object.assign(store, { append: store.as(ALICE).append }), { seed, starts })
  await store.close()
} else {
  const { store, notes } = await openPostgresStore({
    address: JSON.parse(values.address),
    installKey: values.key,
    quarantineSeconds: 10,
    isReplicated: false,
    isClockHeld: false,
    clock: systemClock,
  })
  await contend(Object.assign(store, { notes, append: store.as(ALICE).append }), { seed, starts })
  await store.close()
}
