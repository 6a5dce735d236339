import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Pulse } from '../../../change/task/act/pulse.ts'
import type { App } from '../../../project/app/app.ts'
import { wakesOf } from '../../../project/history/requests/wakes.ts'
import { AskedPlans } from '../jobs/asked-plans.ts'
import { frameOf, inOrder, type SentRecord, WatchedExecution } from '../jobs/watched-execution.ts'
import type { Watcher } from './watcher.ts'

// How often it is asked whether anybody has written, in milliseconds: one question to SQLite that reads nothing.
const LOOK = 100
// At most so often the view of an execution is computed and sent, in milliseconds: four times a second.
const FRAME = 250
const KEPT = 200

export interface LiveOptions {
  readonly app: App
  failed(what: string, error: unknown): void
  /** The newest record was sent to those who watch, so many seconds after it was written. */
  lagged?(seconds: number): void
}

/**
 * The newest records of the store for whoever watches, whatever process has written them: read once, folded once for each execution, and shared by all
 * who watch it.
 */
export class LiveRecords {
  readonly asked = new AskedPlans()
  readonly #options: LiveOptions
  readonly #watchers = new Set<Watcher>()
  readonly #sheets = new Map<string, Promise<WatchedExecution>>()
  readonly #pulses = new Map<string, Map<string, Pulse>>()
  #policy: string | undefined
  #written = 0

  constructor(options: LiveOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#watchers.size
  }

  get written(): number {
    return this.#written
  }

  watchers(): Iterable<Watcher> {
    return this.#watchers
  }

  async sheetOf(id: string): Promise<WatchedExecution> {
    const known = this.#sheets.get(id)
    if (known !== undefined) return known
    const { app } = this.#options
    const made = app.store.read(id).then((events) => new WatchedExecution(app, id, events, this.pulsesOf(id)))
    this.#sheets.set(id, made)
    made.catch(() => this.#sheets.delete(id))
    return made
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
      for (const id of watcher.executions) {
        const isWatched = [...this.#watchers].some(({ executions }) => executions.has(id))
        if (!isWatched) this.#sheets.delete(id)
      }
    }
  }

  pulsesOf(id: string): Map<string, Pulse> {
    const known = this.#pulses.get(id) ?? new Map<string, Pulse>()
    this.#pulses.delete(id)
    this.#pulses.set(id, known)
    const [oldest = ''] = this.#pulses.keys()
    if (this.#pulses.size > KEPT) this.#pulses.delete(oldest)
    return known
  }

  async pulsed(id: string, pulse: Pulse): Promise<void> {
    this.pulsesOf(id).set(pulse.device, pulse)
    const sheet = await this.#sheets.get(id)
    if (sheet === undefined) return
    sheet.pulsed()
    const { device, round, goodSince, timerEnds } = pulse
    const left =
      timerEnds === undefined ? {} : { timerLeft: Math.max(0, (timerEnds - this.#options.app.clock.now()) / 1000) }
    const since = goodSince === undefined ? {} : { goodSince }
    const frame = frameOf('pulse', { execution: id, switch: device, round, ...since, ...left })
    for (const watcher of this.#watchers) if (watcher.executions.has(id)) watcher.frame(frame)
  }

  async follow(stop: AbortSignal): Promise<void> {
    const { app, failed } = this.#options
    const { store, clock } = app
    let { cursor } = await store.tail()
    let mark: string | undefined
    const wakes = wakesOf(app, { of: 'records' })
    let isDue = true
    let drawn = clock.monotonic()
    while (!stop.aborted) {
      try {
        const now = store.foreignWrites?.()
        if (isDue && (now === undefined || now !== mark)) {
          const tail = await store.tail(cursor)
          cursor = tail.cursor
          await this.#took(tail.events)
          // A full page: there may be more behind it.
          mark = tail.events.length === 0 ? now : undefined
          isDue = now !== undefined || tail.events.length > 0
        }
        if (clock.monotonic() - drawn >= FRAME) {
          drawn = clock.monotonic()
          await this.#draw()
        }
      } catch (error) {
        failed('live', error)
        mark = undefined
        isDue = true
      }
      const isHeard = await wakes.pause(LOOK, stop)
      isDue ||= isHeard
    }
    wakes.close()
    for (const watcher of this.#watchers) watcher.leave('the server is ending')
  }

  async #took(events: readonly JournalEvent[]) {
    if (events.length === 0) return
    this.#written += 1
    this.asked.took(events)
    const sent: SentRecord[] = []
    for (const id of new Set(events.map(({ execution }) => execution))) {
      const own = events.filter(({ execution }) => execution === id)
      // A sheet that cannot be made is told to whoever has asked for it.
      const sheet = id === undefined ? undefined : await this.#sheets.get(id)?.catch(() => undefined)
      sent.push(...(sheet?.written(own) ?? []))
    }
    sent.sort(inOrder)
    for (const watcher of this.#watchers) {
      watcher.records(sent)
      watcher.changed()
    }
    const { app, lagged } = this.#options
    const newest = sent.at(-1)
    if (this.#watchers.size > 0 && newest !== undefined)
      lagged?.(Math.max(0, app.clock.now() - Date.parse(newest.event.at)) / 1000)
  }

  async #draw() {
    this.#askAgain()
    for (const [id, made] of this.#sheets) {
      const drawn = await made.then((sheet) => sheet.draw()).catch((error: unknown) => this.#undrawn(id, error))
      if (drawn === undefined) continue
      for (const watcher of this.#watchers) if (watcher.executions.has(id)) watcher.drawn(drawn)
    }
    for (const watcher of this.#watchers) watcher.flush()
  }

  #undrawn(id: string, error: unknown): undefined {
    this.#options.failed(id, error)
    for (const watcher of this.#watchers) if (watcher.executions.has(id)) watcher.leave('the record cannot be read')
  }

  #askAgain() {
    if (this.#watchers.size === 0) return
    try {
      const { digest } = this.#options.app.project.policy() ?? {}
      if (digest === this.#policy) return
      this.#policy = digest
      for (const watcher of this.#watchers) watcher.askAgain()
    } catch (error) {
      this.#options.failed('policy', error)
      this.#policy = undefined
      for (const watcher of this.#watchers) watcher.leave('the policy cannot be read')
    }
  }
}
