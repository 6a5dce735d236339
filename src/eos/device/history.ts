export type Phase =
  | 'untouched'
  | 'staging'
  | 'staged'
  | 'arming'
  | 'armed'
  | 'confirming'
  | 'confirmed'
  | 'saving'
  | 'saved'
  | 'aborting'
  | 'restoring'
  | 'ended'

export interface DeviceHistory {
  readonly phase: Phase
  readonly reached: 'nothing' | 'stage' | 'arm' | 'confirm' | 'save'
  readonly sessions: number
  readonly session?: string
  readonly planning?: string
  readonly checkpoint?: string
  readonly replaying?: string
  readonly replays?: readonly string[]
  readonly replayed?: string
  readonly base?: string
  readonly target?: string
  /** startup-config before the timed commit, as an artefact; absent where the switch does not show it. */
  readonly startup?: string
  readonly replaced?: string
  /** When the commit timer was started (milliseconds since the epoch, controller's clock) and for how many seconds. */
  readonly armedAt?: number
  readonly armedRecord?: number
  readonly timer?: number
  /** `boot` lines, without their secrets, that were sent, or may have been: no abort and no restore undoes them. */
  readonly bootLines?: readonly string[]
  /** Lines of EOS or of somebody else that were to go with what puts the switch back. */
  readonly overwritten?: readonly string[]
  readonly commits?: readonly string[]
  readonly hasSaved?: true
  /** Whether the change was put back there, and that read, before the execution was redriven. */
  readonly wasPutBack?: true
  readonly unrecorded?: readonly string[]
  /** Whether it was saved before the store was restored from a backup: what became of it since is on no record. */
  readonly isOld?: true
  readonly unread?: true
  readonly holds?: number
  /** Those that are not known to be gone, the oldest first. */
  readonly owners?: readonly OwnerSession[]
}

export interface OwnerSession {
  readonly session: string
  readonly record: number
  readonly isOpen: boolean
}

export const UNTOUCHED: DeviceHistory = { phase: 'untouched', reached: 'nothing', sessions: 0 }

/** Whether a timed commit was ever announced there: the change may have been in force, whatever became of it since. */
export function wasCommitted({ reached }: Pick<DeviceHistory, 'reached'> = UNTOUCHED): boolean {
  return reached !== 'nothing' && reached !== 'stage'
}

/** What it has put back before it was redriven is said. */
export function neverWords({ wasPutBack }: DeviceHistory = UNTOUCHED): string {
  return wasPutBack === true ? 'put back earlier, not committed since' : 'never committed'
}
