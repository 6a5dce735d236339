import type { Hint } from '../../../model/hint.ts'
import type { Secret } from '../../../model/secret.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { Seams } from './seams.ts'

/** The process that the application lives in. Its secrets and its seams are the same for everybody who asks. */
export interface Host {
  /** What says where keys and secrets are, by name: the environment of a process, or nothing. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that names of files are taken from. */
  readonly cwd: string
  /** Learns every secret that is resolved: files, records and whatever else leaves go through it. */
  readonly scrubber: Scrubber
  /** What a person does next, in the words of this front end. */
  words(hint: Hint): string
  /**
   * The passwords that a person has typed for this process, by the name of the credential, which has neither a password nor a key.
   * Absent where nobody is asked: an inventory with such a credential is refused then.
   */
  readonly typedPasswords?: ReadonlyMap<string, Secret>
  /** For tests; what is shipped has none. */
  readonly seams?: Seams
}

/** What has words for what a person does next. */
export type WordedHost = Pick<Host, 'words'>
