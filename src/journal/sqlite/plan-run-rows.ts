import type { PlanRun } from '../../model/plan-run.ts'
import { planRunsAmong } from '../plan-runs.ts'
import type { ExecutionTable } from './execution-table.ts'
import { parseRow } from './read-row.ts'
import type { Statements } from './statements.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** Where executions ended or were redriven, as far as this process has looked: a long one is asked about before each of its commits. */
export class ExecutionEndCache {
  readonly #found = new Map<string, { readonly upTo: number; readonly places: readonly number[] }>()
  readonly #ends: Statements['ends']

  constructor({ ends }: Pick<Statements, 'ends'>) {
    this.#ends = ends
  }

  /** The places of an execution whose newest record is at `last`, in order. */
  of(id: string, last: number): readonly number[] {
    const { upTo, places } = this.#found.get(id) ?? { upTo: 0, places: [] }
    if (upTo >= last) return places
    const found = [...places, ...this.#ends.all(id, upTo, last)]
    if (this.#found.size >= MOST) this.#found.clear()
    this.#found.set(id, { upTo: last, places: found })
    return found
  }
}

const MOST = 1_000

/** The executions that have a plan and were begun to send it. Their first records and those at which they ended or were redriven are looked at, and no other. */
export function planRunRows(
  plan: string,
  chain: VerifiedChain,
  ends: ExecutionEndCache,
  executions: Pick<ExecutionTable, 'entry'>,
): readonly PlanRun[] {
  const ids = new Set(chain.ofPlan(plan, 'PlanMade').map((row) => parseRow(row).execution ?? ''))
  const places = [...ids].flatMap((id): readonly number[] => {
    const entry = executions.entry(id)
    if (entry === undefined) return []
    const known = ends.of(id, entry.last)
    // Of an ended one whose records lie in a segment, the newest is its end.
    return [entry.first, ...(known.length === 0 && !entry.isOpen ? [entry.last] : known)]
  })
  return planRunsAmong(places.sort((one, other) => one - other).map((place) => chain.event(place)))
}
