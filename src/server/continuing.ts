import type { Caller } from '../app/caller.ts'
import { requireResumable } from '../app/policy/entry.ts'
import { endStopped, unheardStop } from '../app/stopping.ts'
import { suspensionOf } from '../app/suspension.ts'
import { foldAll } from '../engine/fold.ts'
import { waitsForSignal } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import { type Cursor, cursorBehind, isBehind } from '../journal/cursor.ts'
import type { JournalEvent } from '../journal/event.ts'
import { waitingFor } from '../report/waiting-for.ts'
import { onceTaken } from './act/resume.ts'
import type { Desk } from './desk.ts'
import type { ServedExecutions } from './served-executions.ts'

/** How often the record is looked at for an answer, in milliseconds. */
const LOOK = 500

/**
 * Goes on with executions of this server that wait: when somebody has decided or answered, wherever that was done, and at the start with those that
 * a server before has left. Each goes on as the one who has begun it, and the policy is asked as for a resume. One that somebody has stopped meanwhile
 * does not go on: it is put back.
 */
export class Continuing {
  readonly #desk: Desk
  readonly #served: ServedExecutions
  readonly #resting = new Map<string, ExecutionState>()

  constructor(desk: Desk, served: ServedExecutions) {
    this.#desk = desk
    this.#served = served
  }

  /** An execution that this process has run waits for somebody, who may have answered since it looked last. */
  rests(state: ExecutionState): void {
    this.#resting.set(state.id, state)
    this.#look(cursorBehind(state)).catch((error: unknown) => this.#desk.failed(state.id, error))
  }

  /** Goes on with what a server before has left; what somebody has had rest is left so. */
  async takeUp(): Promise<void> {
    const { app, failed } = this.#desk
    const open = new Set((await app.store.openExecutions()).map(({ id }) => id))
    for (const id of this.#served.ids) {
      if (!open.has(id)) {
        this.#served.forget(id)
        continue
      }
      // One that cannot be read keeps none of the others from going on.
      await this.#tookUp(id).catch((error: unknown) => failed(id, error))
    }
  }

  async #tookUp(id: string): Promise<void> {
    const { app } = this.#desk
    const events = await app.store.read(id)
    const state = foldAll(id, events)
    if ((await suspensionOf(app, state, events)) !== undefined) this.#resting.set(id, state)
    else await this.#goOn(state, events)
  }

  /** Looks at the record until the server ends. */
  async follow(stop: AbortSignal): Promise<void> {
    const { app, failed } = this.#desk
    let { cursor } = await app.store.tail()
    while (!stop.aborted) {
      try {
        cursor = await this.#look(cursor)
      } catch (error) {
        failed('record', error)
      }
      await app.clock.sleep(LOOK, stop).catch(() => undefined)
    }
  }

  async #look(after: Cursor): Promise<Cursor> {
    const { events, cursor } = await this.#desk.app.store.tail(after)
    for (const event of events) {
      for (const state of [...this.#resting.values()]) {
        // What was written before it came to rest it has heard itself.
        if (!isBehind(event, cursorBehind(state))) continue
        if (isOver(event, state.id)) this.#resting.delete(state.id)
        else if (isAnswer(event, state)) await this.#answered(state)
      }
    }
    return cursor
  }

  async #answered({ id }: ExecutionState): Promise<void> {
    const { app } = this.#desk
    const events = await app.store.read(id)
    const state = foldAll(id, events)
    // What a person has suspended, a person resumes.
    if ((await suspensionOf(app, state, events)) !== undefined) return
    this.#resting.delete(id)
    await this.#goOn(state, events)
  }

  /** Where it cannot go on now, it goes on when it is answered again. */
  async #goOn(state: ExecutionState, events: readonly JournalEvent[]): Promise<void> {
    const { app, runs, console, failed } = this.#desk
    const { requester, id } = state
    if (requester === undefined || runs.ids.includes(id)) return
    const caller: Caller = { ...console, principal: requester }
    const later = (error: unknown): void => {
      this.#resting.set(id, state)
      failed(id, error)
    }
    if ((await unheardStop(app, id, events)) !== undefined) {
      runs.take(id, () => endStopped(app, caller, id)).catch(later)
      return
    }
    await requireResumable(app, caller, state)
      .then(() => onceTaken(this.#desk, caller, id, { hears: waitsForSignal(state) }))
      .catch(later)
  }
}

/** Whether somebody else goes on with an execution, or it has ended. */
function isOver({ type, execution }: JournalEvent, id: string): boolean {
  return execution === id && ['ExecutionResumed', 'ExecutionRedriven', 'ExecutionEnded'].includes(type)
}

/** Whether a record answers what an execution waits for. A sign of life does not: it goes on waiting. */
function isAnswer(event: JournalEvent, state: ExecutionState): boolean {
  if (event.type === 'ApprovalDecided') return event.statement.plan === state.plan?.digest
  if (event.type !== 'SignalSent' || event.answer.signal === 'heartbeat') return false
  return waitingFor(state).some((one) => one.waitsFor === 'signal' && one.token === event.token)
}
