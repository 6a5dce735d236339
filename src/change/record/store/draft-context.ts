import { identityOf } from '../../../model/principal.ts'
import type { EventBody } from '../event/event.ts'
import { type Draft, draftOf } from '../event/record-text.ts'
import { type Scrub, withoutSecrets } from '../event/without-secrets.ts'
import type { Actor } from './store.ts'

export interface DraftContext {
  readonly actor: Actor
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly execution: string | undefined
  readonly scrub: Scrub
}

/** Writes events down: each names its actor, has its time, and holds no known secret. */
export function draftsOf(
  events: readonly EventBody[],
  { actor, at, execution, scrub }: DraftContext,
): readonly Draft[] {
  const named = { v: 1, at, actor: identityOf(actor), ...(execution === undefined ? {} : { execution }) } as const
  return events.map((event) => draftOf(named, withoutSecrets(event, scrub)))
}
