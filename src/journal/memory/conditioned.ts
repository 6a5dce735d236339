import type { Conditioned } from '../condition.ts'
import { isBehind } from '../cursor.ts'
import type { JournalEvent } from '../event.ts'
import { ofType } from '../of-type.ts'

/** What conditions are judged by, from all records of a store and the newest of each execution. */
export function conditioned({
  events,
  lasts,
}: {
  readonly events: readonly JournalEvent[]
  readonly lasts: ReadonlyMap<string, number>
}): Conditioned {
  return {
    newest: (execution) => lasts.get(execution) ?? 0,
    isAskedToRest: (execution, since) =>
      ofType('SuspendRequested', events).some((event) => event.suspended === execution && isBehind(event, since)),
  }
}
