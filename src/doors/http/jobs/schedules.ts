import type { Occurrence } from '../../../features/schedule/occurrence.ts'
import { scheduleActs, startByHand } from '../../../features/schedule/perform-schedule.ts'
import { ScheduleRunner } from '../../../features/schedule/schedule-runner.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import { carryOutToRest } from '../../../project/execution/run/carry-out.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { askSources } from '../../../project/switches/inventory/refresh-sources.ts'
import type { Console } from '../../../project/system/process/console.ts'
import type { Rehearse } from './rehearsals.ts'
import type { Runs } from './runs.ts'

// A clock may be set while nobody looks: so long at most between two looks, in milliseconds.
const LOOK = 20_000
// So long at least.
const PAUSE = 100

interface SchedulesParts {
  readonly app: App
  readonly console: Console
  readonly runs: Runs
  readonly rehearse: Rehearse
  failed(what: string, error: unknown): void
}

export class Schedules {
  readonly #parts: SchedulesParts
  readonly #runner: ScheduleRunner
  #wake: () => void = () => undefined

  constructor(parts: SchedulesParts) {
    this.#parts = parts
    const { app, console, runs, rehearse, failed } = parts
    const acts = scheduleActs(app, console, {
      begin: async (state, caller) => runs.begin(state, caller),
      through: (state, caller) => runs.atOnce(state.id, () => carryOutToRest(app, caller, state)),
      rehearse: (plan) => rehearse(plan, () => undefined),
    })
    this.#runner = new ScheduleRunner({
      app,
      schedules: app.project.settings.schedules,
      mayWait: true,
      ...acts,
      // A command asks before it runs schedules; a server has been running for a while.
      perform: async (occurrence) => {
        await askSources(app, console)
        return acts.perform(occurrence)
      },
      over: () => this.#wake(),
      failed,
    })
  }

  async follow(stop: AbortSignal): Promise<void> {
    const { clock } = this.#parts.app
    for (;;) {
      if (stop.aborted) return
      const next = await this.#looked()
      const left = next === undefined ? LOOK : next - clock.now()
      await this.#sleep(Math.min(Math.max(left, PAUSE), LOOK), stop)
    }
  }

  /** Throws as the policy does, InputError, and `busy`. */
  async start(app: RecordApp, caller: Caller, name: string): Promise<Occurrence> {
    this.#parts.runs.requireOpen()
    const occurrence = await startByHand(app, caller, this.#runner, name)
    this.#heed()
    return occurrence
  }

  wake(): void {
    this.#wake()
  }

  async #looked() {
    try {
      const next = await this.#runner.look()
      this.#heed()
      return next
    } catch (error) {
      this.#parts.failed('schedules', error)
      return undefined
    }
  }

  #heed() {
    this.#parts.runs.heed(this.#runner.end())
  }

  async #sleep(milliseconds: number, stop: AbortSignal) {
    const awake = new AbortController()
    this.#wake = () => awake.abort()
    const either = AbortSignal.any([awake.signal, stop])
    await this.#parts.app.clock.sleep(milliseconds, either).catch(() => undefined)
  }
}
