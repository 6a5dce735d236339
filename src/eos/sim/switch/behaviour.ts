import { traitsOf, type VersionTraits } from './profiles.ts'

/**
 * How a switch behaves where EOS versions differ, and what it does where nothing is established. Every member can be
 * set; {@link behaviourOf} gives the defaults. Members marked [I] are inferences (docs/unproven.md), not recordings.
 */
export interface Behaviour extends VersionTraits {
  /** The index printed for a first word that no command has: 1 was recorded on 4.31, other tokens count from 0. */
  readonly firstWordToken: 0 | 1
  /**
   * The form of the name that a session without one gets: `sess-1663-140324424902400-0` was published in 2021, without its
   * version; `sess-N--N-1` is as others describe it [I].
   */
  readonly sessionNames: 'sess-N-N-0' | 'sess-N--N-1'
  /** Hours after which a pending session is discarded. */
  readonly pendingHours: number
  /** Seconds a reboot takes [I]. */
  readonly bootSeconds: number
  /** Seconds until a unit is under maintenance, and until it is active again [I]. */
  readonly maintenanceSeconds: number
  /** How many checkpoints are kept. */
  readonly maxCheckpoints: number
  /** Seconds that a commit and a replace take for each 1,000 lines of running-config; over eAPI (pyeapi#184). */
  readonly commitSeconds: number
  /**
   * What a replay leaves that has a line which the switch refuses [I]: nothing of it, the rest of the text, or what is before that line.
   */
  readonly failedReplay: 'nothing' | 'rest' | 'before'
  /** `commit timer` on a session that is armed: start the timer anew, or refuse [I]. */
  readonly rearm: 'restart' | 'refuse'
  /** The switch's words where the recordings have none or only a part. `%s` is the session's name. */
  readonly says: {
    /** The sixth pending session; only the first sentence is recorded. */
    readonly tooManySessions: string
    /** A commit, or a timer, while another session's commit timer runs [I]. */
    readonly timerOfOther: string
    /** Re-entering the name of a completed session [I]. */
    readonly completed: string
    /** A session that is not there [I, a test double's words]. */
    readonly notFound: string
    /** A configuration line typed into an armed session [I]. */
    readonly armed: string
    /** `show startup-config` and `show running-config diffs` where there is no startup-config [I]. */
    readonly noStartup: string
    /** `configure unlock` where nobody holds the lock [I]. */
    readonly notLocked: string
    /** Entering a config mode while another CLI holds the configure lock; `%s` is its user [I]. */
    readonly locked: string
  }
}

/** What is to be different from the behaviour of a version. */
export type BehaviourSettings = Partial<Omit<Behaviour, 'says'>> & { readonly says?: Partial<Behaviour['says']> }

/** The behaviour of an EOS version. */
export function behaviourOf(eos: string, set: BehaviourSettings = {}): Behaviour {
  return {
    ...traitsOf(eos),
    firstWordToken: 1,
    sessionNames: 'sess-N--N-1',
    pendingHours: 24,
    bootSeconds: 0,
    maintenanceSeconds: 10,
    maxCheckpoints: 20,
    commitSeconds: 0,
    failedReplay: 'nothing',
    rearm: 'restart',
    ...set,
    says: {
      tooManySessions:
        'Maximum number of pending sessions has been reached. Please commit or abort previous sessions before creating a new one.',
      timerOfOther: 'Cannot commit session: a commit timer is pending on session %s',
      completed: 'Cannot enter session %s: the session has already been completed',
      notFound: 'Session %s not found',
      armed: 'Cannot change session %s: its commit timer is pending',
      noStartup: 'Error opening flash:/startup-config (No such file or directory)',
      notLocked: 'The configuration is not locked',
      locked: 'Unable to enter configuration mode: the configuration is locked by %s',
      ...set.says,
    },
  }
}
