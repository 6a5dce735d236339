import { expect } from 'vitest'
import type { Ended } from './exits.ts'
import { type Kill, killingCount, killingJournal, killingTransport } from './kill-at.ts'
import { type DeviceCaller, EosflowError, type Journal, type Seams, type Transport, wrapDevice } from './sources.ts'

/** Has work done as the process does it that it is of: one that was killed does no more. */
export type Reach = <T>(work: () => Promise<T>) => Promise<T>

/** A journal as far as a process reaches it. */
export const reachedJournal = (journal: Journal, reach: Reach): Journal => ({
  append: (...given) => reach(() => journal.append(...given)),
  read: (execution) => reach(() => journal.read(execution)),
})

/** A transport as far as a process reaches it, with each of its devices. */
export const reachedTransport = (transport: Transport, reach: Reach): Transport => ({
  connect: (...given) =>
    reach(async () => {
      const device = await transport.connect(...given)
      const through: DeviceCaller = (call) => reach(() => call(device))
      return wrapDevice({ name: device.name, close: () => device.close() }, { read: through, write: through })
    }),
})

/** A lab whose processes can be killed without ending the test's own. */
export interface KillingLab {
  /** Plans the change, or takes a saved plan, has it approved and runs it until the process dies at the point (as in crash.ts). */
  killAt(point: string, on?: string, saved?: string): Promise<void>
  /** Runs one command line until its process dies at the point; without a point, until `kill` is called. */
  killIn(command: () => Promise<Ended>, point?: string, on?: string): Promise<void>
  /** Kills the process that `killIn` runs. */
  kill(): void
  /** The next command of the same person: `eosflow resume`. */
  resume(): Promise<Ended>
}

const gone = () => new EosflowError('store', 'this process was killed')

/** The processes of a lab that are killed. What a killed process would still write or send is refused, and heard by no one. */
export class Kills implements Omit<KillingLab, 'resume'> {
  readonly #run: (...argv: readonly string[]) => Promise<Ended>
  #at: { readonly point: string; readonly on: string } | undefined
  #died = false
  #kill = () => undefined

  constructor(run: (...argv: readonly string[]) => Promise<Ended>) {
    this.#run = run
  }

  /** The seams of one process, which may be one to be killed. */
  around(seams: Seams): Seams {
    if (this.#at === undefined) return seams
    const { point, on } = this.#at
    let alive = true
    this.#kill = () => {
      alive = false
      this.#died = true
    }
    const kill: Kill = () => {
      this.kill()
      return Promise.reject(gone())
    }
    const reach: Reach = (work) => (alive ? work() : Promise.reject(gone()))
    const counting = killingCount(point, kill)
    return {
      ...seams,
      journal: (journal) => reachedJournal(counting(killingJournal(point, on, kill)(seams.journal(journal))), reach),
      transport: (transport) => reachedTransport(killingTransport(point, on, kill)(seams.transport(transport)), reach),
      http: (http) => {
        const client = seams.http?.(http) ?? http
        return { ...client, send: (...given) => reach(() => client.send(...given)) }
      },
    }
  }

  kill(): void {
    this.#kill()
  }

  async killIn(command: () => Promise<Ended>, point = 'kill', on = 'leaf1'): Promise<void> {
    this.#at = { point, on }
    this.#died = false
    const { out, err } = await command()
    this.#at = undefined
    expect(this.#died, `${point} was not come to:\n${out}${err}`).toBe(true)
  }

  async killAt(point: string, on = 'leaf1', saved?: string): Promise<void> {
    const file = saved ?? 'change.plan'
    if (saved === undefined) expect((await this.#run('plan', 'workflow.yaml', '-o', file)).code).toBe(0)
    expect((await this.#run('approve', file)).code).toBe(0)
    await this.killIn(() => this.#run('run', file), point, on)
  }
}
