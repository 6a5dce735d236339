import { eosAtLeast } from '../eos-version.ts'
import type { Behaviour } from './behaviour.ts'

/** What differs between EOS versions. */
export type VersionTraits = Pick<
  Behaviour,
  | 'diffStyle'
  | 'diffSeparators'
  | 'timerJson'
  | 'detailText'
  | 'keepsAborted'
  | 'shortJsonHeader'
  | 'incomplete'
  | 'promptSession'
>

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
 * `config/rules/`, shapes of show commands beside each. Where a recording fixes both sides of a change, `since` is the
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
