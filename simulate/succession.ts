import { waitsForApproval } from '../src/change/engine/outcome.ts'
import type { ExecutionState } from '../src/change/engine/state.ts'
import type { Timeline } from '../src/lab/trial/timeline.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { Random } from '../src/model/clock.ts'
import { EosflowError } from '../src/model/error.ts'
import type { FleetOfWorkers } from './many/fleet-of-workers.ts'
import type { Scenario } from './scenario.ts'
import type { Execution } from './simulated-execution.ts'
import type { Watch } from './watch.ts'

/** What is needed for an execution to go on. */
export interface SuccessionPorts {
  readonly scenario: Scenario
  readonly timeline: Timeline
  readonly watch: Watch
  readonly chance: Random
  /** Where it is driven from many machines: their workers. */
  readonly workers: FleetOfWorkers | undefined
  /** Whether something may still befall the history. */
  areOn(): boolean
  /** Counts what was met. */
  meet(what: string): void
  fail(error: unknown): void
  /** A new controller takes an execution up; `isStopped`: it is to be put back. */
  start(execution: Execution, isStopped: boolean): void
  /** A person decides about the plan of an execution. */
  decide(execution: Execution, state: ExecutionState, decision: 'approve' | 'reject'): Promise<void>
  /** An execution has ended. */
  ended(execution: Execution, state: ExecutionState): void
}

/** After how many seconds a person takes up what was killed. */
const RESTARTS = [0, 1, 10, 60, 250, 320, 700] as const

/** So many seconds after the expiry of its approval an execution goes on that is decided about too late. */
export const TOO_LATE = 20

/** So long after a command has failed no commit of it is late any more, in milliseconds. */
const LATE_COMMIT = 60_000

/** What becomes of an execution when its controller is gone: it has ended, a person decides about it, or another controller takes it up. */
export class Succession {
  readonly #ports: SuccessionPorts

  constructor(ports: SuccessionPorts) {
    this.#ports = ports
  }

  /** A controller has left its execution at rest, or at its end. */
  rested(execution: Execution, life: Life, state: ExecutionState): void {
    const { workers, watch } = this.#ports
    this.#leave(life)
    // Somebody else has seen its end, or has begun it again since this one has read it.
    const newest = workers?.cluster.newest(execution.id).seq ?? state.seq
    if (workers !== undefined && (execution.ended !== undefined || newest !== state.seq)) return
    // Who finds the old end while somebody begins it again has found nothing new.
    if (execution.redriver?.alive === true && execution.endedBefore?.seq === state.seq) return
    if (state.status === 'ended') {
      execution.ended = state
      watch.ended?.(execution.id, state)
      this.#ports.ended(execution, state)
      return
    }
    watch.note?.(`controller ${life.number} rests: ${state.status}`)
    if (life.suspend.signal.aborted) watch.rested?.(execution)
    this.#letDecide(execution, state)
  }

  /** A controller has given its execution up. */
  failed(execution: Execution, life: Life, error: unknown): void {
    const { watch, workers, meet, fail } = this.#ports
    this.#leave(life)
    if (!(error instanceof EosflowError)) {
      fail(error)
      return
    }
    watch.note?.(`controller ${life.number} fails: ${error.kind}: ${error.message}`)
    meet(`controller ends: ${error.kind}`)
    watch.gaveUp?.(life, error)
    if (error.kind === 'bug') fail(error)
    // Where there are many machines, a sweeper finds what nobody drives.
    else if (workers === undefined) this.#takeUpLater(execution)
    else this.#stillEndedLater(execution)
  }

  /** A command that could not put on record that it begins an execution again fails, and the execution has ended as it had; a late commit is waited for. */
  #stillEndedLater(execution: Execution): void {
    const { timeline, workers } = this.#ports
    const before = execution.endedBefore
    if (before === undefined || execution.ended !== undefined) return
    timeline.after(LATE_COMMIT, () => {
      if (execution.ended === undefined && workers?.cluster.newest(execution.id).seq === before.seq)
        execution.ended = before
    })
  }

  /** A controller was killed. It is taken up again after some seconds; undefined: after a time that is drawn. */
  killed(execution: Execution, seconds?: number): void {
    // Where there are many machines, somebody has to find out first.
    if (this.#ports.workers === undefined) this.#takeUpLater(execution, seconds)
  }

  /** A process ends, and says so. */
  #leave(life: Life): void {
    life.kill()
    this.#ports.workers?.cluster.end(life)
  }

  /** A person decides about an execution that waits for that, as far as its history has one who does. */
  #letDecide(execution: Execution, state: ExecutionState): void {
    const { scenario, timeline, watch, decide, fail } = this.#ports
    const { approving } = execution
    if (scenario.sites) {
      this.#letDecideAtSites(execution, state)
      return
    }
    if (approving === 'at once') {
      this.#takeUpLater(execution)
      return
    }
    const digest = state.plan?.digest
    if (approving === 'never' || digest === undefined || execution.decided === digest) {
      this.#takeUpLater(execution, 600, true)
      return
    }
    timeline.after(20_000, () => {
      execution.decided = digest
      const decision = approving === 'rejected' ? 'reject' : 'approve'
      watch.note?.(`a person decides about ${execution.id}: ${decision}`)
      decide(execution, state, decision).catch(fail)
      this.#takeUpLater(execution, approving === 'too late' ? scenario.expires + TOO_LATE : 5)
    })
  }

  /** Who decides about the plan of all sites wakes its worker; one that nobody decides about is stopped in the end. */
  #letDecideAtSites(execution: Execution, state: ExecutionState): void {
    const { timeline, watch, decide, fail, workers } = this.#ports
    const { approving } = execution
    const digest = state.plan?.digest
    if (!waitsForApproval(state) || digest === undefined || execution.decided === digest) return
    execution.decided = digest
    if (approving === 'never') {
      timeline.after(600_000, () => {
        workers?.activations.stop(execution)
        workers?.activations.post(execution, 'it is stopped')
      })
      return
    }
    timeline.after(20_000, () => {
      const decision = approving === 'rejected' ? 'reject' : 'approve'
      watch.note?.(`a person decides about ${execution.id}: ${decision}`)
      decide(execution, state, decision).catch(fail)
    })
  }

  /** Somebody takes an execution up again, unless somebody else runs it by then. */
  #takeUpLater(execution: Execution, seconds = this.#pause(), isStopped = false): void {
    const { timeline, workers, start } = this.#ports
    workers?.activations.postLater(execution, seconds, isStopped)
    if (workers !== undefined || execution.expected || execution.ended !== undefined) return
    execution.expected = true
    timeline.after(seconds * 1000, () => {
      execution.expected = false
      if (!execution.lives.some(({ alive }) => alive)) start(execution, isStopped)
    })
  }

  #pause(): number {
    const { areOn, chance } = this.#ports
    return areOn() ? (RESTARTS[Math.floor(chance.fraction() * RESTARTS.length)] ?? 0) : 5
  }
}
