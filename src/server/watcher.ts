import type { App } from '../app/app.ts'
import { decided } from '../app/policy/authority.ts'
import { aboutExecution } from '../app/policy/entry.ts'
import { type Cursor, isBehind } from '../journal/cursor.ts'
import type { Region } from '../report/page/region.ts'
import { type Frame, frameOf, RETRY, regionFrames } from './frame.ts'
import type { Known } from './known.ts'
import type { Drawn, SentRecord, Sheet } from './sheet.ts'

/** A watcher with more unread bytes than this is dropped: it comes back where it was. */
const UNREAD = 1024 * 1024
/** Whoever is further behind than this is told to load again. */
const FAR_BEHIND = 5_000

/** Where a watcher finds what it shows. */
export interface WatchedStore {
  readonly app: Pick<App, 'project' | 'clock'>
  readonly live: { sheetOf(id: string): Promise<Sheet> }
  scrub(text: string): string
}

/** An overview is sent at most so often, in milliseconds. */
const OVERVIEW = 1_000

/** What somebody watches. */
export interface Watched {
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
  readonly #caller: Known
  readonly #watched: Watched
  readonly #shown = new Map<string, number>()
  readonly #utf8 = new TextEncoder()
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  readonly #regions = new Map<string, string>()
  #hasChanged = false
  #flushed = Number.NEGATIVE_INFINITY
  #ended: () => void = () => undefined

  constructor(front: WatchedStore, caller: Known, watched: Watched) {
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

  /** Shows what is there, then what comes, until either side ends it. `ended` is told once. */
  async begin(ended: () => void): Promise<void> {
    this.#ended = ended
    this.#send(RETRY)
    for (const id of this.executions) {
      const sheet = await this.#front.live.sheetOf(id)
      this.#behind(sheet)
      if (this.#watched.isPage === true) for (const frame of await sheet.regions()) this.#send(frame)
      else this.#send(await sheet.whole())
    }
    // What has happened since a page was made is in the first overview that it is sent.
    this.#hasChanged = true
    if (this.#watched.overview && this.#watched.isPage !== true) this.#send(frameOf('overview', {}))
  }

  /** What came onto the record while this one was away. */
  #behind({ records, state }: Sheet): void {
    const { after } = this.#watched
    const missed = after === undefined ? [] : records.filter(({ event }) => isBehind(event, after))
    if (missed.length > FAR_BEHIND) this.#send(frameOf('resync', { execution: state.id }))
    else for (const { frame } of missed) this.#send(frame)
    this.#shown.set(state.id, state.seq)
  }

  /** New records of an execution. Those of before it was shown have been sent. */
  records(id: string, records: readonly SentRecord[]): void {
    const shown = this.#shown.get(id)
    if (shown === undefined) return
    for (const { event, frame } of records) if (event.seq > shown) this.#send(frame)
  }

  /** Sends what was drawn of an execution for all who watch. */
  drawn({ program, page }: Drawn): void {
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

  /** Says so, where the whole is watched: at most once a second to a page, whose overview has to be made for its viewer. */
  flush(): void {
    const { regions, overview } = this.#watched
    const now = this.#front.app.clock.monotonic()
    if (!this.#hasChanged || !overview || (regions !== undefined && now - this.#flushed < OVERVIEW)) return
    this.#hasChanged = false
    this.#flushed = now
    if (regions === undefined) this.#send(frameOf('overview', {}))
    else
      regions().then(
        (made) => this.#show(made),
        () => this.leave('the overview cannot be read'),
      )
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
    controller.enqueue(this.#utf8.encode(this.#front.scrub(frame)))
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
