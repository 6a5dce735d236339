import type { SectionSeparators } from '../../config/sectioned.ts'
import { eosAtLeast } from '../platform/eos-version.ts'

/** What differs between EOS versions. Members marked [I] are inferences (docs/unproven.md), not recordings. */
export interface VersionTraits {
  /** The dialect of diffs: recorded as unified up to 4.25 and as sectioned on 4.35; the change is [I], 4.30 here. */
  readonly diffStyle: 'unified' | 'sectioned'
  /** What the sectioned dialect does with `!`: the recordings contradict each other. */
  readonly diffSeparators: SectionSeparators
  /** `state`: an armed session says `pendingCommitTimer` (up to 4.31). `top-level`: `commitTimer*` keys (from 4.32). */
  readonly timerJson: 'state' | 'top-level'
  /** `show configuration sessions detail` as one wide table (recorded on 4.25) or as lines and a table (4.35). */
  readonly detailText: 'table' | 'lines'
  /** Whether an aborted session stays in the list as `aborted` (recorded on 4.35; the version it began with is [I]). */
  readonly keepsAborted: boolean
  /** Whether `header` in `show running-config` JSON holds the device line only (recorded on 4.34; earlier is [I]). */
  readonly shortJsonHeader: boolean
  /** The words of an unfinished command: `Incomplete token` up to 4.3x, later `Incomplete command` (version is [I]). */
  readonly incomplete: 'Incomplete token' | 'Incomplete command'
  /** How many characters of a session's name a prompt shows: 6 recorded on 4.22 to 4.25, 10 on newer ones (the cut is [I]). */
  readonly promptSession: number
}

/** The traits that a version brought, kept until a later one brings others. */
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

/**
 * The one table of what EOS versions do differently around sessions and eAPI; spellings and the order of lines are in
 * `eos/config/rules/`, shapes of show commands beside each. Where a recording fixes both sides of a change, `since` is the
 * version of the later one; where it does not, `docs/unproven.md` names the choice.
 */
const STEPS: readonly Step[] = [
  { since: '4.26', traits: { promptSession: 10 } },
  { since: '4.30', traits: { diffStyle: 'sectioned' } },
  { since: '4.32', traits: { timerJson: 'top-level', detailText: 'lines' } },
  { since: '4.33', traits: { incomplete: 'Incomplete command' } },
  { since: '4.34', traits: { shortJsonHeader: true } },
  { since: '4.35', traits: { keepsAborted: true } },
]

/** The traits of an EOS version. */
export function traitsOf(eos: string): VersionTraits {
  return Object.assign({}, OLDEST, ...STEPS.flatMap(({ since, traits }) => (eosAtLeast(eos, since) ? [traits] : [])))
}

/** The versions that the simulator is held to, each by a release of it. In 4.28 the diff dialect is the open question. */
export const PROFILES = {
  '4.22': '4.22.1F',
  '4.28': '4.28.3M',
  '4.31': '4.31.4M',
  '4.32': '4.32.2F',
  '4.35': '4.35.0F',
  '4.36': '4.36.0.1F',
} as const
