import pg from 'pg'
import { isOutage } from '../../../../change/record/postgres/postgres-error.ts'

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
