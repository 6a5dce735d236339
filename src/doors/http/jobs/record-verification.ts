import type { App } from '../../../project/app/app.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'

/** What was found is good for so long at most, in milliseconds: what is rewritten in place moves no head. */
const LONGEST = 3_600_000
/** Who asks all the time has it read at most so often, in milliseconds, also where it cannot be read. */
const AT_MOST = 900_000

/** What was found when the whole record was read. */
export interface VerifiedRecord {
  readonly found: AuditVerification
  /** When that was, ISO 8601. */
  readonly at: string
}

/** What verifies the record. */
export interface RecordVerificationOptions {
  readonly app: Pick<App, 'clock' | 'store'>
  /** Reads all of the record, elsewhere than on this thread. */
  verify(): Promise<AuditVerification>
  failed(what: string, error: unknown): void
}

interface Kept extends VerifiedRecord {
  /** The newest record when the reading began. */
  readonly head: number
  readonly since: number
}

/** What vouches for the record: read as a whole by one at a time, and kept until the record has grown. */
export class RecordVerification {
  readonly #options: RecordVerificationOptions
  #kept: Kept | undefined
  #underway: Promise<Kept> | undefined
  #asked = Number.NEGATIVE_INFINITY

  constructor(options: RecordVerificationOptions) {
    this.#options = options
  }

  /** What was found last, whatever has come onto the record since; where that is old, it is read again behind the answer. */
  recent(): VerifiedRecord | undefined {
    if (this.#isOld()) this.#begin().catch((error: unknown) => this.#options.failed('verification', error))
    return this.#kept
  }

  /** The same for who asks all the time. */
  latest(): VerifiedRecord | undefined {
    const now = this.#options.app.clock.monotonic()
    if (now - this.#asked < AT_MOST) return this.#kept
    this.#asked = now
    return this.recent()
  }

  /** What is found of the record as it is now. Throws `store`, and what keeps it from being read. */
  async now(): Promise<VerifiedRecord> {
    const { seq } = await this.#options.app.store.head()
    const kept = this.#kept
    return kept !== undefined && kept.head === seq && !this.#isOld() ? kept : this.#begin()
  }

  /**
   * The same for a page, which waits for so many milliseconds at most: then what was found before, or that it is under way. Undefined where
   * the record cannot be read; the log says why.
   */
  async within(patience: number): Promise<VerifiedRecord | 'under way' | undefined> {
    const over = new AbortController()
    const read = this.now().catch((error: unknown) => {
      this.#options.failed('verification', error)
      return undefined
    })
    const late = this.#options.app.clock.sleep(patience, over.signal).then(
      () => this.#kept ?? ('under way' as const),
      () => undefined,
    )
    try {
      return await Promise.race([read, late])
    } finally {
      over.abort()
    }
  }

  #isOld(): boolean {
    return this.#kept === undefined || this.#options.app.clock.monotonic() - this.#kept.since >= LONGEST
  }

  #begin(): Promise<Kept> {
    this.#underway ??= this.#read().finally(() => {
      this.#underway = undefined
    })
    return this.#underway
  }

  async #read(): Promise<Kept> {
    const { app, verify } = this.#options
    const { seq } = await app.store.head()
    const found = await verify()
    this.#kept = { found, head: seq, at: new Date(app.clock.now()).toISOString(), since: app.clock.monotonic() }
    return this.#kept
  }
}
