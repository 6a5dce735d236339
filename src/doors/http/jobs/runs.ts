import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App } from '../../../project/app/app.ts'
import type { AskMode } from '../../../project/approval/approvals.ts'
import { handOver } from '../../../project/execution/run/carry-out.ts'
import { run as runOn } from '../../../project/execution/run/run.ts'
import { endLeftPlan, isLasting } from '../../../project/execution/stop/stop.ts'
import { suspensionOf } from '../../../project/history/requests/stop-asked.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import type { ServedExecutions } from './served-executions.ts'

interface RunsOptions {
  readonly app: App
  // So many at once; others wait, in order, unless a switch waits for them.
  readonly most: number
  readonly served: ServedExecutions
  readonly failed: (id: string, error: unknown) => void
  readonly rests: (state: ExecutionState) => void
}

type Work = () => Promise<ExecutionState>

interface Run {
  readonly id: string
  readonly over: Promise<void>
}

/** The executions that this process runs: at most so many at once, and each to its end whoever has asked for it and has gone since. */
export class Runs {
  readonly #options: RunsOptions
  readonly #running = new Set<Run>()
  readonly #beside = new Set<Promise<unknown>>()
  #waiting: { readonly id: string; readonly begin: () => void }[] = []
  #isEnding = false

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Throws `busy` once this process is to end: nothing new begins then. */
  requireOpen(): void {
    if (!this.#isEnding) return
    throw new EosflowError('busy', 'this server is ending: nothing new begins', { hint: 'Ask again in a moment.' })
  }

  begin(state: ExecutionState, caller: Caller, ask: AskMode = { detach: true }): void {
    const { id } = state
    const { app } = this.#options
    if (app.dispatch !== undefined) {
      this.heed(handOver(app, app.dispatch, state))
      return
    }
    const isUrgent = state.status === 'compensating' || liveSwitches(state).length > 0
    if (this.#isEnding && !isUrgent) return
    const work: Work = async () => {
      const { now, mayRun } = await this.#asItIs(state)
      return mayRun ? this.#run(now, caller, ask) : now
    }
    // Who asks for it once more while it waits is the one who goes on with it.
    this.#waiting = this.#waiting.filter((one) => one.id !== id)
    if (isUrgent || this.#running.size < this.#options.most) this.#start(id, work)
    else this.#waiting.push({ id, begin: () => this.#start(id, work) })
  }

  async atOnce(id: string, work: Work): Promise<ExecutionState> {
    this.requireOpen()
    return this.#started(id, work)
  }

  heed(work: Promise<unknown>): void {
    const settled = work
      .catch(() => undefined)
      .finally(() => {
        this.#beside.delete(settled)
      })
    this.#beside.add(settled)
  }

  get ids(): readonly string[] {
    return [...new Set([...this.#running, ...this.#waiting].map(({ id }) => id))]
  }

  async end(): Promise<void> {
    this.#isEnding = true
    this.#waiting = []
    while (this.#running.size + this.#beside.size > 0)
      await Promise.all([...[...this.#running].map(({ over }) => over), ...this.#beside])
  }

  #run(state: ExecutionState, caller: Caller, ask: AskMode) {
    const { app } = this.#options
    return runOn(app, caller, state, ask).catch((error: unknown) => {
      if (state.purpose === 'plan' && isLasting(error)) return endLeftPlan(app, caller, state.id, error)
      throw error
    })
  }

  #start(id: string, work: Work) {
    this.#started(id, work).catch((error: unknown) => this.#options.failed(id, error))
  }

  #started(id: string, work: Work) {
    const done = work()
    const ended = done.catch(() => undefined)
    // Not by its id: who asks to go on with one that runs already is refused, and it runs on.
    const run: Run = {
      id,
      over: ended.then((state) => {
        this.#running.delete(run)
        if (state !== undefined) this.#left(state)
        if (!this.#isEnding && this.#running.size < this.#options.most) this.#waiting.shift()?.begin()
      }),
    }
    this.#running.add(run)
    return done
  }

  #left(state: ExecutionState) {
    if (state.status === 'ended') this.#options.served.forget(state.id)
    else if (!this.#isEnding) this.#options.rests(state)
  }

  async #asItIs({ id }: ExecutionState): Promise<{ readonly now: ExecutionState; readonly mayRun: boolean }> {
    const { app } = this.#options
    if (await app.claims.isClaimed(id)) throw new EosflowError('busy', `execution ${id} is run by another process`)
    const events = await app.store.read(id)
    const now = foldAll(id, events)
    return { now, mayRun: now.status !== 'ended' && (await suspensionOf(app, now, events)) === undefined }
  }
}
