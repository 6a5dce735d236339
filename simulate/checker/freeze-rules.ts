import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'

/**
 * I31: while a freeze is in force, by the wall time on the records, no change is started or started again, and no execution announces its
 * first timed commit.
 */
export function freezeRules(): Watch {
  /** Until when each freeze is set, ISO 8601 in UTC. */
  const until: string[] = []
  /** The executions that have announced a timed commit since they were started, or started again. */
  const underWay = new Set<string>()

  function see(event: JournalEvent): void {
    const { execution = '', at } = event
    const isFrozen = until.some((end) => end > at)
    if (event.type === 'FreezeSet') until.push(event.until)
    const isStart = event.type === 'ExecutionRedriven' || (event.type === 'ExecutionStarted' && event.purpose === 'run')
    if (isStart) underWay.delete(execution)
    const isCommit = event.type === 'ActIntended' && event.act === 'arm'
    if (isFrozen && (isStart || (isCommit && !underWay.has(execution))))
      throw new Violation('I31', `${execution}: ${event.type} at ${at} while a freeze is in force`)
    if (isCommit) underWay.add(execution)
  }

  return {
    appended: (_life, events) => {
      for (const event of events) see(event)
    },
  }
}
