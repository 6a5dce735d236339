import type { ChainRow } from '../chain.ts'
import { NEWEST_OF_SCHEDULE, type ScheduleRecord, scheduleRecordsAmong } from '../schedule.ts'
import { requireUnaltered } from './head-walk.ts'
import { parseRow } from './read-row.ts'
import type { Statements } from './statements.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** The records of schedules, read by their index. Throws BrokenChainError for a record that is not what its hash says. */
export function scheduleRows(chain: Pick<VerifiedChain, 'head'>, statements: Statements): readonly ScheduleRecord[] {
  chain.head()
  const rows = new Map<number, ChainRow>()
  for (const name of statements.scheduleNames.all()) {
    const fired = statements.scheduleFired.all(name)
    const found = [
      ...statements.scheduleChanges.all(name),
      ...statements.scheduleNewest.all(name, NEWEST_OF_SCHEDULE),
      ...fired.map(parseRow).flatMap((record) => {
        return record.type === 'ScheduleFired' ? statements.scheduleInstant.all(name, record.instant) : []
      }),
    ]
    for (const row of found) rows.set(row.seq, row)
  }
  const inOrder = [...rows.values()].toSorted((one, other) => one.seq - other.seq)
  for (const row of inOrder) requireUnaltered(row)
  return scheduleRecordsAmong(inOrder.map(parseRow))
}
