import type { Clock } from '../../../model/clock.ts'
import { longestAge } from '../../../model/fence.ts'
import { type ExecutionRow, type LeaseRow, leaseIn } from '../chains/append-request.ts'
import type { Lease } from '../store/lease.ts'
import { BatchedQuery } from './batched-query.ts'
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
const LEASES = 'SELECT device, execution, token, until, quarantine FROM lease WHERE device = ANY($1)'

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

/** An answer lasts no longer than the term behind which another process may take over: where less of that is left, this process says first that it lives, and asks once more. */
export class Fences {
  readonly #parts: FenceParts
  readonly #gathered: BatchedQuery<Wanted, FenceAnswer>
  readonly #leases: BatchedQuery<string, Lease | undefined>

  constructor(parts: FenceParts) {
    const { clock } = parts
    this.#parts = parts
    this.#gathered = new BatchedQuery({ ask: (wanted) => this.#answers(wanted), most: TOGETHER, clock })
    this.#leases = new BatchedQuery({ ask: (devices) => this.#leasesOf(devices), most: LEASES_TOGETHER, clock })
  }

  /** Throws `store`. */
  ask(execution: string, device: string): Promise<FenceAnswer> {
    return this.#gathered.ask({ execution, device })
  }

  /** Throws `store`. */
  leaseOf(device: string): Promise<Lease | undefined> {
    return this.#leases.ask(device)
  }

  /** The leases whose time is not over at a time, ISO 8601 in UTC. Throws `store`. */
  async liveLeases(of: 'shares' | 'all', at: string): Promise<readonly Lease[]> {
    const rows = await this.#parts.questions.ask<LeaseRow>(
      'SELECT device, execution, token, until, quarantine FROM lease WHERE until > $1 AND device LIKE $2 ORDER BY device',
      [at, of === 'all' ? '%' : 'budget %'],
    )
    return rows.map(leaseIn)
  }

  async settled(): Promise<void> {
    await Promise.all([this.#gathered.settled(), this.#leases.settled()])
  }

  async #leasesOf(devices: readonly string[]): Promise<readonly (Lease | undefined)[]> {
    const rows = await this.#parts.questions.ask<LeaseRow>(LEASES, [devices])
    const found = new Map(rows.map((row) => [row.device, leaseIn(row)]))
    return devices.map((device) => found.get(device))
  }

  #answers(wanted: readonly Wanted[]): Promise<readonly FenceAnswer[]> {
    return this.#parts.worker.during(() => this.#answered(wanted))
  }

  async #answered(wanted: readonly Wanted[]): Promise<readonly FenceAnswer[]> {
    const { questions, worker } = this.#parts
    const me = await worker.begin()
    const longest = longestAge(worker.ttl)
    const first = await this.#asked(me, longest, wanted)
    if (first.every(({ term, isAlive }) => term >= longest || !isAlive)) return first
    const isAlive = await worker.beatOnce(questions)
    return isAlive ? this.#asked(me, longest, wanted) : first.map((answer) => ({ ...answer, isAlive }))
  }

  async #asked(me: string, longest: number, wanted: readonly Wanted[]): Promise<readonly FenceAnswer[]> {
    const { questions, clock } = this.#parts
    const asked = clock.monotonic()
    const rows = await questions.ask<FenceRow>(FENCE, [
      me,
      wanted.map(({ execution }) => execution),
      wanted.map(({ device }) => device),
    ])
    return wanted.map((_, index) => {
      const { fence, left } = rows[index] ?? NOTHING_SAID
      return { ...fence, asked, longest, term: left ?? 0 }
    })
  }
}

interface FenceRow {
  readonly fence: Omit<FenceAnswer, 'asked' | 'longest' | 'term'>
  readonly left: number | null
}

const NOTHING_SAID: FenceRow = { fence: { isAlive: false, execution: null, lease: null }, left: null }
