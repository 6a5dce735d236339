import type { Json } from '../../../model/json.ts'

export interface StateChange {
  /** What it is of, as an expectation names it: `120`, `Ethernet3`, `10.0.0.1`. */
  readonly subject: string
  readonly vrf?: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** What of the subject is another now, by its name in the state: `link`, `peerLink`; absent where the subject came or went. */
  readonly attribute?: string
  readonly was?: Json
  readonly is?: Json
  /** One line in the network's words: `BGP 10.0.0.1 in default: Established -> Idle`. */
  readonly text: string
}

/** The changes between two readings, or why they cannot be compared: that is never "no change". */
export type StateComparison =
  | { readonly comparable: true; readonly changes: readonly StateChange[] }
  | {
      readonly comparable: false
      /** `missing`: a side was never read. `unreadable`: a switch did not tell it, or what was kept is of no known shape. */
      readonly fault: 'missing' | 'unreadable'
      readonly text: string
    }
