import type { ExecutionState } from '../src/change/engine/state.ts'
import { recordedPlan } from '../src/change/plan/stored-plan.ts'
import type { JournalEvent } from '../src/change/record/event/event.ts'
import { unlimitedRoom } from '../src/change/record/room.ts'
import { noClaims } from '../src/change/record/store/claims.ts'
import { setFreeze } from '../src/features/freeze/set-freeze.ts'
import { Life, silentConsole, storeOf, trialApp } from '../src/lab/trial/trial-app.ts'
import type { Clock, Random } from '../src/model/clock.ts'
import { EosflowError } from '../src/model/error.ts'
import type { App } from '../src/project/app/app.ts'
import type { WorkerDispatch } from '../src/project/app/dispatch/worker-dispatch.ts'
import { decideAs } from '../src/project/approval/decide.ts'
import { type Beginning, begin, recordBeginning } from '../src/project/execution/journal/begin.ts'
import { undriven } from '../src/project/execution/resume/drive.ts'
import type { Project } from '../src/project/files/project.ts'
import type { Caller } from '../src/project/identity/caller-of.ts'
import { KEY, OPERATOR } from './change-under-test.ts'
import type { ControllerStore } from './controller-store.ts'

/** After how long somebody tries again what was refused because a switch is held, in milliseconds. */
const AGAIN = 2000

/** What a person works with who types a command that nothing befalls. */
export interface PersonParts {
  readonly project: Project
  readonly store: ControllerStore
  readonly clock: Clock
  readonly names: Pick<Random, 'hex'>
  /** Where a change is over several sites: how workers are sent to it. */
  readonly dispatch?: WorkerDispatch | undefined
  /** Hears notes and warnings. */
  tell(text: string): void
  /** Sees what the person puts on record. */
  appended(events: readonly JournalEvent[]): void
}

/** Somebody beside the controllers of a history: begins executions, and decides about plans later than at a terminal. */
export class Person {
  readonly #app: App
  readonly #caller: Caller

  constructor({ project, store, clock, names, tell, appended, dispatch }: PersonParts) {
    this.#caller = { ...silentConsole(), tell, principal: OPERATOR }
    const app = trialApp({
      project,
      store: storeOf(store, new Life(0, ''), { appending: () => undefined, keeping: () => undefined, appended }),
      room: unlimitedRoom,
      clock,
      key: KEY,
      transport: { connect: () => Promise.reject(new EosflowError('bug', 'a person asks no switch')) },
      seams: { names, principal: OPERATOR },
    })
    this.#app = dispatch === undefined ? app : { ...app, dispatch }
  }

  /**
   * Puts an execution on record, whether its switches are free or not: of two commands at the same moment both have asked that before
   * either has touched a switch.
   */
  async begin(beginning: Beginning): Promise<ExecutionState> {
    return recordBeginning(this.#app, this.#caller, beginning)
  }

  /** Begins an execution as `run` does, and again as long as another one holds the switch. */
  async beginWhenFree(beginning: Beginning): Promise<ExecutionState> {
    for (;;) {
      try {
        return await begin(this.#app, this.#caller, beginning)
      } catch (error) {
        if (!(error instanceof EosflowError) || error.kind !== 'busy') throw error
        await this.#app.clock.sleep(AGAIN)
      }
    }
  }

  /** Begins an execution, with `waits` when its switches are free; undefined where a freeze is in force. */
  async beginUnlessFrozen(beginning: Beginning, waits: 'waits' | undefined): Promise<ExecutionState | undefined> {
    try {
      return await (waits === undefined ? this.begin(beginning) : this.beginWhenFree(beginning))
    } catch (error) {
      if (error instanceof EosflowError && error.kind === 'window-closed') return undefined
      throw error
    }
  }

  /** Has nothing new begin for some seconds. Nothing keeps anybody from that: a failure ends the process of the histories. */
  beginFreeze(seconds: number): void {
    void setFreeze(this.#app, this.#caller, { reason: 'core is unstable', lasts: seconds })
  }

  /** The executions that nobody drives though there is something to do, as the sweeper of a worker finds them. */
  async undriven(isClaimed: (execution: string) => boolean): Promise<readonly string[]> {
    const claims = { ...noClaims, isClaimed: async (id: string) => isClaimed(id) }
    const found = await undriven({ ...this.#app, claims }, (_, error) => {
      throw error
    })
    return found.map(({ id }) => id)
  }

  /** Decides about the plan that an execution waits with. */
  async decide({ plan }: ExecutionState, decision: 'approve' | 'reject'): Promise<void> {
    if (plan === undefined) return
    const waiting = await recordedPlan(this.#app.store, plan.ref)
    await decideAs(this.#app, this.#caller, waiting, { decision, comment: 'later' })
  }
}
