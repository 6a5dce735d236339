import type { ExecutionState } from '../../change/engine/state.ts'
import type { AskMode } from '../../project/approval/approvals.ts'
import { carryOut } from '../../project/execution/run/carry-out.ts'
import { runUntilSettled } from '../../project/execution/run/run-until-settled.ts'
import type { ProjectDoor, Visit } from './project-door.ts'

/** One execution that this process runs, or has run. */
export interface RunHere {
  readonly id: string
  /** Whether it has ended or rests. */
  readonly isOver: boolean
  /** Resolves then, and rejects with what it has failed with: whoever waits for it has heard of that. */
  over(): Promise<void>
}

/** An execution that is on record, and how its approval is come by. */
export interface RunBeginning {
  readonly state: ExecutionState
  readonly ask: AskMode
}

/** The executions that this process runs for the caller of a project, each until it ends or rests. */
export class RunsHere {
  readonly #door: ProjectDoor
  readonly #runs = new Map<string, RunHere>()
  readonly #untold = new Map<string, Error>()

  constructor(door: ProjectDoor) {
    this.#door = door
  }

  /** Runs an execution. Nothing of it puts a switch back but its own failure or a stop that is on record: to close the project lets it rest. */
  begin(visit: Visit, { state, ask }: RunBeginning): void {
    const { app } = visit
    const { id } = state
    const never = new AbortController().signal
    // Where workers drive it this process only watches, and may leave.
    const caller = app.dispatch === undefined ? { ...visit.caller, stop: never } : visit.caller
    let failure: Error | undefined
    const run = { id, isOver: false, over: async () => this.#heard(id, ended, () => failure) }
    const ended = this.#door
      .begun(async () => {
        try {
          await runUntilSettled(app, id, () => carryOut(app, caller, state, ask))
        } finally {
          await visit.close()
        }
      })
      .catch((error: Error) => {
        failure = error
        this.#untold.set(id, error)
      })
      .finally(() => {
        run.isOver = true
      })
    this.#runs.set(id, run)
  }

  /** The newest run of an execution here; undefined where this process has not run it. */
  of(id: string): RunHere | undefined {
    return this.#runs.get(id)
  }

  /** Throws what a run has failed with that nobody has heard of. */
  tell(): void {
    const [first] = this.#untold.values()
    this.#untold.clear()
    if (first !== undefined) throw first
  }

  async #heard(id: string, ended: Promise<void>, failure: () => Error | undefined) {
    await ended
    const error = failure()
    if (error === undefined) return
    this.#untold.delete(id)
    throw error
  }
}
