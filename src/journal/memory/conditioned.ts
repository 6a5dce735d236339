import type { ConditionFacts } from '../condition.ts'
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
}): ConditionFacts {
  return {
    newest: (execution) => lasts.get(execution) ?? 0,
    isAsked: (execution, since) =>
      [
        ...ofType('StopRequested', events).filter(({ stopped }) => stopped === execution),
        ...ofType('SuspendRequested', events).filter(({ suspended }) => suspended === execution),
      ].some((event) => isBehind(event, since)),
  }
}
