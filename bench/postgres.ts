import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from '../src/change/record/postgres/database.ts'
import { makeStore } from '../src/change/record/postgres/layout.ts'
import { KeyRing } from '../src/change/record/seal/store-keys.ts'
import { startCluster } from '../test/postgres/cluster.ts'
import type { Print } from './main.ts'
import { percentile } from './percentile.ts'
import type { Measured, Task } from './postgres-writer.ts'

const KEY = '0123456789abcdef'.repeat(4)
const WRITER = fileURLToPath(new URL('./postgres-writer.ts', import.meta.url))
const EXECUTIONS = 100
const SECONDS = 4
/** Records in one append. */
const EVENTS = 2
/** Each is measured so often, in turns: a machine is not equally quick all the time. */
const ROUNDS = 2
/** The demands: the p99 of an append against that of a row and its commit, and three workers against one. */
const MOST_TIMES_PLAIN = 3
const LEAST_GAIN = 1.2
/** A pool of usual size. */
const POOL = 10

/**
 * Appends of 100 executions at once to a store in PostgreSQL (fsync on), by one process and by three, beside plain INSERT and COMMIT of the
 * same bytes by as many who write at once, and beside SQLite in the same minutes. `plain` has one connection, as the store has for its appends;
 * `plain-pool` has ten. Says
 * whether the demands hold against `plain` and `plain-pool`; exits 1 where they do not.
 */
export async function postgres(print: Print): Promise<void> {
  const server = await startCluster({ settings: ['max_connections = 100'] })
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    const address = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' }
    await makeStore(address, new KeyRing(KEY))
    const session = new Session(address, { name: 'bench' })
    await session.open()
    await session.send('GRANT eos_worker TO postgres')
    await session.send('CREATE TABLE eosflow.plain(id bigserial PRIMARY KEY, body text NOT NULL)')
    await session.send('ALTER ROLE postgres SET search_path = eosflow, public')
    const given = { port: server.port, database: 'postgres', path: join(folder, 'store.db'), key: KEY, connections: 1 }
    const task = (kind: Task['kind'], more: Partial<Task> = {}): Task => ({
      ...given,
      kind,
      executions: EXECUTIONS,
      seconds: SECONDS,
      body: '',
      ...more,
    })
    await run(task('postgres', { executions: 1, seconds: 2 }))
    // What the store keeps of one append.
    const { rows: kept } = await session.send('SELECT string_agg(body, chr(10)) AS body FROM event WHERE n IN (2, 3)')
    await session.close()
    const body = String(kept[0]?.body ?? '')
    if (body === '') throw new Error('nothing was written')
    const measurements: readonly Measurement[] = [
      { name: 'plain', tasks: [task('plain', { body })] },
      { name: 'plain-pool', tasks: [task('plain', { body, connections: POOL })] },
      { name: 'one', tasks: [task('postgres')] },
      { name: 'three', tasks: Array.from({ length: 3 }, () => task('postgres')) },
      { name: 'sqlite', tasks: [task('sqlite')] },
    ]
    const times = new Map<string, number[]>()
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, tasks } of measurements) {
        const all = (await Promise.all(tasks.map(run))).flat()
        times.set(name, [...(times.get(name) ?? []), ...all])
      }
    }
    const rows = measurements.map(({ name, tasks }) => {
      const own = times.get(name) ?? []
      return {
        name,
        workers: tasks.length,
        writers: EXECUTIONS * tasks.length,
        bytes: body.length,
        eventsPerSecond: Math.round((own.length * EVENTS) / (SECONDS * ROUNDS)),
        p50: percentile(own, 50),
        p99: percentile(own, 99),
        load: loadavg()[0],
      }
    })
    for (const row of rows) print(row)
    const of = (name: string) => rows.find((row) => row.name === name) ?? { eventsPerSecond: 0, p99: 0 }
    const timesPlain = of('one').p99 / of('plain').p99
    const timesPool = of('one').p99 / of('plain-pool').p99
    const gain = of('three').eventsPerSecond / of('one').eventsPerSecond
    print({ timesPlain, timesPool, mostTimesPlain: MOST_TIMES_PLAIN, gain, leastGain: LEAST_GAIN })
    if (Math.max(timesPlain, timesPool) > MOST_TIMES_PLAIN || gain < LEAST_GAIN) process.exitCode = 1
  } finally {
    await server.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is measured under a name. */
interface Measurement {
  readonly name: string
  readonly tasks: readonly Task[]
}

async function run(task: Task): Promise<Measured> {
  const child: ChildProcess = fork(WRITER, [], { execArgv: ['--import', 'tsx'] })
  child.send(task)
  const died = once(child, 'exit').then(() => {
    throw new Error('a writer has ended and said nothing')
  })
  const [times] = (await Promise.race([once(child, 'message'), died])) as [Measured]
  died.catch(() => undefined)
  return times
}
