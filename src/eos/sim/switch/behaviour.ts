import type { SectionSeparators } from '../../config/sectioned.ts'
import { eosAtLeast } from '../platform/facts.ts'

// What differs between EOS versions. Members marked [I] are inferences (docs/unproven.md), not recordings.
interface VersionTraits {
  // The dialect of diffs: recorded as unified up to 4.25 and as sectioned on 4.35; the change is [I], 4.30 here.
  readonly diffStyle: 'unified' | 'sectioned'
  readonly diffSeparators: SectionSeparators
  // `state`: an armed session says `pendingCommitTimer` (up to 4.31). `top-level`: `commitTimer*` keys (from 4.32).
  readonly timerJson: 'state' | 'top-level'
  // `show configuration sessions detail` as one wide table (recorded on 4.25) or as lines and a table (4.35).
  readonly detailText: 'table' | 'lines'
  // Whether an aborted session stays in the list as `aborted` (recorded on 4.35; the version it began with is [I]).
  readonly keepsAborted: boolean
  // Whether `header` in `show running-config` JSON holds the device line only (recorded on 4.34; earlier is [I]).
  readonly shortJsonHeader: boolean
  // The words of an unfinished command: `Incomplete token` up to 4.3x, later `Incomplete command` (version is [I]).
  readonly incomplete: 'Incomplete token' | 'Incomplete command'
  // How many characters of a session's name a prompt shows: 6 recorded on 4.22 to 4.25, 10 on newer ones (the cut is [I]).
  readonly promptSession: number
}

interface Step {
  readonly since: string
  readonly traits: Partial<VersionTraits>
}

const OLDEST: VersionTraits = {
  diffStyle: 'unified',
  diffSeparators: 'none',
  timerJson: 'state',
  detailText: 'table',
  keepsAborted: false,
  shortJsonHeader: false,
  incomplete: 'Incomplete token',
  promptSession: 6,
}

// The one table of what EOS versions do differently around sessions and eAPI; spellings and the order of lines are in `eos/config/rules/`,
// shapes of show commands beside each. Where a recording fixes both sides of a change, `since` is the version of the later one; where it does
// not, `docs/unproven.md` names the choice.
const STEPS: readonly Step[] = [
  { since: '4.26', traits: { promptSession: 10 } },
  { since: '4.30', traits: { diffStyle: 'sectioned' } },
  { since: '4.32', traits: { timerJson: 'top-level', detailText: 'lines' } },
  { since: '4.33', traits: { incomplete: 'Incomplete command' } },
  { since: '4.34', traits: { shortJsonHeader: true } },
  { since: '4.35', traits: { keepsAborted: true } },
]

// The traits of an EOS version.
function traitsOf(eos: string): VersionTraits {
  return Object.assign({}, OLDEST, ...STEPS.flatMap(({ since, traits }) => (eosAtLeast(eos, since) ? [traits] : [])))
}

/** In 4.28 the diff dialect is the open question. */
export const PROFILES = {
  '4.22': '4.22.1F',
  '4.28': '4.28.3M',
  '4.31': '4.31.4M',
  '4.32': '4.32.2F',
  '4.35': '4.35.0F',
  '4.36': '4.36.0.1F',
} as const

/** How a switch behaves where EOS versions differ, and what it does where nothing is established. Members marked [I] are inferences (docs/unproven.md), not recordings. */
export interface Behaviour extends VersionTraits {
  /** The index printed for a first word that no command has: 1 was recorded on 4.31, other tokens count from 0. */
  readonly firstWordToken: 0 | 1
  /**
   * The form of the name that a session without one gets: `sess-1663-140324424902400-0` was published in 2021, without its
   * version; `sess-N--N-1` is as others describe it [I].
   */
  readonly sessionNames: 'sess-N-N-0' | 'sess-N--N-1'
  readonly pendingHours: number
  readonly bootSeconds: number
  readonly maintenanceSeconds: number
  readonly maxCheckpoints: number
  /** Seconds that a commit and a replace take for each 1,000 lines of running-config; over eAPI (pyeapi#184). */
  readonly commitSeconds: number
  /**
   * What a replay leaves that has a line which the switch refuses [I]: nothing of it, the rest of the text, or what is before that line.
   */
  readonly failedReplay: 'nothing' | 'rest' | 'before'
  /** `commit timer` on a session that is armed: start the timer anew, or refuse [I]. */
  readonly rearm: 'restart' | 'refuse'
  /** `%s` is the session's name. */
  readonly says: {
    readonly tooManySessions: string
    readonly timerOfOther: string
    readonly completed: string
    readonly notFound: string
    readonly armed: string
    /** `show startup-config` and `show running-config diffs` where there is no startup-config [I]. */
    readonly noStartup: string
    readonly notLocked: string
    /** Entering a config mode while another CLI holds the configure lock; `%s` is its user [I]. */
    readonly locked: string
  }
}

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
