import type { CountedEvent } from './record-counts.ts'
import type { RecordGauges } from './record-gauges.ts'

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
