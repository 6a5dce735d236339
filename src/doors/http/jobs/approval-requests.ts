import type { Notes } from '../../../change/record/store/notes.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { agentName, type Principal } from '../../../model/principal.ts'
import { refusalOf } from '../request/readable.ts'

// So many requests for approval an agent has open at once: whoever asks people too often is approved without being read.
const MOST = 3
// So long, in milliseconds, a request is one: asked again it is the same, and nobody's decision makes it another.
const LASTS = 24 * 3_600_000

// A server that dies before its request is on record keeps the agent from it for so long, in milliseconds.
const UNDER_WAY = 60_000
const KEPT = 1_000

const KIND = 'request'

/** The requests for approval that are open, at all servers of a store, so that an agent has few of them. */
export class ApprovalRequests {
  readonly #notes: Notes

  constructor(notes: Notes) {
    this.#notes = notes
  }

  /** Puts a request on record by `record`, unless the agent has made the same one within a day. Gives when it ends, milliseconds since the epoch. */
  async ask(
    principal: Principal,
    plan: string,
    store: Pick<Store, 'approvals'>,
    record: () => Promise<void>,
  ): Promise<number> {
    const agent = agentName(principal)
    const name = JSON.stringify([agent, plan])
    const ends = (await this.#notes.now()) + LASTS
    const text = JSON.stringify({ agent, plan, ends } satisfies Asked)
    // Before it is judged: of two calls at once one is a request.
    if (!(await this.#notes.put(KIND, name, text, { lasts: UNDER_WAY, most: KEPT }))) {
      const known = await this.#notes.read(KIND, name)
      return known === undefined ? ends : askedIn(known.text).ends
    }
    try {
      if (principal.kind === 'agent') await requireRoom(await this.#plansOf(agent), store)
      await record()
      await this.#notes.set(KIND, name, text, { lasts: LASTS, most: KEPT })
    } catch (error) {
      await this.#notes.take(KIND, name)
      throw error
    }
    return ends
  }

  async #plansOf(agent: string): Promise<readonly string[]> {
    const all = (await this.#notes.all(KIND)).map(askedIn)
    return all.flatMap((asked) => (asked.agent === agent ? [asked.plan] : []))
  }
}

interface Asked {
  readonly agent: string
  readonly plan: string
  // When it is one no more, in milliseconds since the epoch.
  readonly ends: number
}

function askedIn(text: string) {
  return JSON.parse(text) as Asked
}

// Throws `too-many` where more of these plans than an agent may ask for are without a decision.
async function requireRoom(plans: readonly string[], store: Pick<Store, 'approvals'>) {
  const decisions = await Promise.all(plans.map((plan) => store.approvals(plan)))
  if (decisions.filter((made) => made.length === 0).length <= MOST) return
  throw refusalOf(
    'too-many',
    `this agent has ${MOST} open requests for approval`,
    'People decide about one of them first, or a day goes by.',
  )
}
