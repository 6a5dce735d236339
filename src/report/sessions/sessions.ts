import type { SessionState } from '../../eos/device/session-table.ts'

export type SessionOwner =
  /** It is `running` while it may still want its session; one that has `ended` never will. */
  | { readonly kind: 'ours'; readonly execution: string; readonly running: boolean; readonly ended?: true }
  /** An eosflow whose store this is not. */
  | { readonly kind: 'eosflow' }
  /** Anybody else. */
  | { readonly kind: 'foreign' }

export interface ListedSession {
  readonly name: string
  readonly state: SessionState
  readonly whose: SessionOwner
  readonly user?: string
  readonly inside: readonly string[]
  /** Seconds since it was made, where the journal or its name tells it, or since it was completed. */
  readonly age?: number
  readonly secondsLeft?: number
}

export type SwitchSessions =
  | { readonly device: string; readonly sessions: readonly ListedSession[]; readonly places: number }
  | { readonly device: string; readonly failure: unknown }

export type CollectedEnd = 'removed' | 'refused' | 'unknown'

export interface CollectedSession {
  readonly session: string
  readonly end: CollectedEnd
  readonly detail?: string
}

export type SwitchCollection =
  | {
      readonly device: string
      readonly removed: readonly CollectedSession[]
      readonly kept: readonly RemainingSession[]
    }
  | { readonly device: string; readonly failure: unknown }

export interface RemainingSession {
  readonly session: string
  readonly because: string
}
