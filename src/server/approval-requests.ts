import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import { agentName, type Principal } from '../model/principal.ts'
import { Refusal } from './fault.ts'

/** So many requests for approval an agent has open at once: whoever asks people too often is approved without being read. */
const MOST = 3
/** So long, in milliseconds, a request counts as open that nobody has answered. */
const OPEN = 24 * 3_600_000

/** What agents ask people to approve: in memory, as every limit of them. The requests themselves are on record. */
export class ApprovalRequests {
  readonly #clock: Pick<Clock, 'now'>
  /** When each request ends, by the agent and the digest of the plan. */
  readonly #open = new Map<string, Map<string, number>>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /**
   * Puts a request on record by `record`, unless the agent has the same one open. Gives when it ends, milliseconds since the epoch. Throws
   * `too-many`, and what `record` throws.
   */
  async ask(
    principal: Principal,
    plan: string,
    store: Pick<Store, 'approvals'>,
    record: () => Promise<void>,
  ): Promise<number> {
    const own = await this.#openOf(principal, store)
    const known = own.get(plan)
    if (known !== undefined) return known
    if (principal.kind === 'agent' && own.size >= MOST)
      throw new Refusal({
        kind: 'too-many',
        message: `this agent has ${MOST} open requests for approval`,
        hint: 'People decide about one of them first, or a day goes by.',
      })
    const ends = this.#clock.now() + OPEN
    // Before the record: two calls at once are one request.
    own.set(plan, ends)
    try {
      await record()
    } catch (error) {
      own.delete(plan)
      throw error
    }
    return ends
  }

  /** Those of an agent that nobody has decided about and that are not over. */
  async #openOf(principal: Principal, store: Pick<Store, 'approvals'>): Promise<Map<string, number>> {
    const name = agentName(principal)
    const own = this.#open.get(name) ?? new Map<string, number>()
    this.#open.set(name, own)
    for (const [plan, ends] of [...own]) {
      if (ends <= this.#clock.now() || (await store.approvals(plan)).length > 0) own.delete(plan)
    }
    return own
  }
}
