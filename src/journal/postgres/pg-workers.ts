import type { Clock } from '../../model/clock.ts'
import type { WorkerRecord, Workers } from '../workers.ts'
import type { Questions, Session } from './database.ts'
import type { WorkerRow } from './worker-row.ts'

/** What the processes of a store on PostgreSQL are asked by. */
export interface PgWorkersParts {
  /** The row of this process. */
  readonly row: WorkerRow
  readonly questions: Questions
  /** A session of its own that listens; `heard` is called with the payload of each notification. */
  readonly listening: (heard: (execution: string) => void) => Session
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  readonly since: Date
  readonly beat: string
  readonly age: number
  readonly dead: Date | null
  readonly drain: Date | null
  readonly driven: readonly { readonly execution: string; readonly token: number }[]
}

const LIST = `SELECT w.id, w.kind, w.sites, w.version, w.since, w.beat::text AS beat, w.dead, w.drain,
    (extract(epoch FROM clock_timestamp() - w.beat) * 1000)::float8 AS age,
    coalesce((SELECT jsonb_agg(jsonb_build_object('execution', x.id, 'token', x.token) ORDER BY x.id)
      FROM execution x WHERE x.worker = w.id AND x.is_open), '[]') AS driven
  FROM worker w ORDER BY w.since, w.id`

/** A listening connection that broke is opened again after so long, in milliseconds. */
const AGAIN = 1000

/** The processes of a store on PostgreSQL. */
export function pgWorkers({ row, questions, listening, clock }: PgWorkersParts): Workers {
  const { id: own, lost, draining } = row
  return {
    own,
    lost,
    draining,
    begin: async () => void (await row.begin()),
    list: async () => (await questions.ask<Row & Record<string, unknown>>(LIST)).map(recordOf),
    reap: async (id, beat) =>
      isTrue(await questions.one('SELECT worker_reap($1, $2::timestamptz) AS done', [id, beat])),
    askToDrain: async (id) => isTrue(await questions.one('SELECT worker_drain($1, true) AS done', [id])),
    hasDied: async (execution) =>
      isTrue(
        await questions.one(
          'SELECT true AS done FROM execution x JOIN worker w ON w.id = x.worker WHERE x.id = $1 AND NOT is_living(w)',
          [execution],
        ),
      ),
    leave: async (execution) => {
      const text =
        'SELECT execution_rest(x.id, x.worker, x.token, NULL) FROM execution x WHERE x.id = $1 AND x.worker = $2'
      await questions.one(text, [execution, own])
    },
    offset: async () => {
      const before = clock.now()
      const asked = await questions.one<{ at: number }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
      )
      return (asked?.at ?? before) - (before + clock.now()) / 2
    },
    listen: (hear) => {
      const closed = new AbortController()
      const session = listening((execution) => hear(execution === '' ? undefined : execution))
      const follow = async (): Promise<void> => {
        while (!closed.signal.aborted) {
          try {
            if (!session.isOpen) {
              await session.open()
              await session.send('LISTEN eos_wake')
              // What was said meanwhile was not heard.
              hear(undefined)
            }
          } catch {
            session.drop()
          }
          await clock.sleep(AGAIN, closed.signal).catch(() => undefined)
        }
        await session.close()
      }
      void follow()
      return () => closed.abort()
    },
  }
}

function recordOf({ since, dead, drain, ...row }: Row): WorkerRecord {
  return {
    ...row,
    since: since.toISOString(),
    ...(dead === null ? {} : { dead: dead.toISOString() }),
    ...(drain === null ? {} : { drain: drain.toISOString() }),
  }
}

function isTrue(row: Record<string, unknown> | undefined): boolean {
  return row?.done === true
}
