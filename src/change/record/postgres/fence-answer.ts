import type { Clock } from '../../../model/clock.ts'
import { longestAge } from '../../../model/fence.ts'
import { type ExecutionRow, type LeaseRow, leaseIn } from '../chains/append-request.ts'
import type { Lease } from '../store/lease.ts'
import { batchedQuery, batchedRows } from './batched-query.ts'
import type { Questions } from './database.ts'
import type { WorkerRow } from './worker-row.ts'

// Whether a process may write to switches for executions, and for how long it is taken to live without another sign of that, in milliseconds.
const FENCE = `SELECT fence(asked.its, $1, asked.device) AS fence,
  (SELECT (extract(epoch FROM term_end(w) - clock_timestamp()) * 1000)::float8 FROM worker w WHERE w.id = $1) AS left
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked(its, device, place) ORDER BY asked.place`
// So many switches are asked about in one statement at most.
const TOGETHER = 50
// And so many about their leases, which are one look into an index each: a command asks about all of its switches at once.
const LEASES_TOGETHER = 500
const LEASES = `SELECT l.device, l.execution, l.token, l.until, l.quarantine
  FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) LEFT JOIN lease l ON l.device = asked.its ORDER BY asked.place`

export interface FenceAnswer {
  readonly isAlive: boolean
  readonly execution: Pick<ExecutionRow, 'last' | 'token' | 'worker'> | null
  readonly lease: LeaseRow | null
  /** When it was asked, by the monotonic clock of this process; how old the answer may be when bytes leave; and for how long it proves at all. In milliseconds. */
  readonly asked: number
  readonly longest: number
  readonly term: number
}

export interface FenceParts {
  readonly questions: Questions
  readonly clock: Pick<Clock, 'monotonic'>
  readonly worker: WorkerRow
}

interface Wanted {
  readonly execution: string
  readonly device: string
}

interface FenceRow {
  readonly fence: Omit<FenceAnswer, 'asked' | 'longest' | 'term'>
  readonly left: number | null
}

/** An answer lasts no longer than the term behind which another process may take over: where less of that is left, this process says first that it lives, and asks once more. */
export function fencesOver({ questions, clock, worker }: FenceParts) {
  const leases = batchedRows<string, LeaseRow | Record<keyof LeaseRow, null>>(
    { questions, clock },
    LEASES,
    LEASES_TOGETHER,
  )
  const fences = batchedQuery<Wanted, FenceAnswer>({
    ask: (wanted) => worker.during(() => answered(wanted)),
    most: TOGETHER,
    clock,
  })

  const answered = async (wanted: readonly Wanted[]): Promise<readonly FenceAnswer[]> => {
    const me = await worker.begin()
    const longest = longestAge(worker.ttl)
    const first = await askedOnce(me, longest, wanted)
    if (first.every(({ term, isAlive }) => term >= longest || !isAlive)) return first
    const isAlive = await worker.beatOnce(questions)
    return isAlive ? askedOnce(me, longest, wanted) : first.map((answer) => ({ ...answer, isAlive }))
  }

  const askedOnce = async (me: string, longest: number, wanted: readonly Wanted[]): Promise<readonly FenceAnswer[]> => {
    const asked = clock.monotonic()
    const rows = await questions.ask<FenceRow>(FENCE, [
      me,
      wanted.map(({ execution }) => execution),
      wanted.map(({ device }) => device),
    ])
    return rows.map(({ fence, left }) => ({ ...fence, asked, longest, term: left ?? 0 }))
  }

  return {
    /** Throws `store`. */
    ask: (wanted: Wanted): Promise<FenceAnswer> => fences.ask(wanted),

    /** Throws `store`. */
    leaseOf: async (device: string): Promise<Lease | undefined> => {
      const row = await leases.ask(device)
      return row.device === null ? undefined : leaseIn(row)
    },

    /** The leases whose time is not over at a time, ISO 8601 in UTC. Throws `store`. */
    liveLeases: async (of: 'shares' | 'all', at: string): Promise<readonly Lease[]> => {
      const rows = await questions.ask<LeaseRow>(
        'SELECT device, execution, token, until, quarantine FROM lease WHERE until > $1 AND device LIKE $2 ORDER BY device',
        [at, of === 'all' ? '%' : 'budget %'],
      )
      return rows.map(leaseIn)
    },

    settled: async (): Promise<void> => {
      await Promise.all([fences.settled(), leases.settled()])
    },
  }
}
