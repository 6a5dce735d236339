import type { Json } from '../../model/json.ts'
import type { BehindSwitch } from '../task/act/behind.ts'

export interface PlanNote {
  readonly code: 'advisory' | 'first-time'
  readonly devices: readonly string[]
  readonly message: string
}

export interface PlanEvidence {
  readonly createdAt: string
  readonly store?: string
  /** Which protocol timer of which switch made `stableFor` as long as it is; absent where the workflow gives it. */
  readonly soak?: { readonly seconds: number; readonly device: string; readonly protocol: string }
  /** Seconds from the first push to the last confirm, and in each wave, if everything is good at once. `quiet`: only lines that can touch no traffic change, so that the network is watched for a short time. */
  readonly expected?: {
    readonly seconds: number
    readonly waves: readonly number[]
    /** How many of the seconds the workflow waits. */
    readonly waits?: number
    readonly quiet?: true
  }
  readonly deviceDiffs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, Json>>
  readonly bases?: Readonly<Record<string, string>>
  /** The checkpoints that `prune` would delete now, by switch; absent where there is none. */
  readonly checkpoints?: Readonly<Record<string, readonly string[]>>
  /** Where the data of `inventory` were written, by switch and name: `inventory.yaml:12`. */
  readonly readAt?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What is behind what changes, by switch, as it was when the plan was made; `too-many` where it was not read for the number of switches. */
  readonly behind?: Readonly<Record<string, BehindSwitch>> | 'too-many'
  /** What an approver may want to know and no rule reads: security advisories that the lines switch on, kinds of lines that were never confirmed. */
  readonly notes?: readonly PlanNote[]
  /** The SHA-256 of each file that the change was made from, by its path: which one has changed since is said by it. */
  readonly files?: Readonly<Record<string, string>>
  /** Milliseconds that the snapshot waited for each switch; absent where it was not measured. */
  readonly roundTrips?: Readonly<Record<string, number>>
  /** The switches that change and stream to CloudVision, by their configuration; absent where none does. */
  readonly cloudVision?: readonly string[]
}
