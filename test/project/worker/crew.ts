import type { Hired } from './faults.ts'
import type { Machine } from './machine.ts'
import { pause, type Team } from './team.ts'
import type { Part, Taken } from './undriven.ts'

/** Keeps one worker at each machine: who ends is followed by another one. */
export class Crew {
  readonly #team: Team
  readonly #over: AbortSignal
  readonly #at = new Map<Machine, Hired>()
  readonly #trace: (line: string) => void
  readonly #hiring = new Set<Promise<void>>()
  /** How each worker has ended. */
  readonly ends: Record<string, number> = {}
  /** When each of them ended, by the name that its records have, milliseconds since the epoch. */
  readonly deaths = new Map<string, number>()
  /** When each of them was frozen, by the same names. */
  readonly frozen = new Map<string, Part[]>()
  /** The names that their records have, by their ids in the store. */
  readonly names = new Map<string, string>()
  /** Which of them have said that they drive an execution, and when. */
  readonly taken = new Map<string, Taken[]>()

  constructor(team: Team, over: AbortSignal, trace: (line: string) => void) {
    this.#team = team
    this.#over = over
    this.#trace = trace
  }

  /** Those who work now. */
  get hired(): readonly Hired[] {
    return [...this.#at.values()]
  }

  /** Has a worker at this machine until all is over; resolves when the first one works. */
  hire(machine: Machine): Promise<void> {
    const hiring = this.#hire(machine).finally(() => this.#hiring.delete(hiring))
    this.#hiring.add(hiring)
    return hiring
  }

  async #hire(machine: Machine): Promise<void> {
    for (let tries = 0; !this.#over.aborted; tries += 1) {
      try {
        const worker = await this.#team.worker({ machine, hears: (line) => this.#hear(line, machine.worker) })
        const hired = { worker, machine }
        this.#at.set(machine, hired)
        this.names.set(worker.id, worker.name)
        void worker.ended.then((end) => {
          this.#trace(`${worker.name} ends with ${end}${end === 'SIGKILL' ? '' : `: ${worker.said().slice(-200)}`}`)
          this.ends[end] = (this.ends[end] ?? 0) + 1
          this.deaths.set(worker.name, Date.now())
          this.#at.delete(machine)
          return this.hire(machine)
        })
        return
      } catch (error) {
        // The database may be away for a moment.
        if (tries % 20 === 19) this.#trace(`no worker begins at ${machine.name}: ${String(error)}`)
        await pause(200)
      }
    }
  }

  /** A worker was stopped in its tracks for this time. */
  froze(worker: string, part: Part): void {
    this.frozen.set(worker, [...(this.frozen.get(worker) ?? []), part])
  }

  /** What it says of an execution: that it drives it, and then how that went. */
  #hear(line: string, worker: string): void {
    const [, execution, what] = /^(?:! )?(\d{8}-\d{6}-[0-9a-f]{8}): (.*)$/.exec(line) ?? []
    if (execution === undefined) return
    const known = this.taken.get(execution) ?? []
    const at = Date.now()
    if (what === 'driven') this.taken.set(execution, [...known, { worker, at }])
    else {
      const begun = known.findLastIndex((one) => one.worker === worker && one.left === undefined)
      this.taken.set(
        execution,
        known.map((one, place) => (place === begun ? { ...one, left: at } : one)),
      )
    }
  }

  /** Has all of them drain, also who only begins now, and kills who has not after 20 s: what is judged then stays as it is. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#hiring)
    const all = this.hired
    const ended = Promise.all(all.map(({ worker }) => worker.ended))
    for (const { worker } of all) {
      worker.process.kill('SIGCONT')
      worker.process.kill('SIGTERM')
    }
    await Promise.race([ended, pause(20_000)])
    for (const { worker } of all) worker.process.kill('SIGKILL')
    await ended
  }
}
