import type { Clock } from '../../model/clock.ts'
import type { Session } from './database.ts'

/** What a process says of itself to the others that have the same store open. */
export interface WorkerOptions {
  readonly id: string
  /** `worker`, `server` or `client`. */
  readonly kind: string
  readonly sites: readonly string[]
  /** Of eosflow. */
  readonly version: string
  /** After which silence others may take over what it drives, in milliseconds. */
  readonly ttl: number
  /** How often it says that it lives, in milliseconds. */
  readonly beat: number
}

/** The row of this process: made before its first write, kept alive while it has the store open, taken away when it closes it. */
export class WorkerRow {
  readonly #session: Session
  readonly #clock: Clock
  readonly #options: WorkerOptions
  readonly #onDeath: () => void
  #begun: Promise<string> | undefined
  readonly #ended = new AbortController()
  #isDead = false

  /** `session` is used for beats alone, so that none waits for an append. `onDeath` is called once when others have declared this process dead. */
  constructor(session: Session, clock: Clock, options: WorkerOptions, onDeath: () => void = () => undefined) {
    this.#session = session
    this.#clock = clock
    this.#options = options
    this.#onDeath = onDeath
  }

  get ttl(): number {
    return this.#options.ttl
  }

  /** The id of this process, which the store knows from here on. Throws what `pg` does. */
  begin(): Promise<string> {
    this.#begun ??= this.#make().catch((error: unknown) => {
      this.#begun = undefined
      throw error
    })
    return this.#begun
  }

  async #make(): Promise<string> {
    const { id, kind, sites, version, ttl } = this.#options
    await this.#session.open()
    await this.#session.send('SELECT worker_begin($1, $2, $3, $4, $5)', [id, kind, sites, version, ttl])
    void this.#beatOn()
    return id
  }

  async #beatOn(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted && !this.#isDead) {
      try {
        await this.#clock.sleep(this.#options.beat, signal)
        await this.#session.open()
        const { rows } = await this.#session.send('SELECT worker_beat($1) AS beat', [this.#options.id])
        if (rows[0]?.beat === null) this.died()
      } catch {
        // An outage kills nobody here: it is the others who judge, by the server's clock. A beat is tried again.
        if (!signal.aborted) this.#session.drop()
      }
    }
  }

  /** Others have declared this process dead. */
  died(): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#onDeath()
  }

  async end(): Promise<void> {
    this.#ended.abort(new Error('closed'))
    if (this.#begun !== undefined && !this.#isDead) {
      try {
        await this.#session.open()
        await this.#session.send('SELECT worker_end($1)', [this.#options.id])
      } catch {
        // Its term ends without that, too.
      }
    }
    await this.#session.close()
  }
}
