import type { OwnedExecution, WorkerRecord, Workers } from '../journal/workers.ts'
import type { Clock } from '../model/clock.ts'

/** What a reaper watches and says. */
export interface ReaperOptions {
  readonly workers: Pick<Workers, 'own' | 'list' | 'reap'>
  readonly clock: Pick<Clock, 'monotonic'>
  /** So long without a sign of life is death, in milliseconds. */
  readonly ttl: number
  /** An execution whose owner is dead: somebody has to drive it. It may come more than once. */
  readonly orphaned: (owned: OwnedExecution) => Promise<void>
  /** A process was declared dead by this one. */
  readonly reaped: (worker: WorkerRecord) => void
}

/** A sign of life, and since when it is the newest by this process' own looks. */
interface Seen {
  readonly beat: string
  readonly since: number
}

/**
 * Declares processes dead that give no sign of life. It counts by its own monotonic clock and by its own looks: where it could not look for a
 * while, because it was frozen or the store was away, everybody has a fresh term. Of several reapers one wins.
 */
export class Reaper {
  readonly #options: ReaperOptions
  readonly #seen = new Map<string, Seen>()
  #looked = Number.NEGATIVE_INFINITY

  constructor(options: ReaperOptions) {
    this.#options = options
  }

  /** Looks once. Throws as the store does; the next look gives everybody a fresh term then. */
  async look(): Promise<void> {
    const { workers, clock, ttl, orphaned } = this.#options
    const before = this.#looked
    this.#looked = Number.NEGATIVE_INFINITY
    const rows = await workers.list()
    const now = clock.monotonic()
    if (now - before > ttl / 2) this.#seen.clear()
    for (const worker of rows) {
      const isDead = worker.dead !== undefined || (await this.#isReaped(worker, now))
      if (isDead) for (const owned of worker.driven) await orphaned(owned)
    }
    this.#looked = now
  }

  async #isReaped(worker: WorkerRecord, now: number): Promise<boolean> {
    const { workers, ttl, reaped } = this.#options
    const { id, beat } = worker
    const seen = this.#seen.get(id)
    if (seen?.beat !== beat) this.#seen.set(id, { beat, since: now })
    if (id === workers.own || seen?.beat !== beat || now - seen.since < ttl) return false
    this.#seen.delete(id)
    if (!(await workers.reap(id, beat))) return false
    reaped(worker)
    return true
  }
}
