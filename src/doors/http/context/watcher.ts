import { byPlace, type Cursor, cursorBehind, isBehind, type PlacedRecord } from '../../../change/record/event/cursor.ts'
import type { JsonObject } from '../../../model/json.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import type { App } from '../../../project/app/app.ts'
import type { Region } from '../../../report/page/region.ts'
import { type Frame, frameOf, RETRY, regionFrames } from '../jobs/frame.ts'
import { inOrder, type SentRecord, type ViewUpdate, type WatchedExecution } from '../jobs/watched-execution.ts'
import type { IdentifiedCaller } from './identified-caller.ts'

/** A watcher with more unread bytes than this is dropped: it comes back where it was. */
const UNREAD = 1024 * 1024
/** Whoever is further behind than this must load again. */
const FAR_BEHIND = 5_000

/** Where a watcher finds what it shows. */
export interface WatchedStore {
  readonly app: Pick<App, 'project' | 'clock'>
  readonly live: { sheetOf(id: string): Promise<WatchedExecution> }
  scrub(text: string): string
}

/** An overview is made at most so often for a page, in milliseconds. */
const OVERVIEW = 250
/** Behind an overview comes so many times the time that it took without another one: many viewers do not take the thread for themselves. */
const REST = 3

/** What somebody watches. */
export interface WatchTarget {
  readonly executions: ReadonlySet<string>
  readonly overview: boolean
  /** The overview of this viewer, for a page: it has what they may read. Absent for a program, and where it is not watched. */
  readonly regions?: () => Promise<readonly Region[]>
  /** Throws where this viewer may see nothing of the whole any more. */
  readonly mayOverview?: () => Promise<void>
  /** Whether a page is shown: it is sent parts of itself instead of views. */
  readonly isPage?: boolean
  /** Where they were, when they come back. */
  readonly after?: Cursor
}

/** One who watches over one connection. */
export class Watcher {
  readonly executions: ReadonlySet<string>
  readonly stream: ReadableStream<Uint8Array>
  readonly #front: WatchedStore
  readonly #caller: IdentifiedCaller
  readonly #watched: WatchTarget
  readonly #shown = new Map<string, number>()
  /** The newest record that was sent, or is in what was sent. */
  #newest: PlacedRecord | undefined
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  readonly #regions = new Map<string, string>()
  #hasChanged = false
  /** When the next overview may be made; infinite while one is being made. */
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

  /** Whether nothing is sent any more. */
  get isOver(): boolean {
    return this.#controller === undefined
  }

  /** Shows what is there, then what comes, until either side ends it. `ended` is called once. */
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

  /** What came onto the record while this one was away, of all executions in the order in which it was written. */
  #behind(sheets: readonly WatchedExecution[]): void {
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

  /** Whoever comes back with its id has every record until then: what else is watched may be further than this execution. */
  #whole(view: JsonObject): void {
    this.#send(frameOf('view', view, cursorBehind(this.#newest)))
  }

  /** New records in the order in which they were written. Those of before their execution was shown have been sent. */
  records(records: readonly SentRecord[]): void {
    for (const { event, frame } of records) {
      const shown = this.#shown.get(event.execution ?? '')
      if (shown === undefined || event.seq <= shown) continue
      this.#send(frame)
      this.#newest = event
    }
  }

  /** Sends what was drawn of an execution for all who watch. */
  drawn({ program, page }: ViewUpdate): void {
    for (const frame of this.#watched.isPage === true ? page : program) this.#send(frame)
  }

  /** Sends a frame that is made for all who watch. */
  frame(frame: Frame): void {
    this.#send(frame)
  }

  /** Something has come onto the record. */
  changed(): void {
    this.#hasChanged = true
  }

  /** Says so, where the whole is watched. For a page the overview is made, for its viewer. */
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

  /** What is written meanwhile is in the overview after it. */
  async #make(regions: () => Promise<readonly Region[]>): Promise<readonly Region[]> {
    const { clock } = this.#front.app
    const begun = clock.monotonic()
    this.#next = Number.POSITIVE_INFINITY
    const made = await regions()
    const now = clock.monotonic()
    this.#next = Math.max(begun + OVERVIEW, now + REST * (now - begun))
    return made
  }

  #show(regions: readonly Region[]): void {
    for (const frame of regionFrames(regions, this.#front.app.clock.now(), this.#regions)) this.#send(frame)
  }

  /** Asks the policy once more whether this one may watch. */
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

  /** Says goodbye and ends. */
  leave(why: string): void {
    this.#send(frameOf('bye', { why }))
    this.#end()
  }

  #send(frame: Frame): void {
    const controller = this.#controller
    if (controller === undefined) return
    if ((controller.desiredSize ?? 0) <= 0) {
      this.#end()
      return
    }
    controller.enqueue(sentBytes(this.#front).of(frame))
  }

  #end(): void {
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

  /** The bytes of a frame. They are shared: nobody writes to them. */
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

/** One for each front. */
const ofFronts = new WeakMap<object, SentBytes>()

/** What makes the bytes that a front sends. */
function sentBytes(front: { scrub(text: string): string }): SentBytes {
  const known = ofFronts.get(front) ?? new SentBytes((text) => front.scrub(text))
  ofFronts.set(front, known)
  return known
}
