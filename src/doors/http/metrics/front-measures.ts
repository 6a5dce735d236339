import { cursorBehind } from '../../../change/record/event/cursor.ts'
import { definedMembers } from '../../../model/json.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import { LoopLag } from './loop-lag.ts'
import { type CountedEvent, RecordCounts } from './record-counts.ts'
import { type RecordGauges, recordGaugesNow } from './record-gauges.ts'

// How often the front tells what it has measured, in milliseconds.
const TELL = 1_000
// After a failure, in milliseconds: a record that cannot be read is reported, and not each second.
const AGAIN = 30_000
// Between two pages of records that are counted at the start, in milliseconds: the front answers meanwhile.
const NEXT_PAGE = 5

interface FrontMeasuresOptions {
  readonly app: Pick<ProjectStore, 'store' | 'clock'>
  say(measured: FrontMeasurement): void
  failed(what: string, error: unknown): void
  streams(): number
  // What was found when the whole record was read last; undefined before.
  isIntact(): boolean | undefined
}

export class FrontMeasures {
  readonly #options: FrontMeasuresOptions
  readonly #counts = new RecordCounts()
  #requests: AnsweredRequest[] = []
  #lags: number[] = []
  #isAnew = true
  #isCounted = false
  // Something has come onto the record since the main thread last heard how things are.
  #isStale = true
  #cursor = cursorBehind(undefined)

  constructor(options: FrontMeasuresOptions) {
    this.#options = options
  }

  answered(request: AnsweredRequest): void {
    this.#requests.push(request)
  }

  /** A record was sent to those who watch, so many seconds after it was written. */
  lagged(seconds: number): void {
    this.#lags.push(seconds)
  }

  async follow(stop: AbortSignal): Promise<void> {
    const { app, failed } = this.#options
    const lag = new LoopLag(app.clock)
    try {
      while (!stop.aborted) {
        let rest = NEXT_PAGE
        try {
          if (await this.#count()) {
            await this.#tell(lag)
            rest = TELL
          }
        } catch (error) {
          failed('metrics', error)
          rest = AGAIN
        }
        await app.clock.sleep(rest, stop).catch(() => undefined)
      }
    } finally {
      lag.close()
    }
  }

  async #count() {
    const { app, say } = this.#options
    const { events, cursor } = await app.store.tail(this.#cursor)
    const isWhole = events.length === 0
    if (isWhole && this.#isCounted) return true
    this.#cursor = cursor
    this.#isStale = true
    const counted = events.flatMap((event) => this.#counts.heed(event))
    say({ kind: 'counted', isAnew: this.#isAnew, records: events.length, counted, isWhole })
    this.#isAnew = false
    this.#isCounted ||= isWhole
    return isWhole
  }

  async #tell(lag: LoopLag) {
    const { app, say, streams, isIntact } = this.#options
    const standing = this.#isStale ? { standing: await recordGaugesNow(app) } : {}
    this.#isStale = false
    const [requests, streamLags] = [this.#requests, this.#lags]
    this.#requests = []
    this.#lags = []
    const intact = isIntact()
    say({
      kind: 'measured',
      requests,
      streamLags,
      streams: streams(),
      loopLag: lag.longest(),
      ...definedMembers({ isIntact: intact }),
      ...standing,
    })
  }
}

export interface AnsweredRequest {
  readonly route: string
  readonly method: string
  readonly status: number
  /** Until the answer began to leave: a stream goes on behind that. */
  readonly seconds: number
}

export type FrontMeasurement =
  | {
      readonly kind: 'measured'
      readonly requests: readonly AnsweredRequest[]
      /** How old records were when they were sent to those who watch, in seconds. */
      readonly streamLags: readonly number[]
      readonly streams: number
      /** The longest delay of the front's event loop, in seconds. */
      readonly loopLag: number
      /** What was found when the whole record was read last; absent before that. */
      readonly isIntact?: boolean
      readonly standing?: RecordGauges
    }
  /** So many more records, and what they say. */
  | {
      readonly kind: 'counted'
      readonly isAnew: boolean
      readonly records: number
      readonly counted: readonly CountedEvent[]
      readonly isWhole: boolean
    }
