import { inForceSince } from '../event-words/table.ts'
import { short, visibleLine } from '../text/text.ts'

export interface RetiredPolicy {
  readonly file: string
  readonly policy: string
  /** When the store saw it first, ISO 8601 in UTC. */
  readonly since: string
  readonly before?: string
}

export function retiredText({ file, policy, since, before }: RetiredPolicy): string {
  const force = inForceSince(since, before === undefined ? undefined : short(before))
  return visibleLine(`Retired: ${file} (${short(policy)}${force}); this store demands no policy any more`)
}
