import { createHash } from 'node:crypto'
import type { Notes } from '../journal/notes.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import { agentName, type Principal } from '../model/principal.ts'
import { Refusal } from './fault.ts'

/** So many requests for approval an agent has open at once: whoever asks people too often is approved without being read. */
const MOST = 3
/** So long, in milliseconds, a request is one: asked again it is the same, and nobody's decision makes it another. */
const LASTS = 24 * 3_600_000

/** The requests for approval that are open, so that an agent has few of them. */
export interface OpenRequests {
  /**
   * Puts a request on record by `record`, unless the agent has made the same one within a day. Gives when it ends, milliseconds since the epoch.
   * Throws `too-many`, and what `record` throws.
   */
  ask(principal: Principal, plan: string, store: Pick<Store, 'approvals'>, record: () => Promise<void>): Promise<number>
}

/** What agents ask people to approve: in memory, as every limit of them. The requests themselves are on record. */
export class ApprovalRequests implements OpenRequests {
  readonly #clock: Pick<Clock, 'now'>
  /** When each request ends, by the agent and the digest of the plan. */
  readonly #made = new Map<string, Map<string, number>>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  async ask(
    principal: Principal,
    plan: string,
    store: Pick<Store, 'approvals'>,
    record: () => Promise<void>,
  ): Promise<number> {
    const own = this.#ownOf(principal)
    const known = own.get(plan)
    if (known !== undefined) return known
    const ends = this.#clock.now() + LASTS
    // Before anything is waited for: of two calls at once one is a request.
    own.set(plan, ends)
    try {
      if (principal.kind === 'agent') await requireRoom([...own.keys()], store)
      await record()
    } catch (error) {
      own.delete(plan)
      throw error
    }
    return ends
  }

  /** Those of an agent that are not over. */
  #ownOf(principal: Principal): Map<string, number> {
    for (const [name, all] of this.#made) {
      for (const [plan, ends] of all) if (ends <= this.#clock.now()) all.delete(plan)
      if (all.size === 0) this.#made.delete(name)
    }
    const name = agentName(principal)
    const own = this.#made.get(name) ?? new Map<string, number>()
    this.#made.set(name, own)
    return own
  }
}

/** The same for all servers of a store. */
export class StoredRequests implements OpenRequests {
  readonly #notes: Notes

  constructor(notes: Notes) {
    this.#notes = notes
  }

  async ask(
    principal: Principal,
    plan: string,
    store: Pick<Store, 'approvals'>,
    record: () => Promise<void>,
  ): Promise<number> {
    const kind = `request ${createHash('sha256').update(agentName(principal)).digest('hex')}`
    const ends = (await this.#notes.now()) + LASTS
    // Before it is judged: of two calls at once one is a request.
    if (!(await this.#notes.put(kind, plan, plan, { lasts: LASTS }))) {
      const known = await this.#notes.read(kind, plan)
      return known === undefined ? ends : known.now + known.left
    }
    try {
      if (principal.kind === 'agent') await requireRoom(await this.#notes.all(kind), store)
      await record()
    } catch (error) {
      await this.#notes.take(kind, plan)
      throw error
    }
    return ends
  }
}

/** Throws `too-many` where more of these plans than an agent may ask for are without a decision. */
async function requireRoom(plans: readonly string[], store: Pick<Store, 'approvals'>): Promise<void> {
  const decisions = await Promise.all(plans.map((plan) => store.approvals(plan)))
  if (decisions.filter((made) => made.length === 0).length <= MOST) return
  throw new Refusal({
    kind: 'too-many',
    message: `this agent has ${MOST} open requests for approval`,
    hint: 'People decide about one of them first, or a day goes by.',
  })
}
