import type { Hint } from '../../../model/hint.ts'
import type { Secret } from '../../../model/secret.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { Seams } from './seams.ts'

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Learns every secret that is resolved: files, records and whatever else leaves go through it. */
  readonly scrubber: Scrubber
  words(hint: Hint): string
  /** The passwords that a person has typed for this process, by the name of the credential, which has neither a password nor a key. */
  readonly typedPasswords?: ReadonlyMap<string, Secret>
  readonly seams?: Seams
}

export type WordedHost = Pick<Host, 'words'>
