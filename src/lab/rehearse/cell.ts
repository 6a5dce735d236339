import type { FaultKind } from './fault-kind.ts'
import type { Point } from './point.ts'

/** One thing to try: a fault of a kind at a point of a switch, or a kill behind a record. */
export type Cell =
  | { readonly try: 'fault'; readonly kind: FaultKind; readonly point: Point; readonly device: string }
  | {
      readonly try: 'crash'
      /** How many records of the execution are written when its controller is killed. */
      readonly record: number
      /** The record, in words. */
      readonly words: string
      readonly resumed: 'at once' | 'after the commit timer'
    }
