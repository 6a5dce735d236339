import type { PlanRun } from '../../../model/plan-run.ts'
import type { JournalEvent } from '../event/event.ts'

/** The executions that these records began and, unless they are open, ended. */
export function planRunsAmong(records: readonly JournalEvent[]): readonly PlanRun[] {
  return records.flatMap((first): readonly PlanRun[] => {
    if (first.type !== 'ExecutionStarted' || first.purpose !== 'run' || first.execution === undefined) return []
    const { execution, seq: began } = first
    const own = records.filter((one) => one.execution === execution && WORDS.has(one.type))
    const stop = own.findLast((one) => one.type === 'ExecutionEnded' && one.outcome === 'cancelled')
    const run = { execution, began, ...(stop === undefined ? {} : { stopped: { record: stop.seq, at: stop.at } }) }
    const end = own.at(-1)
    if (end?.type !== 'ExecutionEnded') return [run]
    return [{ ...run, ended: { record: end.seq, at: end.at, isRefused: end.outcome === 'refused' } }]
  })
}

const WORDS: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionEnded', 'ExecutionRedriven'])
