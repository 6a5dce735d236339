import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from '../src/journal/postgres/database.ts'
import { makeStore } from '../src/journal/postgres/layout.ts'
import { storeKeys } from '../src/journal/store-keys.ts'
import { startCluster } from '../test/postgres/cluster.ts'
import type { Print } from './main.ts'
import { percentile } from './percentile.ts'
import type { Measured, Task } from './postgres-writer.ts'

const KEY = '0123456789abcdef'.repeat(4)
const WRITER = fileURLToPath(new URL('./postgres-writer.ts', import.meta.url))
const EXECUTIONS = 100
const SECONDS = 5
/** The demands: the p99 of an append against that of a row and its commit, and three workers against one. */
const MOST_TIMES_PLAIN = 3
const LEAST_GAIN = 1.2

/**
 * Appends of 100 executions at once to a store in PostgreSQL (fsync on), by one process and by three, beside plain INSERT and COMMIT and
 * beside SQLite in the same minute. Says whether the demands hold; exits 1 where they do not.
 */
export async function postgres(print: Print): Promise<void> {
  const server = await startCluster({ settings: ['max_connections = 100'] })
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    const address = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' }
    await makeStore(address, storeKeys(KEY))
    const session = new Session(address, { name: 'bench' })
    await session.open()
    await session.send('GRANT eos_worker TO postgres')
    await session.send('CREATE TABLE eosflow.plain(id bigserial PRIMARY KEY, body text NOT NULL)')
    await session.send('ALTER ROLE postgres SET search_path = eosflow, public')
    await session.close()
    const task = (kind: Task['kind'], executions: number): Task => ({
      kind,
      port: server.port,
      database: 'postgres',
      path: join(folder, 'store.db'),
      executions,
      seconds: SECONDS,
      key: KEY,
    })
    const rows: { readonly name: string; readonly eventsPerSecond: number; readonly p99: number }[] = []
    for (const [name, tasks] of [
      ['plain', [task('plain', EXECUTIONS)]],
      ['one', [task('postgres', EXECUTIONS)]],
      ['three', Array.from({ length: 3 }, () => task('postgres', EXECUTIONS))],
      ['sqlite', [task('sqlite', EXECUTIONS)]],
    ] as const) {
      const all = await Promise.all(tasks.map(run))
      const times = all.flat().toSorted((a, b) => a - b)
      const events = (times.length * (name === 'plain' ? 1 : 2)) / SECONDS
      const row = {
        name,
        workers: tasks.length,
        executions: EXECUTIONS * tasks.length,
        eventsPerSecond: Math.round(events),
        p50: percentile(times, 50),
        p99: percentile(times, 99),
        load: loadavg()[0],
      }
      rows.push(row)
      print(row)
    }
    const of = (name: string) => rows.find((row) => row.name === name) ?? { eventsPerSecond: 0, p99: 0 }
    const timesPlain = of('one').p99 / of('plain').p99
    const gain = of('three').eventsPerSecond / of('one').eventsPerSecond
    print({ timesPlain, mostTimesPlain: MOST_TIMES_PLAIN, gain, leastGain: LEAST_GAIN })
    if (timesPlain > MOST_TIMES_PLAIN || gain < LEAST_GAIN) process.exitCode = 1
  } finally {
    await server.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(task: Task): Promise<Measured> {
  const child: ChildProcess = fork(WRITER, [], { execArgv: ['--import', 'tsx'] })
  child.send(task)
  const [times] = (await once(child, 'message')) as [Measured]
  return times
}
