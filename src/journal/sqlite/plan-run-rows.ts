import type { PlanRun } from '../../model/plan-run.ts'
import { planRunsAmong } from '../plan-runs.ts'
import type { ExecutionTable } from './execution-table.ts'
import { parseRow } from './read-row.ts'
import type { Statements } from './statements.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** The executions that have a plan and were begun to send it. Their first record and the one that each ended with are looked at, and no other. */
export function planRunRows(
  plan: string,
  chain: VerifiedChain,
  { lastEnd }: Pick<Statements, 'lastEnd'>,
  executions: Pick<ExecutionTable, 'entry'>,
): readonly PlanRun[] {
  const ids = new Set(chain.ofPlan(plan, 'PlanMade').map((row) => parseRow(row).execution ?? ''))
  const places = [...ids].flatMap((id): readonly number[] => {
    const entry = executions.entry(id)
    if (entry === undefined) return []
    // An open one is not looked through for an end.
    return [entry.first, ...(entry.isOpen ? [] : [lastEnd.get(id) ?? entry.last])]
  })
  return planRunsAmong(places.sort((one, other) => one - other).map((place) => chain.event(place)))
}
