import type { App } from '../app/app.ts'
import { fold } from '../engine/fold.ts'
import { type ExecutionState, newExecution } from '../engine/state.ts'
import { cursorBehind } from '../journal/cursor.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { JsonObject } from '../model/json.ts'
import { entryJson, historian } from '../report/history.ts'
import { executionDocument } from './execution-document.ts'
import { type Frame, frameOf } from './frame.ts'

/** A record as it is sent. */
export interface SentRecord {
  readonly event: JournalEvent
  readonly frame: Frame
}

/** One execution that is watched: its records as they are sent, and its view, each made once for all who watch. */
export class Sheet {
  readonly #app: App
  readonly #entryOf: ReturnType<typeof historian>
  readonly #records: SentRecord[] = []
  #state: ExecutionState
  #drawn: { readonly seq: number; readonly view: JsonObject } | undefined

  constructor(app: App, id: string, events: readonly JournalEvent[]) {
    this.#app = app
    this.#entryOf = historian(id)
    this.#state = newExecution(id)
    this.written(events)
  }

  get state(): ExecutionState {
    return this.#state
  }

  /** Every record until now, in order. */
  get records(): readonly SentRecord[] {
    return this.#records
  }

  /** Takes what has come onto the record; what it knows is passed over. Gives what is new. */
  written(events: readonly JournalEvent[]): readonly SentRecord[] {
    const fresh: SentRecord[] = []
    for (const event of events) {
      if (event.seq <= this.#state.seq) continue
      this.#state = fold(this.#state, event)
      const data = entryJson(this.#entryOf(event))
      fresh.push({ event, frame: frameOf('record', data, cursorBehind(event)) })
    }
    this.#records.push(...fresh)
    return fresh
  }

  /** The whole view, for somebody who begins to watch. */
  async whole(): Promise<Frame> {
    const { view } = this.#drawn ?? (await this.#redraw())
    return frameOf('view', view, cursorBehind(this.#state))
  }

  /** The members of the view that are other than when it was drawn last; undefined where none is. */
  async draw(): Promise<Frame | undefined> {
    const before = this.#drawn
    if (before !== undefined && before.seq === this.#state.seq) return undefined
    const { view } = await this.#redraw()
    const changed = Object.entries(view).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before?.view[name]),
    )
    if (changed.length === 0 || before === undefined) return undefined
    return frameOf('view', { id: this.#state.id, seq: this.#state.seq, ...Object.fromEntries(changed) })
  }

  async #redraw(): Promise<{ readonly seq: number; readonly view: JsonObject }> {
    const { seq } = this.#state
    const events = this.#records.map(({ event }) => event)
    const view = await executionDocument(this.#app, this.#state, events)
    this.#drawn = { seq, view }
    return this.#drawn
  }
}
