import type { Clock } from '../../../model/clock.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { ListenTopic } from '../store/workers.ts'
import type { PostgresAddress } from './address.ts'
import { type Questions, Session } from './database.ts'
import { postgresError, sqlStateOf } from './postgres-error.ts'
import type { PresentKey } from './present-key.ts'
import { workerText } from './worker-seal.ts'
import { POSTED, WRITTEN } from './write-announcer.ts'

export interface WorkerOptions {
  readonly id: string
  /** With which it is on record, or that of its machine; absent: nothing is said. */
  readonly name?: string
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** After which silence others may take over what it drives, in milliseconds. */
  readonly ttl: number
  /** How often it says that it lives, in milliseconds. */
  readonly beat: number
}

export interface WorkerSealing {
  readonly address: PostgresAddress
  readonly keys: StoreKeys
  readonly origin: string
  readonly presentKey: Pick<PresentKey, 'require'>
}

// What PostgreSQL says of a key that is there already: unique_violation.
const TAKEN = '23505'
// How often a broken connection is opened anew, and after which time a beat is given up, in milliseconds.
const AGAIN = 500

const REST = `SELECT worker_end($1) WHERE NOT EXISTS (SELECT 1 FROM hold WHERE worker = $1) AND NOT EXISTS (SELECT 1 FROM execution WHERE worker = $1)`

const WORDS = 'eos_wake'

const CHANNELS: Readonly<Record<ListenTopic, readonly string[]>> = {
  words: [WORDS],
  records: [WORDS, WRITTEN],
  posts: [POSTED],
}

/**
 * The row of this process: made before its first write, kept alive while it has the store open, taken away when it closes it. Its
 * connection is for that alone, so that no sign of life waits for an append, and hears what others write.
 */
export class WorkerRow {
  readonly #address: PostgresAddress
  readonly #sealing: WorkerSealing
  readonly #session: Session
  readonly #clock: Clock
  readonly #options: WorkerOptions
  #sites: readonly string[]
  #begun: Promise<string> | undefined
  readonly #closed = new AbortController()
  readonly #lost = new AbortController()
  readonly #draining = new AbortController()
  readonly #again: () => void
  readonly #hearers = new Map<(what: string | undefined) => void, ListenTopic>()
  #channels: readonly string[] = []
  #isBegun = false
  #isResting = false
  #writing = 0
  #living: Promise<void> | undefined

  constructor(sealing: WorkerSealing, clock: Clock, options: WorkerOptions, again: () => void = () => undefined) {
    const { address } = sealing
    this.#again = again
    this.#address = address
    this.#sealing = sealing
    this.#clock = clock
    this.#options = options
    this.#sites = options.sites
    const said = ({ channel, payload = '' }: { readonly channel: string; readonly payload?: string | undefined }) =>
      this.#tell(payload, channel)
    this.#session = new Session(address, { name: `eosflow:${options.id}`, statementTimeout: options.ttl }, said)
  }

  get id(): string {
    return this.#options.id
  }

  get ttl(): number {
    return this.#options.ttl
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  get draining(): AbortSignal {
    return this.#draining.signal
  }

  readonly over = AbortSignal.any([this.#closed.signal, this.#lost.signal])

  /** Throws `store`. */
  async beatOnce(questions: Questions): Promise<boolean> {
    const row = await questions.one<{ drains: boolean | null }>('SELECT worker_beat($1) AS drains', [this.#options.id])
    if (row?.drains === null) this.died()
    return row?.drains !== null
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#writing += 1
    try {
      return await work()
    } finally {
      this.#writing -= 1
    }
  }

  /** Throws `store`. */
  begin(): Promise<string> {
    this.#begun ??= this.#make().catch((error: unknown) => {
      this.#begun = undefined
      this.#session.drop()
      throw postgresError(this.#address, error)
    })
    return this.#begun
  }

  async #make() {
    const { id, name, kind, version, ttl } = this.#options
    await this.#session.open()
    try {
      await this.#underPresentKey(async (key, seal) => {
        const { rows } = await this.#session.send(
          `SELECT worker_begin($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex')) AS done`,
          [key, id, name ?? null, kind, this.#sites, version, ttl, seal],
        )
        return rows[0]?.done === true
      })
    } catch (error) {
      // It was begun before, and the answer was lost: no other process has this id.
      if (sqlStateOf(error) !== TAKEN) throw error
    }
    this.#isResting = false
    this.#isBegun = true
    this.#live()
    return id
  }

  /** Throws as the questions do. */
  async serve(questions: Questions, sites: readonly string[]): Promise<void> {
    this.#sites = sites
    if (this.#begun === undefined) return
    const me = await this.#begun
    await this.#underPresentKey(async (key, seal) => {
      const values = [key, me, sites, seal]
      const row = await questions.one<{ done: boolean }>(
        `SELECT worker_sites($1, $2, $3, decode($4, 'hex')) AS done`,
        values,
      )
      return row?.done === true
    })
  }

  // Throws `store` where that is not here.
  async #underPresentKey(write: (key: string, seal: string) => Promise<boolean>) {
    const { keys, origin, presentKey } = this.#sealing
    for (;;) {
      const { id, name = null, kind, version, ttl } = this.#options
      const seal = keys.seal(workerText(origin, { id, name, kind, sites: this.#sites, version, ttl }))
      if (await write(keys.check, seal)) return
      const { rows } = await this.#session.send('SELECT key_check FROM store')
      presentKey.require(String(rows[0]?.key_check))
    }
  }

  #live() {
    this.#living ??= this.#beatOn()
  }

  async #beatOn() {
    const { beat } = this.#options
    while (!this.#closed.signal.aborted && !this.#lost.signal.aborted) {
      let pause = beat
      try {
        await this.#open()
        if (this.#isBegun) await this.#beat()
      } catch {
        // An outage kills nobody: others judge, by the server's clock. What was said meanwhile was not heard.
        this.#session.drop()
        pause = Math.min(beat, AGAIN)
      }
      await this.#clock.sleep(pause, this.#closed.signal).catch(() => undefined)
    }
  }

  async #beat() {
    const { rows } = await this.#session.send('SELECT worker_beat($1) AS drains', [this.#options.id])
    if (rows[0]?.drains === null) this.died()
    else if (rows[0]?.drains === true) this.#draining.abort()
  }

  async #open() {
    const wasOpen = this.#session.isOpen
    if (!wasOpen) this.#channels = []
    await this.#session.open()
    const channels = new Set([...this.#hearers.values()].flatMap((of) => CHANNELS[of]))
    const missing = [...channels].filter((channel) => !this.#channels.includes(channel))
    // Before it is sent: of a thousand who begin to listen at once, one says so.
    this.#channels = [...this.#channels, ...missing]
    try {
      for (const channel of missing) await this.#session.send(`LISTEN ${channel}`)
    } catch (error) {
      this.#channels = this.#channels.filter((channel) => !missing.includes(channel))
      throw error
    }
    if (!wasOpen || missing.length > 0) this.#tell(undefined)
    if (!wasOpen) this.#again()
  }

  listen(of: ListenTopic, hear: (what: string | undefined) => void): () => void {
    this.#hearers.set(hear, of)
    this.#open().catch(() => undefined)
    this.#live()
    return () => this.#hearers.delete(hear)
  }

  #tell(what: string | undefined, channel?: string) {
    for (const [hear, of] of this.#hearers) if (channel === undefined || CHANNELS[of].includes(channel)) hear(what)
  }

  died(): void {
    this.#lost.abort()
  }

  /** Throws `store`. */
  async rest(): Promise<void> {
    const { id, kind } = this.#options
    if (kind !== 'client' || this.#writing > 0 || !(this.#isBegun || this.#isResting)) return
    const begun = this.#begun
    this.#isBegun = false
    this.#isResting = true
    this.#begun = undefined
    let isGone: boolean
    try {
      await this.#session.open()
      isGone = (await this.#session.send(REST, [id])).rows.length > 0
    } catch (error) {
      this.#session.drop()
      throw postgresError(this.#address, error)
    }
    // Somebody has begun it anew meanwhile, or it has something and lives on.
    if (this.#begun !== undefined) return
    this.#isResting = false
    if (isGone) return
    this.#begun = begun
    this.#isBegun = true
  }

  async end(): Promise<void> {
    this.#closed.abort()
    if (this.#begun !== undefined && !this.#lost.signal.aborted) {
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
