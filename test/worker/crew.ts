import type { Hired } from './faults.ts'
import type { Taken } from './judge.ts'
import type { Machine } from './machine.ts'
import { pause, type Team } from './team.ts'

/** Keeps one worker at each machine: who ends is followed by another one. */
export class Crew {
  readonly #team: Team
  readonly #over: AbortSignal
  readonly #at = new Map<Machine, Hired>()
  readonly #trace: (line: string) => void
  /** How each worker has ended. */
  readonly ends: Record<string, number> = {}
  /** When each of them ended, by the name that its records have, milliseconds since the epoch. */
  readonly deaths = new Map<string, number>()
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
  async hire(machine: Machine): Promise<void> {
    for (let tries = 0; !this.#over.aborted; tries += 1) {
      try {
        const worker = await this.#team.worker({ machine, hears: (line) => this.#hear(line, machine.worker) })
        const hired = { worker, machine }
        this.#at.set(machine, hired)
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

  #hear(line: string, worker: string): void {
    const execution = /^(\S+): driven$/.exec(line)?.[1]
    if (execution === undefined) return
    this.taken.set(execution, [...(this.taken.get(execution) ?? []), { worker, at: Date.now() }])
  }

  /** Has all of them drain, and waits for that. */
  async dismiss(): Promise<void> {
    const all = this.hired
    for (const { worker } of all) {
      worker.process.kill('SIGCONT')
      worker.process.kill('SIGTERM')
    }
    await Promise.race([Promise.all(all.map(({ worker }) => worker.ended)), pause(20_000)])
  }
}
