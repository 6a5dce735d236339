import type { JournalEvent } from '../journal/event.ts'
import { foldAll } from './fold.ts'
import type { ChangePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

/** The records of an execution that say what became of its switches and what was planned for them, where it was never redriven. */
const OF_SWITCHES: readonly JournalEvent['type'][] = [
  'ExecutionStarted',
  'ExecutionResumed',
  'ExecutionRedriven',
  'DeviceLeftOut',
  'PlanMade',
  'ActIntended',
  'ActFinished',
  'DeviceSettled',
  'CompensationStarted',
  'UndoFinished',
  'ExecutionEnded',
  'SitesDivided',
  'BarrierReached',
  'BarrierLeft',
  'BarrierDecided',
  'SiteEnded',
]

/**
 * What an execution of the store has done to its switches, up to a record: its plan, `devices`, `ends`, `sites` and how it ended. Of its tasks and scopes nothing is
 * read, which are most of its records, but where it was redriven: from where it then goes on depends on them. Throws `store` as reading does.
 */
export async function foldSwitches(
  id: string,
  read: ChangePorts['readExecution'],
  until = Number.POSITIVE_INFINITY,
): Promise<ExecutionState> {
  const some = await read(id, OF_SWITCHES)
  const events = some.some(({ type }) => type === 'ExecutionRedriven') ? await read(id) : some
  return foldAll(
    id,
    events.filter(({ seq }) => seq <= until),
  )
}
