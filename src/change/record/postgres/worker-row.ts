import type { Clock } from '../../../model/clock.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { ListenTopic } from '../store/workers.ts'
import { type Ask, type Questions, Session } from './database.ts'
import { postgresError, sqlStateOf } from './postgres-error.ts'
import type { PresentKey } from './present-key.ts'
import type { PostgresAddress } from './server-config.ts'
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

export type WorkerRow = ReturnType<typeof workerRow>

/**
 * The row of this process: made before its first write, kept alive while it has the store open, taken away when it closes it. Its
 * connection is for that alone, so that no sign of life waits for an append, and hears what others write.
 */
export function workerRow(
  { address, keys, origin, presentKey }: WorkerSealing,
  clock: Clock,
  options: WorkerOptions,
  again: () => void,
) {
  const { id, name = null, kind, version, ttl } = options
  const [closed, lost, draining] = [new AbortController(), new AbortController(), new AbortController()]
  const over = AbortSignal.any([closed.signal, lost.signal])
  const signals: Readonly<Record<'over' | 'lost' | 'draining', AbortSignal>> = {
    over,
    lost: lost.signal,
    draining: draining.signal,
  }
  const hearers = new Map<(what: string | undefined) => void, ListenTopic>()
  const session = new Session(address, { name: `eosflow:${id}`, statementTimeout: ttl }, ({ channel, payload = '' }) =>
    tell(payload, channel),
  )
  let { sites } = options
  let begun: Promise<string> | undefined
  let channels: readonly string[] = []
  let isBegun = false
  let isResting = false
  let writing = 0
  let isLiving = false

  const died = () => lost.abort()

  const tell = (what: string | undefined, channel?: string) => {
    for (const [hear, of] of hearers) if (channel === undefined || CHANNELS[of].includes(channel)) hear(what)
  }

  // Throws `store` where that is not here.
  const underPresentKey = async (write: (key: string, seal: string) => Promise<boolean>) => {
    for (;;) {
      const seal = keys.seal(workerText(origin, { id, name, kind, sites, version, ttl }))
      if (await write(keys.check, seal)) return
      const { rows } = await session.send('SELECT key_check FROM store')
      presentKey.require(String(rows[0]?.key_check))
    }
  }

  const make = async () => {
    await session.open()
    try {
      await underPresentKey(async (key, seal) => {
        const { rows } = await session.send(
          `SELECT worker_begin($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex')) AS done`,
          [key, id, name, kind, sites, version, ttl, seal],
        )
        return rows[0]?.done === true
      })
    } catch (error) {
      // It was begun before, and the answer was lost: no other process has this id.
      if (sqlStateOf(error) !== TAKEN) throw error
    }
    isResting = false
    isBegun = true
    live()
    return id
  }

  const live = () => {
    if (!isLiving) void beatOn()
    isLiving = true
  }

  const beatOn = async () => {
    while (!over.aborted) {
      let pause = options.beat
      try {
        await open()
        if (isBegun) await beat()
      } catch {
        // An outage kills nobody: others judge, by the server's clock. What was said meanwhile was not heard.
        session.drop()
        pause = Math.min(options.beat, AGAIN)
      }
      await clock.sleep(pause, closed.signal).catch(() => undefined)
    }
  }

  const beat = async () => {
    const { rows } = await session.send('SELECT worker_beat($1) AS drains', [id])
    if (rows[0]?.drains === null) died()
    else if (rows[0]?.drains === true) draining.abort()
  }

  const open = async () => {
    const wasOpen = session.isOpen
    if (!wasOpen) channels = []
    await session.open()
    const wanted = new Set([...hearers.values()].flatMap((of) => CHANNELS[of]))
    const missing = [...wanted].filter((channel) => !channels.includes(channel))
    // Before it is sent: of a thousand who begin to listen at once, one says so.
    channels = [...channels, ...missing]
    try {
      for (const channel of missing) await session.send(`LISTEN ${channel}`)
    } catch (error) {
      channels = channels.filter((channel) => !missing.includes(channel))
      throw error
    }
    if (!wasOpen || missing.length > 0) tell(undefined)
    if (!wasOpen) again()
  }

  return {
    id,
    ttl,
    ...signals,
    died,

    /** Throws `store`. */
    beatOnce: async (questions: Questions): Promise<boolean> => {
      const row = await questions.one<{ drains: boolean | null }>('SELECT worker_beat($1) AS drains', [id])
      if (row?.drains === null) died()
      return row?.drains !== null
    },

    during: async <T>(work: () => Promise<T>): Promise<T> => {
      writing += 1
      try {
        return await work()
      } finally {
        writing -= 1
      }
    },

    /** Throws `store`. */
    begin: (): Promise<string> => {
      begun ??= make().catch((error: unknown) => {
        begun = undefined
        session.drop()
        throw postgresError(address, error)
      })
      return begun
    },

    /** Throws as the questions do. */
    serve: async (questions: Questions, others: readonly string[]): Promise<void> => {
      sites = others
      if (begun === undefined) return
      const me = await begun
      await underPresentKey(async (key, seal) => {
        const row = await questions.one<{ done: boolean }>(
          `SELECT worker_sites($1, $2, $3, decode($4, 'hex')) AS done`,
          [key, me, others, seal],
        )
        return row?.done === true
      })
    },

    listen: (of: ListenTopic, hear: (what: string | undefined) => void): (() => void) => {
      hearers.set(hear, of)
      open().catch(() => undefined)
      live()
      return () => hearers.delete(hear)
    },

    /** Throws `store`. */
    rest: async (): Promise<void> => {
      if (kind !== 'client' || writing > 0 || !(isBegun || isResting)) return
      const before = begun
      isBegun = false
      isResting = true
      begun = undefined
      let isGone: boolean
      try {
        await session.open()
        isGone = (await session.send(REST, [id])).rows.length > 0
      } catch (error) {
        session.drop()
        throw postgresError(address, error)
      }
      // Somebody has begun it anew meanwhile, or it has something and lives on.
      if (begun !== undefined) return
      isResting = false
      if (isGone) return
      begun = before
      isBegun = true
    },

    end: async (): Promise<void> => {
      closed.abort()
      if (begun !== undefined && !lost.signal.aborted) {
        try {
          await session.open()
          await session.send('SELECT worker_end($1)', [id])
        } catch {
          // Its term ends without that, too.
        }
      }
      await session.close()
    },
  }
}

export interface SealedWorker {
  readonly id: string
  readonly name: string | null
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** In milliseconds. */
  readonly ttl: number
}

export interface KeptWorker extends SealedWorker {
  readonly seal: string
}

/** The columns of a {@link KeptWorker}, of `worker` as `w`. */
export const SEALED_WORKER =
  "w.id, w.name, w.kind, w.sites, w.version, (extract(epoch FROM w.ttl) * 1000)::float8 AS ttl, encode(w.seal, 'hex') AS seal"

/** What the seal of a process is over: without the key nobody adds one, or has one say something else of itself. */
export function workerText(origin: string, { id, name, kind, sites, version, ttl }: SealedWorker): string {
  return JSON.stringify({ id, kind, name, origin, sites, ttl, version, worker: true })
}

export function keptWorkers(ask: Ask): Promise<readonly KeptWorker[]> {
  return ask<KeptWorker>(`SELECT ${SEALED_WORKER} FROM worker w ORDER BY w.id`)
}

/** The first process that nobody with the key has begun. */
export function workersFault(workers: readonly KeptWorker[], keys: StoreKeys, origin: string): ChainFault | undefined {
  const odd = workers.find((worker) => !keys.isSeal(workerText(origin, worker), worker.seal))
  return odd === undefined
    ? undefined
    : { seq: 0, reason: `what is kept of process ${odd.id} is not what it has sealed` }
}
