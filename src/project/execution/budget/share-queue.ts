import { type Notes, noNotes } from '../../../change/record/store/notes.ts'

const KIND = 'budget queue'

/** For how long somebody who waits is taken to wait without another sign, in milliseconds. */
const LASTS = 15_000

/** How often that sign is given, in milliseconds. */
const EACH = 5_000

/** Who waits for shares of budgets, for which switches, and of which groups. */
interface Ticket {
  readonly execution: string
  readonly devices: readonly string[]
  readonly groups: readonly string[]
}

/**
 * The place of some switches of an execution among those that wait for shares of budgets, in the order in which they came. It only says who tries first: how many
 * shares there are is decided where they are taken. Who gives no sign for 15 seconds waits no more.
 */
export class SharePlace {
  readonly #notes: Notes
  readonly #ticket: Ticket
  readonly #text: string
  readonly #now: () => number
  #said: number | undefined

  constructor(notes: Notes, ticket: Ticket, now: () => number) {
    this.#notes = notes
    this.#ticket = ticket
    this.#text = JSON.stringify(ticket)
    this.#now = now
  }

  /** The executions that came earlier and wait for some of the same budgets. */
  async before(): Promise<readonly string[]> {
    if (this.#notes === noNotes) return []
    const texts = await this.#notes.all(KIND)
    const own = texts.indexOf(this.#text)
    const earlier = own === -1 ? texts : texts.slice(0, own)
    const { execution: mine, groups: wanted } = this.#ticket
    const tickets = earlier.map((text) => JSON.parse(text) as Ticket)
    const others = tickets.filter((one) => one.execution !== mine && one.groups.some((group) => wanted.includes(group)))
    return [...new Set(others.map(({ execution }) => execution))]
  }

  /** Waits from now on, or still does. */
  async keep(): Promise<void> {
    const at = this.#now()
    if (this.#notes === noNotes || (this.#said !== undefined && at - this.#said < EACH)) return
    this.#said = at
    if (await this.#notes.extend(KIND, this.#text, LASTS)) return
    await this.#notes.put(KIND, this.#text, this.#text, { lasts: LASTS })
  }

  /** Waits no more. */
  async leave(): Promise<void> {
    if (this.#said !== undefined) await this.#notes.take(KIND, this.#text)
  }
}
