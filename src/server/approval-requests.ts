import { createHash } from 'node:crypto'
import type { Notes } from '../journal/notes.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import { agentName, type Principal } from '../model/principal.ts'
import { RequestRefusal } from './fault.ts'

/** So many requests for approval an agent has open at once: whoever asks people too often is approved without being read. */
const MOST = 3
/** So long, in milliseconds, a request is one: asked again it is the same, and nobody's decision makes it another. */
const LASTS = 24 * 3_600_000

/** So many of the newest requests on record are looked at: more than all agents have open in a day. */
const LOOKED_AT = 1_000

/** What of a store the requests are counted by. */
export type RequestsOnRecord = Pick<Store, 'approvals' | 'newestOf'>

/** The requests for approval that are open, so that an agent has few of them. */
export interface OpenRequests {
  /**
   * Puts a request on record by `record`, unless the agent has made the same one within a day. Gives when it ends, milliseconds since the epoch.
   * Throws `too-many`, and what `record` throws.
   */
  ask(principal: Principal, plan: string, store: RequestsOnRecord, record: () => Promise<void>): Promise<number>
}

/** What agents ask people to approve, counted from the record: whoever starts again has asked for what is open all the same. */
export class RecordedRequests implements OpenRequests {
  readonly #clock: Pick<Clock, 'now'>
  /** What each agent asks for one after the other: of two calls at once the second sees what the first has put on record. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  async ask(principal: Principal, plan: string, store: RequestsOnRecord, record: () => Promise<void>): Promise<number> {
    const name = agentName(principal)
    const before = this.#last.get(name) ?? Promise.resolve()
    const work = before.then(() => this.#asked(principal, plan, store, record))
    const settled = work
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(name) === settled) this.#last.delete(name)
      })
    this.#last.set(name, settled)
    return work
  }

  async #asked(
    principal: Principal,
    plan: string,
    store: RequestsOnRecord,
    record: () => Promise<void>,
  ): Promise<number> {
    const own = await this.#ownOf(principal, store)
    const known = own.get(plan)
    if (known !== undefined) return known
    if (principal.kind === 'agent') await requireRoom([...own.keys(), plan], store)
    await record()
    return (await this.#ownOf(principal, store)).get(plan) ?? this.#clock.now() + LASTS
  }

  /** When the requests of an agent end that are not over, by the plan. */
  async #ownOf(principal: Principal, store: RequestsOnRecord): Promise<ReadonlyMap<string, number>> {
    const name = agentName(principal)
    const asked = await store.newestOf('ApprovalRequested', LOOKED_AT)
    const own = asked.filter((one) => one.principal !== undefined && agentName(one.principal) === name)
    const ends = own.map(({ plan, at }) => [plan, Date.parse(at) + LASTS] as const)
    return new Map(ends.filter(([, end]) => end > this.#clock.now()))
  }
}

/** The same for all servers of a store. */
export class StoredRequests implements OpenRequests {
  readonly #notes: Notes

  constructor(notes: Notes) {
    this.#notes = notes
  }

  async ask(principal: Principal, plan: string, store: RequestsOnRecord, record: () => Promise<void>): Promise<number> {
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
  throw new RequestRefusal({
    kind: 'too-many',
    message: `this agent has ${MOST} open requests for approval`,
    hint: 'People decide about one of them first, or a day goes by.',
  })
}
