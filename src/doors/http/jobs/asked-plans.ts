import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Principal } from '../../../model/principal.ts'

// So many are kept, the newest, for so long, in milliseconds.
const KEPT = 100
const LASTS = 24 * 3_600_000

export interface AskedPlan {
  readonly plan: string
  /** Since when, ISO 8601 in UTC. */
  readonly at: string
  readonly principal: Principal
}

/**
 * The plans that agents of any process ask people to approve, in the memory of the front: what was asked before it began is on record, and at the
 * page of the plan.
 */
export class AskedPlans {
  readonly #asked = new Map<string, AskedPlan>()

  took(events: readonly JournalEvent[]): void {
    for (const event of events) {
      if (event.type !== 'ApprovalRequested' || event.principal === undefined) continue
      const { plan, at, principal } = event
      if (!this.#asked.has(plan)) this.#asked.set(plan, { plan, at, principal })
      const [oldest = ''] = this.#asked.keys()
      if (this.#asked.size > KEPT) this.#asked.delete(oldest)
    }
  }

  /** Those of the last day, at a time in milliseconds since the epoch. */
  at(now: number): readonly AskedPlan[] {
    return [...this.#asked.values()].filter(({ at }) => now - Date.parse(at) < LASTS)
  }
}
