import type { Json } from '../../model/json.ts'
import type { BehindSwitch } from '../task/act/behind.ts'

/** Something about the plan that is known besides its content: no rule reads it, and it makes no plan stale. */
export interface PlanNote {
  readonly code: 'advisory' | 'first-time'
  readonly devices: readonly string[]
  readonly message: string
}

/** What is under the seal beside the digest: it shows how a plan was made, and decides nothing on a switch. */
export interface PlanEvidence {
  readonly createdAt: string
  /** The store that its approvals are for, by its id. Absent where nobody approves: computed offline for no project's store. */
  readonly store?: string
  /** Which protocol timer of which switch made `stableFor` as long as it is; absent where the workflow gives it. */
  readonly soak?: { readonly seconds: number; readonly device: string; readonly protocol: string }
  /**
   * Seconds from the first push to the last confirm, and in each wave, if everything is good at once. `quiet`: only lines that can touch no traffic change, so that
   * the network is watched for a short time. Absent: nothing changes, or the workflow has states of its own.
   */
  readonly expected?: {
    readonly seconds: number
    readonly waves: readonly number[]
    /** How many of the seconds the workflow waits. Absent: none. */
    readonly waits?: number
    readonly quiet?: true
  }
  /** The switch's own diff text per switch, redacted. */
  readonly deviceDiffs: Readonly<Record<string, string>>
  /** The operational state areas per switch that the checks compare with; the content holds the digest of each. */
  readonly state: Readonly<Record<string, Json>>
  /** The base of each switch, redacted; the content holds the digest of each. Absent where no approval may carry. */
  readonly bases?: Readonly<Record<string, string>>
  /** The checkpoints that `prune` would delete now, by switch; absent where there is none. The push looks again. */
  readonly checkpoints?: Readonly<Record<string, readonly string[]>>
  /** Where the data of `inventory` were written, by switch and name: `inventory.yaml:12`. Absent where nothing has a place. */
  readonly readAt?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What is behind what changes, by switch, as it was when the plan was made; `too-many` where it was not read for the number of switches. Absent: nobody has asked. */
  readonly behind?: Readonly<Record<string, BehindSwitch>> | 'too-many'
  /** What an approver may want to know and no rule reads: security advisories that the lines switch on, kinds of lines that were never confirmed. Absent: nothing. */
  readonly notes?: readonly PlanNote[]
  /** The SHA-256 of each file that the change was made from, by its path: which one has changed since is said by it. Absent in a plan of an earlier version. */
  readonly files?: Readonly<Record<string, string>>
  /** Milliseconds that the snapshot waited for each switch; absent where it was not measured. */
  readonly roundTrips?: Readonly<Record<string, number>>
  /** The switches that change and stream to CloudVision, by their configuration; absent where none does. */
  readonly cloudVision?: readonly string[]
}
