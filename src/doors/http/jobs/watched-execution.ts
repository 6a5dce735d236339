import type { ExecutionState } from '../../../change/engine/state.ts'
import { byPlace, type Cursor, cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Pulse } from '../../../change/task/act/pulse.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { App } from '../../../project/app/app.ts'
import { deathsBehind } from '../../../project/app/dispatch/poison.ts'
import { seenFrom } from '../../../project/history/execution-view.ts'
import { lastAsked } from '../../../project/history/requests/stop-asked.ts'
import { entryJson, historian } from '../../../report/event-words/history.ts'
import { executionRegions } from '../../../report/page/execution.ts'
import type { Region } from '../../../report/page/overview.ts'
import type { ExecutionView } from '../../../report/view/execution-view.ts'
import { foldViews, newView, type ViewState } from '../../../report/view/view-state.ts'

export type Frame = string

/** An event with a document, and with the place behind which a watcher comes back. */
export function frameOf(event: string, data: JsonObject, id?: Cursor): Frame {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** The parts of a page that are other than in `sent`, which learns them. `seq` is the newest record that they show. */
export function regionFrames(regions: readonly Region[], seq: number, sent: Map<string, string>): readonly Frame[] {
  return regions.flatMap(({ region, html }) => {
    const text = html.toString()
    if (sent.get(region) === text) return []
    sent.set(region, text)
    return [frameOf('region', { region, seq, html: text })]
  })
}

export const KEEP_ALIVE: Frame = ': still here\n\n'

/** How long a browser waits before it comes back, in milliseconds. */
export const RETRY: Frame = 'retry: 2000\n\n'

export interface SentRecord {
  readonly event: JournalEvent
  readonly frame: Frame
}

/** For a sort: in the order in which they were written. */
export function inOrder(one: SentRecord, other: SentRecord): number {
  return byPlace(one.event, other.event)
}

export interface ViewUpdate {
  readonly program: readonly Frame[]
  readonly page: readonly Frame[]
}

interface Seen {
  readonly seq: number
  readonly view: ExecutionView
}

/** One execution that is watched: its records as they are sent, and its view, each made once for all who watch. */
export class WatchedExecution {
  readonly #app: App
  readonly #entryOf: ReturnType<typeof historian>
  readonly #records: SentRecord[] = []
  readonly #regions = new Map<string, string>()
  readonly #pulses: ReadonlyMap<string, Pulse>
  #folded: ViewState
  #taken: JournalEvent | undefined
  #deaths = 0
  #seen: Seen | undefined
  #drawn: Seen | undefined
  #isPulsed = false

  constructor(app: App, id: string, events: readonly JournalEvent[], pulses: ReadonlyMap<string, Pulse>) {
    this.#app = app
    this.#pulses = pulses
    this.#entryOf = historian(id)
    this.#folded = newView(id)
    this.written(events)
  }

  get state(): ExecutionState {
    return this.#folded.execution
  }

  get records(): readonly SentRecord[] {
    return this.#records
  }

  written(events: readonly JournalEvent[]): readonly SentRecord[] {
    const unknown = events.filter(({ seq }) => seq > this.state.seq)
    this.#folded = foldViews(this.#folded, unknown)
    this.#taken = lastAsked(unknown) ?? this.#taken
    this.#deaths = unknown.reduce(deathsBehind, this.#deaths)
    const fresh = unknown.map((event): SentRecord => {
      const data = entryJson(this.#entryOf(event))
      return { event, frame: frameOf('record', data, cursorBehind(event)) }
    })
    this.#records.push(...fresh)
    return fresh
  }

  pulsed(): void {
    this.#isPulsed = true
  }

  async whole(): Promise<JsonObject> {
    return (await this.#first()).view as unknown as JsonObject
  }

  async regions(): Promise<readonly Frame[]> {
    const { view } = await this.#first()
    return regionFrames(executionRegions(view), view.records.last, new Map())
  }

  async draw(): Promise<ViewUpdate | undefined> {
    const before = this.#drawn
    if (before === undefined || (before.seq === this.state.seq && !this.#isPulsed)) return undefined
    this.#isPulsed = false
    const seen = await this.#look()
    this.#drawn = seen
    const { view } = seen
    const { id, records } = view
    const changed = Object.entries(view).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.view[name as keyof ExecutionView]),
    )
    const program = frameOf('view', { id, records, ...Object.fromEntries(changed) } as unknown as JsonObject)
    return { program: [program], page: regionFrames(executionRegions(view), records.last, this.#regions) }
  }

  async #first() {
    const seen = this.#seen?.seq === this.state.seq ? this.#seen : await this.#look()
    this.#drawn ??= seen
    return seen
  }

  async #look(): Promise<Seen> {
    const { seq } = this.state
    const { view } = await seenFrom(
      this.#app,
      { view: this.#folded, taken: this.#taken, deaths: this.#deaths },
      this.#pulses,
    )
    const seen = { seq, view }
    this.#seen = seen
    return seen
  }
}
