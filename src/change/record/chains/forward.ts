import type { JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import { leasedAct, takesOver } from '../store/lease.ts'

export function leadsOn(event: JournalEvent): boolean {
  return (
    leasedAct(event) !== undefined && event.type === 'ActIntended' && ['stage', 'arm', 'confirm'].includes(event.act)
  )
}

/** Whether something begins, somebody goes on with it, what is used once is used, or a change is led on: not while records are missing. */
export function needsWhole(events: readonly JournalEvent[]): boolean {
  return events.some(
    (event) =>
      event.type === 'ExecutionStarted' ||
      takesOver(event) ||
      leadsOn(event) ||
      (event.type !== 'WorkerDied' && usesIn(event).length > 0),
  )
}
