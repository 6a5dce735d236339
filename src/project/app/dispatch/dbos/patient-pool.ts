import pg from 'pg'
import { isOutage } from '../../../../change/record/postgres/postgres-error.ts'
import { type PostgresAddress, serverConfig } from '../../../../change/record/postgres/server-config.ts'

// How long a connection and an answer may take, in milliseconds: over a connection that is half-open none ever comes.
const CONNECT = 5000
const ANSWER = 10_000
const LONG = 600_000

/** Connections that say in `pg_stat_activity` whose they are. `makes`: tables, which takes longer than an answer does. */
export function dispatchPool(address: PostgresAddress, name: string, max: number, makes = false): PatientPool {
  const pool = new PatientPool({
    ...serverConfig(address, name),
    connectionTimeoutMillis: CONNECT,
    query_timeout: makes ? LONG : ANSWER,
    max,
    allowExitOnIdle: true,
  })
  // A session that breaks while nobody uses it is replaced at the next question.
  pool.on('error', () => undefined)
  // Of a transaction that was open while this process was frozen: its next statement fails, and the process goes on to its end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

// How long it is waited before a server that is away is tried again, in milliseconds.
const PAUSE = 250

type Taken = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void

/** Sessions for whoever waits ever longer after each connection that fails, up to a minute and a half: it hears of none. */
export class PatientPool extends pg.Pool {
  #isOver = false

  giveUp(): void {
    this.#isOver = true
  }

  override connect(): Promise<pg.PoolClient>
  override connect(taken: Taken): void
  override connect(taken?: Taken): Promise<pg.PoolClient> | undefined {
    const waiting = this.#connected()
    if (taken === undefined) return waiting
    waiting.then(
      (client) => taken(undefined, client, (release) => client.release(release as boolean)),
      (error: Error) => taken(error, undefined, () => undefined),
    )
    return undefined
  }

  async #connected(): Promise<pg.PoolClient> {
    for (;;) {
      try {
        return await super.connect()
      } catch (error) {
        if (this.#isOver || this.ending || !isOutage(error)) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}
