import {
  type OpenPostgresStore,
  openPostgresStore,
} from '../../../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { workerText } from '../../../../src/change/record/postgres/worker-row.ts'
import { storeKeys } from '../../../../src/change/record/seal/store-keys.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, type Server } from '../../../postgres/store-for-test.ts'
import { fill } from '../fill-store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { asAlice, KEY } from '../sqlite/open-for-test.ts'
import { TamperedTables } from './cells.ts'

const AT = '2026-01-05T08:00:00.000Z'
const DAY = 86_400_000

/** A process that has the store open, at {@link AT} by the time of records. Its signs of life last for a day. */
export async function processOf(
  address: PostgresAddress,
  id: string,
): Promise<OpenPostgresStore & { close(): Promise<void> }> {
  const clock = new VirtualClock()
  const opened = await openPostgresStore({
    address,
    installKey: KEY,
    clock: { now: () => clock.now(), monotonic: () => systemClock.monotonic(), sleep: systemClock.sleep },
    quarantineSeconds: 10,
    isReplicated: false,
    isClockHeld: false,
    worker: { id, kind: 'worker', name: `worker:${id}`, sites: ['dc1'], version: '0.1.0', ttl: DAY, beat: DAY },
  })
  return { ...opened, close: () => opened.store.close() }
}

/** An act that a switch is held for all day. */
export const arm = (device: string) =>
  ({ type: 'ActIntended', act: 'arm', device, session: 'eosflow-1', checkpoint: 'eosflow-1', seconds: 80_000 }) as const

export const fired = (schedule: string) => ({ type: 'ScheduleFired', schedule, instant: AT, does: 'drift' }) as const

/** A store with rows in every table, and what it was before its last records. x1 and x4 have ended, x2 is nobody's, x3 is driven by w1, which lives, x5 by w0, which was declared dead. */
export async function twiceFilled(
  server: Pick<Server, 'port'>,
): Promise<{ readonly address: PostgresAddress; readonly tables: TamperedTables }> {
  const address = await freshDatabase(server)
  const { store, claims, notes, close } = await processOf(address, 'w1')
  const alice = asAlice(store)
  await fill(alice, () => alice.audit.close())
  await store.audit.delivered('sink siem', 8)
  await store.audit.delivered('anchor worm', 1, 'no route')
  await claims.claim('inventory')
  await claims.claim('schedules')
  await notes.put('session', 'one', 'who', { lasts: DAY })
  await notes.put('session', 'two', 'who else', { lasts: DAY })
  await alice.append('x3', [{ type: 'StateEntered', path: '', state: 'plan' }, arm('leaf3')])
  await alice.append('x4', [arm('leaf4')])
  await alice.append('x5', [{ type: 'StateEntered', path: '', state: 'plan' }])
  const [freeze] = await alice.append(undefined, [
    { type: 'FreezeSet', principal: ALICE, reason: 'INC-1', until: '2026-01-05T09:00:00.000Z' },
  ])
  const tables = await TamperedTables.of(address)
  await tables.keep('then')
  await alice.append(undefined, [{ type: 'FreezeEnded', principal: ALICE, freeze: freeze?.seq ?? 0, reason: 'solved' }])
  await alice.append(undefined, [fired('hourly'), fired('nightly')])
  await alice.append('x3', [arm('leaf5')])
  await alice.append('x2', [
    { ...arm('leaf2'), act: 'stage' },
    { type: 'ExecutionResumed', abandoned: ['leaf2'] },
  ])
  await alice.append('x2', [{ type: 'TaskSubmitted', path: '', state: 'ask', token: 'sha256:03' }])
  const plan = await store.put('another plan')
  await alice.append('x3', [{ type: 'PlanMade', digest: 'sha256:b1', plan, waves: [], unchanged: [] }])
  await alice.append('x4', [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf4: 'changed' } }])
  await store.audit.close()
  await store.audit.checkpoint()
  await store.audit.delivered('sink siem', 12)
  const w0 = { id: 'w0', name: 'worker:w0', kind: 'worker', sites: ['dc1'], version: '0.1.0', ttl: 10_000 }
  await asSuperuser(
    address,
    "UPDATE execution SET worker = NULL WHERE id = 'x2'",
    `INSERT INTO worker(id, name, kind, sites, version, ttl, since, beat, dead, drain, reaper, seal)
      VALUES ('w0', 'worker:w0', 'worker', '{dc1}', '0.1.0', '10 seconds', now() - interval '1 hour', now() - interval '1 hour', now(), now(), 'w1', '\\x${storeKeys(KEY).seal(workerText(store.id, w0))}')`,
    "UPDATE execution SET worker = 'w0' WHERE id = 'x5'",
  )
  await tables.keep('now')
  await close()
  await tables.restore()
  return { address, tables }
}
