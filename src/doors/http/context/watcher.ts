import { byPlace, type Cursor, cursorBehind, isBehind, type PlacedRecord } from '../../../change/record/event/cursor.ts'
import type { JsonObject } from '../../../model/json.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { Region } from '../../../report/page/overview.ts'
import {
  type Frame,
  frameOf,
  inOrder,
  RETRY,
  regionFrames,
  type SentRecord,
  type ViewUpdate,
  type WatchedExecution,
} from '../jobs/watched-execution.ts'
import type { IdentifiedCaller } from './identified-caller.ts'

// A watcher with more unread bytes than this is dropped: it comes back where it was.
const UNREAD = 1024 * 1024
// Whoever is further behind than this must load again.
const FAR_BEHIND = 5_000

export interface WatchedStore {
  readonly app: Pick<RecordApp, 'project' | 'clock'>
  readonly live: { sheetOf(id: string): Promise<WatchedExecution> }
  scrub(text: string): string
}

// An overview is made at most so often for a page, in milliseconds.
const OVERVIEW = 250
const REST = 3

interface WatchTarget {
  readonly executions: ReadonlySet<string>
  readonly overview: boolean
  readonly regions?: () => Promise<readonly Region[]>
  // Throws where this viewer may see nothing of the whole any more.
  readonly mayOverview?: () => Promise<void>
  // Whether a page is shown: it is sent parts of itself instead of views.
  readonly isPage?: boolean
  readonly after?: Cursor
}

export class Watcher {
  readonly executions: ReadonlySet<string>
  readonly stream: ReadableStream<Uint8Array>
  readonly #front: WatchedStore
  readonly #caller: IdentifiedCaller
  readonly #watched: WatchTarget
  readonly #shown = new Map<string, number>()
  #newest: PlacedRecord | undefined
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  readonly #regions = new Map<string, string>()
  #hasChanged = false
  #next = Number.NEGATIVE_INFINITY
  #ended: () => void = () => undefined

  constructor(front: WatchedStore, caller: IdentifiedCaller, watched: WatchTarget) {
    this.#front = front
    this.#caller = caller
    this.#watched = watched
    this.executions = watched.executions
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        cancel: () => this.#end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: UNREAD }),
    )
  }

  get isOver(): boolean {
    return this.#controller === undefined
  }

  async begin(ended: () => void): Promise<void> {
    this.#ended = ended
    this.#send(RETRY)
    const sheets: WatchedExecution[] = []
    for (const id of this.executions) sheets.push(await this.#front.live.sheetOf(id))
    this.#behind(sheets)
    for (const sheet of sheets) {
      if (this.#watched.isPage === true) for (const frame of await sheet.regions()) this.#send(frame)
      else this.#whole(await sheet.whole())
    }
    // What has happened since a page was made is in the first overview that it is sent.
    this.#hasChanged = true
    if (this.#watched.overview && this.#watched.isPage !== true) this.#send(frameOf('overview', {}))
  }

  #behind(sheets: readonly WatchedExecution[]) {
    const { after } = this.#watched
    const missed: SentRecord[] = []
    for (const { records, state } of sheets) {
      const own = after === undefined ? [] : records.filter(({ event }) => isBehind(event, after))
      if (own.length > FAR_BEHIND) this.#send(frameOf('resync', { execution: state.id }))
      else missed.push(...own)
      this.#shown.set(state.id, state.seq)
    }
    for (const { frame } of missed.toSorted(inOrder)) this.#send(frame)
    this.#newest = sheets
      .map(({ state }) => state)
      .toSorted(byPlace)
      .at(-1)
  }

  #whole(view: JsonObject) {
    this.#send(frameOf('view', view, cursorBehind(this.#newest)))
  }

  records(records: readonly SentRecord[]): void {
    for (const { event, frame } of records) {
      const shown = this.#shown.get(event.execution ?? '')
      if (shown === undefined || event.seq <= shown) continue
      this.#send(frame)
      this.#newest = event
    }
  }

  drawn({ program, page }: ViewUpdate): void {
    for (const frame of this.#watched.isPage === true ? page : program) this.#send(frame)
  }

  frame(frame: Frame): void {
    this.#send(frame)
  }

  changed(): void {
    this.#hasChanged = true
  }

  flush(): void {
    const { regions, overview, mayOverview } = this.#watched
    if (!this.#hasChanged || !overview || this.#front.app.clock.monotonic() < this.#next) return
    this.#hasChanged = false
    if (regions === undefined)
      (mayOverview?.() ?? Promise.resolve()).then(
        () => this.#send(frameOf('overview', {})),
        () => this.leave('there is nothing that you may see any more'),
      )
    else
      this.#make(regions).then(
        (made) => this.#show(made),
        () => this.leave('the overview cannot be read'),
      )
  }

  async #make(regions: () => Promise<readonly Region[]>) {
    const { clock } = this.#front.app
    const begun = clock.monotonic()
    this.#next = Number.POSITIVE_INFINITY
    const made = await regions()
    const now = clock.monotonic()
    this.#next = Math.max(begun + OVERVIEW, now + REST * (now - begun))
    return made
  }

  #show(regions: readonly Region[]) {
    for (const frame of regionFrames(regions, this.#front.app.clock.now(), this.#regions)) this.#send(frame)
  }

  askAgain(): void {
    const { overview, mayOverview } = this.#watched
    if (overview) mayOverview?.().catch(() => this.leave('the policy has changed'))
    for (const id of this.executions) {
      this.#front.live.sheetOf(id).then(
        ({ state }) => {
          const made = decided(this.#front.app, this.#caller, 'execution.read', aboutExecution(state))
          if (made.effect === 'deny') this.leave('the policy has changed')
        },
        () => this.leave('the record cannot be read'),
      )
    }
  }

  leave(why: string): void {
    this.#send(frameOf('bye', { why }))
    this.#end()
  }

  #send(frame: Frame) {
    const controller = this.#controller
    if (controller === undefined) return
    if ((controller.desiredSize ?? 0) <= 0) {
      this.#end()
      return
    }
    controller.enqueue(sentBytes(this.#front).of(frame))
  }

  #end() {
    const controller = this.#controller
    if (controller === undefined) return
    this.#controller = undefined
    try {
      controller.close()
    } catch {
      // The other side has gone already.
    }
    this.#ended()
  }
}

/**
 * Frames as they leave the server: in bytes, and without any secret. One that many who watch are sent at once is made once for all of them; what
 * is sent later is made anew, because a secret may have been learnt meanwhile.
 */
export class SentBytes {
  readonly #scrub: (text: string) => string
  readonly #utf8 = new TextEncoder()
  readonly #made = new Map<Frame, Uint8Array>()

  constructor(scrub: (text: string) => string) {
    this.#scrub = scrub
  }

  /** The bytes of a frame. */
  of(frame: Frame): Uint8Array {
    const known = this.#made.get(frame)
    if (known !== undefined) return known
    // Behind everything that is sent without a pause.
    if (this.#made.size === 0) queueMicrotask(() => this.#made.clear())
    const bytes = this.#utf8.encode(this.#scrub(frame))
    this.#made.set(frame, bytes)
    return bytes
  }
}

const ofFronts = new WeakMap<object, SentBytes>()

// What makes the bytes that a front sends.
function sentBytes(front: { scrub(text: string): string }) {
  const known = ofFronts.get(front) ?? new SentBytes((text) => front.scrub(text))
  ofFronts.set(front, known)
  return known
}
