import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { WorkerRecord, Workers } from '../store/workers.ts'
import { BatchedQuery } from './batched-query.ts'
import type { Questions } from './database.ts'
import { giveUp } from './postgres-claims.ts'
import type { ServerClock } from './server-clock.ts'
import type { WorkerRow } from './worker-row.ts'
import { isWorkerSeal, type KeptWorker, SEALED_WORKER } from './worker-seal.ts'

/** What the processes of a store on PostgreSQL are asked by. */
export interface PostgresWorkersParts {
  readonly worker: WorkerRow
  readonly questions: Questions
  readonly serverClock: ServerClock
  readonly clock: Pick<Clock, 'monotonic'>
  readonly keys: StoreKeys
  readonly origin: string
}

interface Row extends KeptWorker {
  readonly since: Date
  readonly beat: string
  readonly last_sign: Date
  readonly age: number
  readonly dead: Date | null
  readonly drain: Date | null
  readonly reaper: string | null
  readonly reaper_name: string | null
  readonly is_on_record: boolean
  readonly driven: readonly { readonly execution: string; readonly token: number }[]
}

const LIST = `SELECT ${SEALED_WORKER}, w.since, w.beat::text AS beat, w.beat AS last_sign, w.dead, w.drain, w.reaper,
    (SELECT r.name FROM worker r WHERE r.id = w.reaper) AS reaper_name,
    w.dead IS NOT NULL AND EXISTS (SELECT 1 FROM used u WHERE u.key = 'death ' || w.id) AS is_on_record,
    (extract(epoch FROM clock_timestamp() - w.beat) * 1000)::float8 AS age,
    coalesce((SELECT jsonb_agg(jsonb_build_object('execution', x.id, 'token', x.token) ORDER BY x.id)
      FROM execution x WHERE x.worker = w.id AND x.is_open), '[]') AS driven
  FROM worker w ORDER BY w.since, w.id`

const DIED = `SELECT EXISTS (SELECT 1 FROM execution x JOIN worker w ON w.id = x.worker WHERE x.id = asked.its AND NOT is_living(w)) AS died
  FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY asked.place`
/** So many executions are asked about in one statement at most. */
const TOGETHER = 100

/** The processes of a store on PostgreSQL. */
export function postgresWorkers({
  worker,
  questions,
  serverClock,
  clock,
  keys,
  origin,
}: PostgresWorkersParts): Workers {
  const died = new BatchedQuery<string, boolean>({
    ask: async (ids) => (await questions.ask<{ died: boolean }>(DIED, [ids])).map((row) => row.died),
    most: TOGETHER,
    clock,
  })
  return {
    own: worker.id,
    lost: worker.lost,
    draining: worker.draining,
    // Whoever may write and has no key can add one that nobody has begun.
    list: async () =>
      (await questions.ask<Row & Record<string, unknown>>(LIST))
        .filter((row) => isWorkerSeal(keys, origin, row))
        .map(recordOf),
    reap: async (id, beat) =>
      isTrue(await questions.one('SELECT worker_reap($1, $2, $3::timestamptz) AS done', [worker.id, id, beat])),
    askToDrain: async (id) => isTrue(await questions.one('SELECT worker_drain($1, true) AS done', [id])),
    hasDied: (execution) => died.ask(execution),
    leave: (execution) => giveUp(questions, worker.id, execution),
    serve: (sites) => worker.serve(questions, sites),
    onlyWatch: () => worker.rest(),
    offset: () => serverClock.measure(),
    listen: (of, hear) => worker.listen(of, hear),
  }
}

function recordOf(row: Row): WorkerRecord {
  const { id, name, kind, sites, version, beat, ttl, age, driven } = row
  return {
    ...{ id, kind, sites, version, beat, ttl, age, driven },
    ...named(name),
    since: timeOf(id, row.since),
    lastSign: timeOf(id, row.last_sign),
    ...(row.dead === null ? {} : { dead: timeOf(id, row.dead), isOnRecord: row.is_on_record }),
    ...(row.reaper === null ? {} : { reaper: { worker: row.reaper, ...named(row.reaper_name) } }),
    ...(row.drain === null ? {} : { drain: timeOf(id, row.drain) }),
  }
}

/** A time without end is no time: `pg` gives it as a number. */
function timeOf(id: string, at: Date | number): string {
  if (at instanceof Date) return at.toISOString()
  throw new EosflowError('store', `what is kept of process ${id} cannot be: it was altered`)
}

const named = (name: string | null): { readonly name?: string } => (name === null ? {} : { name })

function isTrue(row: Record<string, unknown> | undefined): boolean {
  return row?.done === true
}
