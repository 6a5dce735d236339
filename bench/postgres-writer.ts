import pg from 'pg'
import type { EventBody } from '../src/change/record/event/event.ts'
import { openPostgresStore } from '../src/change/record/postgres/open-postgres-store.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../src/change/record/store/journal.ts'
import { systemClock } from '../src/project/system/machine/system-clock.ts'
import { STARTED, STEP, WRITER } from './journal-steps.ts'

/** What one process of the measurement does. */
export interface Task {
  readonly kind: 'postgres' | 'sqlite' | 'plain'
  readonly port: number
  readonly database: string
  /** The file of a store in SQLite. */
  readonly path: string
  readonly executions: number
  readonly seconds: number
  readonly key: string
  /** What a plain row has: the bytes that a store keeps of one append. */
  readonly body: string
  /** Over so many connections plain rows are written. */
  readonly connections: number
}

/** What it has measured: how long each append took, in milliseconds. */
export type Measured = readonly number[]

/** Writes to so many executions at once, each one append behind the other. */
async function steps(journal: Journal, { executions, seconds }: Task): Promise<Measured> {
  const times: number[] = []
  const ids = Array.from({ length: executions }, (_, index) => `bench-${process.pid}-${index}`)
  const begun = await Promise.all(ids.map((id) => journal.append(id, [STARTED], 0)))
  const until = performance.now() + seconds * 1000
  const loops = ids.map(async (id, index) => {
    let last = begun[index]?.at(-1)?.seq ?? 0
    while (performance.now() < until) {
      const begun = performance.now()
      last = (await journal.append(id, STEP as readonly EventBody[], last)).at(-1)?.seq ?? 0
      times.push(performance.now() - begun)
    }
  })
  await Promise.all(loops)
  return times
}

/** The floor: a row and a commit for each append, over so many connections. */
async function plain({ port, database, executions, seconds, body, connections }: Task): Promise<Measured> {
  const pool = new pg.Pool({ host: '127.0.0.1', port, database, user: 'postgres', max: connections })
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  const loops = Array.from({ length: executions }, async () => {
    while (performance.now() < until) {
      const begun = performance.now()
      await pool.query('INSERT INTO plain(body) VALUES ($1)', [body])
      times.push(performance.now() - begun)
    }
  })
  await Promise.all(loops)
  await pool.end()
  return times
}

async function measured(task: Task): Promise<Measured> {
  if (task.kind === 'plain') return plain(task)
  const address = { host: '127.0.0.1', port: task.port, database: task.database, user: 'postgres' }
  const { store } =
    task.kind === 'sqlite'
      ? { store: await openStore({ path: task.path, installKey: task.key, clock: systemClock }) }
      : await openPostgresStore({ address, installKey: task.key, clock: systemClock, isReplicated: false })
  const times = await steps(store.as(WRITER), task)
  await store.close()
  return times
}

process.once('message', async (task: Task) => {
  const times = await measured(task)
  process.send?.(times, () => process.disconnect?.())
})
