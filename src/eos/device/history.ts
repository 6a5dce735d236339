/**
 * How far an execution has gone on one switch, as the journal tells it. The words ending in `-ing` mean that an
 * intent is on record and no outcome: only the switch knows.
 */
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

/** What the journal knows of one switch in one execution: where recovery and rollback begin, before they ask the switch. */
export interface DeviceHistory {
  readonly phase: Phase
  /**
   * The furthest an act towards the change was ever intended; only the switch's refusal of a timed commit lowers it, until the
   * switch shows the change all the same.
   */
  readonly reached: 'nothing' | 'stage' | 'arm' | 'confirm' | 'save'
  /** How many config sessions this execution has opened on the switch; the next one's name counts on from here. */
  readonly sessions: number
  readonly session?: string
  /** The config session of a plan that is not known to be gone. Nothing is ever committed from it. */
  readonly planning?: string
  readonly checkpoint?: string
  /** The throw-away session of a replay that is not known to be gone. */
  readonly replaying?: string
  /** All throw-away sessions of replays: what ends one of them is nothing that happens to the change. */
  readonly replays?: readonly string[]
  /** The running-config that the switch has proven to replay, as an artefact. */
  readonly replayed?: string
  /** The running-config before the change, as an artefact. */
  readonly base?: string
  /** The staged candidate, as an artefact. */
  readonly target?: string
  /** startup-config before the timed commit, as an artefact; absent where the switch does not show it. */
  readonly startup?: string
  /** The running-config that the timed commit replaced, as an artefact: only an answer that was read tells it. */
  readonly replaced?: string
  /** When the commit timer was started (milliseconds since the epoch, controller's clock) and for how many seconds. */
  readonly armedAt?: number
  /** The journal position of that. */
  readonly armedRecord?: number
  readonly timer?: number
  /** `boot` lines, without their secrets, that were sent, or may have been: no abort and no restore undoes them. */
  readonly bootLines?: readonly string[]
  /** Lines of EOS or of somebody else that were to go with what puts the switch back. */
  readonly overwritten?: readonly string[]
  /** The config sessions of which a timed commit was ever announced. Absent: none. */
  readonly commits?: readonly string[]
  /** Whether a checkpoint of this execution was ever announced. Absent: it was not. */
  readonly hasSaved?: true
  /** Whether the change was put back there, and that read, before the execution was redriven. Absent: it was not. */
  readonly wasPutBack?: true
  /** What the switch has shown of this execution that no record here announces. Absent: nothing. */
  readonly unrecorded?: readonly string[]
  /** Whether it was saved before the store was restored from a backup: what became of it since is on no record. Absent: it was not. */
  readonly isOld?: true
  /** What puts the switch back was sent, and no answer was read that shows what went with it. */
  readonly unread?: true
  /** How many owner sessions were ever opened on the switch; the next one's name counts on from here. Absent: none. */
  readonly holds?: number
  /** Those that are not known to be gone, the oldest first. Absent: none. */
  readonly owners?: readonly OwnerSession[]
}

/** An owner session on a switch, as the journal knows it. */
export interface OwnerSession {
  readonly session: string
  /** The journal position of its opening, which shows the process that opened it. */
  readonly record: number
  /** Whether the switch is known to have had it. */
  readonly isOpen: boolean
}

/** A switch that the execution has not touched. */
export const UNTOUCHED: DeviceHistory = { phase: 'untouched', reached: 'nothing', sessions: 0 }

/** Whether a timed commit was ever announced there: the change may have been in force, whatever became of it since. */
export function wasCommitted({ reached }: Pick<DeviceHistory, 'reached'> = UNTOUCHED): boolean {
  return reached !== 'nothing' && reached !== 'stage'
}

/** In words: that an execution has no commit on a switch to answer for. What it has put back before it was redriven is said. */
export function neverWords({ wasPutBack }: DeviceHistory = UNTOUCHED): string {
  return wasPutBack === true ? 'put back earlier, not committed since' : 'never committed'
}
