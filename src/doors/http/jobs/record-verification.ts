import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'

// What was found is good for so long at most, in milliseconds: what is rewritten in place moves no head.
const LONGEST = 3_600_000
// Who asks all the time has it read at most so often, in milliseconds, also where it cannot be read.
const AT_MOST = 900_000

interface VerifiedRecord {
  readonly found: AuditVerification
  readonly at: string
}

interface RecordVerificationOptions {
  readonly app: Pick<ProjectStore, 'clock' | 'store'>
  verify(): Promise<AuditVerification>
  failed(what: string, error: unknown): void
}

interface Kept extends VerifiedRecord {
  readonly head: number
  readonly since: number
}

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

  latest(): VerifiedRecord | undefined {
    const now = this.#options.app.clock.monotonic()
    if (now - this.#asked < AT_MOST) return this.#kept
    this.#asked = now
    return this.recent()
  }

  /** Throws `store`, and what keeps it from being read. */
  async now(): Promise<VerifiedRecord> {
    const { seq } = await this.#options.app.store.head()
    const kept = this.#kept
    return kept !== undefined && kept.head === seq && !this.#isOld() ? kept : this.#begin()
  }

  /** The same for a page, which waits for so many milliseconds at most: then what was found before, or that it is under way. */
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

  #isOld() {
    return this.#kept === undefined || this.#options.app.clock.monotonic() - this.#kept.since >= LONGEST
  }

  #begin() {
    this.#underway ??= this.#read().finally(() => {
      this.#underway = undefined
    })
    return this.#underway
  }

  async #read() {
    const { app, verify } = this.#options
    const { seq } = await app.store.head()
    const found = await verify()
    this.#kept = { found, head: seq, at: new Date(app.clock.now()).toISOString(), since: app.clock.monotonic() }
    return this.#kept
  }
}
