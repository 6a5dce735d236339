import type { SessionState } from '../../eos/device/session-table.ts'

/** Who made a config session. */
export type SessionOwner =
  /** An execution of this store. It is `running` while it may still want its session; one that has `ended` never will. */
  | { readonly kind: 'ours'; readonly execution: string; readonly running: boolean; readonly ended?: true }
  /** An eosflow whose store this is not. */
  | { readonly kind: 'eosflow' }
  /** Anybody else. */
  | { readonly kind: 'foreign' }

/** One config session of one switch. */
export interface ListedSession {
  readonly name: string
  readonly state: SessionState
  readonly whose: SessionOwner
  /** Who committed it, as the switch says. */
  readonly user?: string
  /** The users whose terminals are inside it. */
  readonly inside: readonly string[]
  /** Seconds since it was made, where the journal or its name tells it, or since it was completed. */
  readonly age?: number
  /** Seconds left of its commit timer, by the switch's own clock. */
  readonly secondsLeft?: number
}

/** The config sessions of one switch, or why they could not be read. */
export type SwitchSessions =
  | { readonly device: string; readonly sessions: readonly ListedSession[]; readonly places: number }
  | { readonly device: string; readonly failure: unknown }

/** How a session that was to go ended, as read back from the switch. */
export type CollectedEnd = 'removed' | 'refused' | 'unknown'

/** One session that was to go. */
export interface CollectedSession {
  readonly session: string
  readonly end: CollectedEnd
  /** What the switch or the connection said against it. */
  readonly detail?: string
}

/** What garbage collection did on one switch. */
export type SwitchCollection =
  | {
      readonly device: string
      readonly removed: readonly CollectedSession[]
      readonly kept: readonly RemainingSession[]
    }
  | { readonly device: string; readonly failure: unknown }

/** A session of eosflow that stays, and why. */
export interface RemainingSession {
  readonly session: string
  readonly because: string
}
