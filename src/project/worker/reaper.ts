import type { OwnedExecution, WorkerRecord, Workers } from '../../change/record/store/workers.ts'
import type { Clock } from '../../model/clock.ts'
import { isUnrecorded } from '../app/store/worker-deaths.ts'

/** What a reaper watches and says. */
export interface ReaperOptions {
  readonly workers: Pick<Workers, 'own' | 'list' | 'reap'>
  readonly clock: Pick<Clock, 'monotonic'>
  /** An execution whose owner is dead: somebody has to drive it. It may come more than once. What it throws keeps no other one from being sent for. */
  readonly orphaned: (owned: OwnedExecution) => Promise<void>
  /** A process was declared dead by this one. */
  readonly reaped: (worker: WorkerRecord) => void
  /** Somebody is dead, and that is on no record. It is called at each look until it is. */
  readonly unrecorded: () => void
  /** What could not be done about an execution; the next look tries it again. */
  readonly failed: (execution: string, error: unknown) => void
}

/** A sign of life, and since when it is the newest by this process' own looks. */
interface Seen {
  readonly beat: string
  readonly since: number
}

/**
 * Declares processes dead that give no sign of life for the term that each has named itself: its proofs last by that. It counts by its own monotonic
 * clock and by its own looks: where it could not look for a while, because it was frozen or the store was away, everybody has a fresh term. Of several
 * reapers one wins.
 */
export class Reaper {
  readonly #options: ReaperOptions
  readonly #seen = new Map<string, Seen>()
  /** The executions that somebody is being sent for. */
  readonly #sending = new Set<string>()
  #looked = Number.NEGATIVE_INFINITY

  constructor(options: ReaperOptions) {
    this.#options = options
  }

  /** Looks once. Throws as the store does; the next look gives everybody a fresh term then. */
  async look(): Promise<void> {
    const { workers, clock } = this.#options
    const before = this.#looked
    this.#looked = Number.NEGATIVE_INFINITY
    const rows = await workers.list()
    const now = clock.monotonic()
    let isUnsaid = rows.some(isUnrecorded)
    for (const worker of rows) {
      if (now - before > worker.ttl / 2) this.#seen.delete(worker.id)
      const isReaped = worker.dead === undefined && (await this.#isReaped(worker, now))
      isUnsaid ||= isReaped
      const isDead = worker.dead !== undefined || isReaped
      if (isDead) for (const owned of worker.driven) this.#send(owned)
    }
    if (isUnsaid) this.#options.unrecorded()
    this.#looked = now
  }

  /**
   * One execution that cannot be read, or sent for, keeps nobody from the others; and none is waited for: looks would be so far apart that
   * everybody has a fresh term.
   */
  #send(owned: OwnedExecution): void {
    const { orphaned, failed } = this.#options
    const { execution } = owned
    if (this.#sending.has(execution)) return
    this.#sending.add(execution)
    orphaned(owned)
      .catch((error: unknown) => failed(execution, error))
      .finally(() => this.#sending.delete(execution))
  }

  async #isReaped(worker: WorkerRecord, now: number): Promise<boolean> {
    const { workers, reaped } = this.#options
    const { id, beat, ttl } = worker
    const seen = this.#seen.get(id)
    if (seen?.beat !== beat) this.#seen.set(id, { beat, since: now })
    if (id === workers.own || seen?.beat !== beat || now - seen.since < ttl) return false
    this.#seen.delete(id)
    if (!(await workers.reap(id, beat))) return false
    reaped(worker)
    return true
  }
}
