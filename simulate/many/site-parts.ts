import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { ControllerStore } from '../controller-store.ts'
import type { Person } from '../person.ts'
import { type Execution, newExecution } from '../simulated-execution.ts'
import type { FleetOfWorkers } from './fleet-of-workers.ts'

/** A history as far as its executions are concerned, and who drives them from several machines. */
interface Peopled {
  readonly executions: Execution[]
  readonly workers: FleetOfWorkers | undefined
}

/** The parts of a change over several sites, which its whole begins. */
export class SiteParts {
  readonly #history: Peopled
  readonly #person: (store: ControllerStore) => Person

  constructor(history: Peopled, person: (store: ControllerStore) => Person) {
    this.#history = history
    this.#person = person
  }

  /** What a worker has written: also the beginnings of parts, and words to them. */
  committed(
    { store, approving }: Execution,
    committed: (events: readonly JournalEvent[]) => void,
  ): (events: readonly JournalEvent[]) => void {
    return (events) => {
      for (const event of events) {
        if (event.type !== 'ExecutionStarted') continue
        this.#history.executions.push(
          newExecution({ id: event.execution ?? '', side: 'main', store, purpose: 'run', approving }),
        )
      }
      committed(events)
      this.#history.workers?.activations.hear(events)
    }
  }

  /** The executions that nobody drives, as any worker finds them, and those of whose end nobody has heard. */
  async undriven(): Promise<readonly string[]> {
    const [main] = this.#history.executions
    if (main === undefined) return []
    const left = await this.#person(main.store).undriven((id) => this.#history.workers?.cluster.isDriven(id) === true)
    const ended: string[] = []
    for (const { id, store, ended: seen } of this.#history.executions)
      if (seen === undefined && (await store.read(id)).at(-1)?.type === 'ExecutionEnded') ended.push(id)
    return [...left, ...ended]
  }

  /** Somebody has one of them stop. */
  stop(which: number): void {
    const parts = this.#history.executions.filter(({ side, ended }) => side === 'main' && ended === undefined).slice(1)
    const part = parts[which % parts.length]
    if (part !== undefined) this.#history.workers?.activations.stop(part)
  }
}
