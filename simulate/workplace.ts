import type { PreparedChange } from '../src/change/plan/prepare.ts'
import type { JournalEvent } from '../src/change/record/event/event.ts'
import { memoryProject } from '../src/lab/trial/memory-project.ts'
import { bareHost } from '../src/lab/trial/trial-app.ts'
import type { Clock, Random } from '../src/model/clock.ts'
import type { WorkerDispatch } from '../src/project/app/dispatch/worker-dispatch.ts'
import type { Project } from '../src/project/files/project.ts'
import { type Inverse, preparedChange, projectFiles, workflowOf } from './change-under-test.ts'
import type { ControllerStore } from './controller-store.ts'
import type { Side } from './device-texts.ts'
import { PAST, recordPast } from './past-changes.ts'
import { Person } from './person.ts'
import type { Scenario } from './scenario.ts'
import { newSimulatedStore } from './simulated-store.ts'

/** What the people of a history work with. */
export interface WorkplacePorts {
  readonly scenario: Scenario
  /** The clock of their machine. */
  readonly clock: Clock
  /** What the names of executions and the nonces of decisions are drawn from. */
  readonly names: Pick<Random, 'hex'>
  /** Where a change is over several sites: how workers are sent to it. */
  readonly dispatch?: WorkerDispatch | undefined
  /** Makes a store for many machines. Absent: there is one. */
  newStore?(clock: Clock): Promise<ControllerStore> | undefined
  /** Hears what is said to somebody beside the controllers. */
  tell(text: string): void
  /** Sees what somebody beside the controllers puts on record. */
  appended(events: readonly JournalEvent[]): void
}

/** The project of a history in memory, its stores, and whoever types a command there. */
export class Workplace {
  readonly project: Project
  readonly #ports: WorkplacePorts
  /** The workflow of a change is there when it begins. */
  readonly #files: Map<string, string>

  constructor(ports: WorkplacePorts) {
    this.#ports = ports
    this.#files = new Map(projectFiles(ports.scenario))
    this.project = memoryProject(this.#files, bareHost('/'))
  }

  /** A store in which the changes of the past are on record, where there were some. */
  async newStore(): Promise<ControllerStore> {
    const { scenario, clock } = this.#ports
    let now = (): number => clock.now()
    const own: Clock = { ...clock, now: () => now() }
    const store = await (this.#ports.newStore?.(own) ?? newSimulatedStore(own, scenario.commits))
    for (const { at, drawn } of scenario.hasPast ? PAST : []) {
      now = () => at
      const names = { hex: () => drawn }
      const person = new Person({
        project: this.project,
        store,
        clock: own,
        names,
        tell: () => undefined,
        appended: () => undefined,
      })
      await recordPast(person, store, this.prepared('main'))
    }
    now = () => clock.now()
    return store
  }

  /** Writes the workflow of a change, and prepares it. */
  prepared(side: Side, inverse?: Inverse): PreparedChange {
    const file = `${side}.yaml`
    this.#files.set(file, workflowOf(this.#ports.scenario, side, inverse))
    return preparedChange(this.project, file)
  }

  /** Somebody at another terminal. `writes` sees first what they put on record. */
  person(store: ControllerStore, writes: (events: readonly JournalEvent[]) => void = () => undefined): Person {
    const { clock, names, tell, appended, dispatch } = this.#ports
    return new Person({
      dispatch,
      project: this.project,
      store,
      clock,
      names,
      tell,
      appended: (events) => {
        writes(events)
        appended(events)
      },
    })
  }
}
