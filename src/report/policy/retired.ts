import { inForceSince } from '../event-words/auditors.ts'
import { short } from '../text/count.ts'
import { visibleLine } from '../text/visible.ts'

/** A policy that a store no longer demands. */
export interface RetiredPolicy {
  readonly file: string
  /** Its digest. */
  readonly policy: string
  /** When the store saw it first, ISO 8601 in UTC. */
  readonly since: string
  /** The digest of the one that it had replaced. */
  readonly before?: string
}

/** A policy that a store no longer demands, in one line. */
export function retiredText({ file, policy, since, before }: RetiredPolicy): string {
  const force = inForceSince(since, before === undefined ? undefined : short(before))
  return visibleLine(`Retired: ${file} (${short(policy)}${force}); this store demands no policy any more`)
}
