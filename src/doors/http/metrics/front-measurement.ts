import type { CountedEvent } from './record-counts.ts'
import type { RecordGauges } from './record-gauges.ts'

/** One request that the front has answered. */
export interface AnsweredRequest {
  /** The path as the table of routes has it. */
  readonly route: string
  readonly method: string
  readonly status: number
  /** Until the answer began to leave: a stream goes on behind that. */
  readonly seconds: number
}

/** What the front tells the main thread, which shows it: a front that ends takes no number with it. */
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
      /** The record is counted anew, from its first one. */
      readonly isAnew: boolean
      readonly records: number
      readonly counted: readonly CountedEvent[]
      /** There is nothing behind them. */
      readonly isWhole: boolean
    }
