import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { TIMER } from '../change-under-test.ts'
import type { History } from '../history.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'

/** How long a switch counts whose execution says nothing more: its commit timer, and three minutes. In milliseconds. */
const LEASE = (TIMER + 180) * 1000

/** A switch that an execution may have committed to. */
interface Committed {
  readonly execution: string
  readonly device: string
  /** When that was announced last, by the store's clock. */
  readonly since: number
}

/**
 * I54: where a budget counts all switches, no more of them than it allows are under change at once by the records of a store: from the intent of a timed commit
 * until the switch was put back, its change is kept, or its execution has ended. One of which nothing was announced for as long as its lease lasts is free.
 */
export function budgetRules(history: History): Watch {
  const most = history.scenario.budget
  if (most === undefined) return {}
  const counted = new Map<object, Committed[]>()
  const storeOf = (execution: string): object =>
    history.executions.find(({ id }) => id === execution)?.store ?? history.executions

  function see(event: JournalEvent): void {
    const { execution = '' } = event
    const store = storeOf(execution)
    const known = counted.get(store) ?? []
    const now = history.timeline.now
    const isOver = (one: Committed): boolean => {
      if (one.execution !== execution) return now - one.since > LEASE
      if (event.type === 'ExecutionEnded') return true
      if (event.type === 'UndoFinished') return event.device === one.device && event.end !== 'unknown'
      return event.type === 'SharesGivenBack' && event.devices.includes(one.device)
    }
    const left = known.filter((one) => !isOver(one))
    if (event.type === 'ActIntended' && event.act === 'arm') {
      const { device } = event
      left.push({ execution, device, since: now })
      const all = new Set(left.map((one) => one.device))
      if (all.size > (most ?? 0))
        throw new Violation('I54', `${[...all].join(', ')} are under change at once, and ${most} may be`)
    }
    counted.set(store, left)
  }

  return {
    appended: (_life, events) => {
      for (const event of events) see(event)
    },
  }
}
