import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { OutageError } from '../store/outage.ts'
import { sqlStateOf } from './postgres-error.ts'

interface Waiting<Item, Answer> {
  readonly item: Item
  // When it was asked, in milliseconds of the monotonic clock.
  readonly asked: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

export interface BatchedQueryOptions<Item, Answer> {
  /** Throws `store`. */
  readonly ask: (items: readonly Item[]) => Promise<readonly Answer[]>
  /** So many items are in one statement at most. */
  readonly most: number
  readonly clock: Pick<Clock, 'monotonic'>
}

// So many statements are under way at most: one that gets no answer does not hold up all others.
const LANES = 2
// Who was not sent in so many milliseconds hears of an outage: with the statement itself it would be more than the ten seconds that whoever
// drives a change has.
const SENT_WITHIN = 2_000

/** Asks about many things in one statement: what is asked while statements are under way is the next one, so that a change of a hundred switches does not wait for a hundred round trips. No answer is of a time before its question. */
export class BatchedQuery<Item, Answer> {
  readonly #options: BatchedQueryOptions<Item, Answer>
  readonly #waiting: Waiting<Item, Answer>[] = []
  #together: number
  #lanes: readonly Promise<void>[] = []

  constructor(options: BatchedQueryOptions<Item, Answer>) {
    this.#options = options
    this.#together = options.most
  }

  /** Throws as the store does. */
  ask(item: Item): Promise<Answer> {
    const asked = this.#options.clock.monotonic()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, asked, resolve, reject })
      this.#open()
    })
  }

  async settled(): Promise<void> {
    while (this.#lanes.length > 0) await Promise.all(this.#lanes)
  }

  #open() {
    if (this.#lanes.length >= LANES) return
    const lane = this.#run().finally(() => {
      this.#lanes = this.#lanes.filter((one) => one !== lane)
      if (this.#waiting.length > 0) this.#open()
    })
    this.#lanes = [...this.#lanes, lane]
  }

  async #run() {
    // Whatever else this turn of the event loop asks goes with it.
    await new Promise<void>((done) => setImmediate(done))
    for (let group = this.#next(); group.length > 0; group = this.#next()) await this.#send(group)
  }

  #next() {
    const now = this.#options.clock.monotonic()
    const late = this.#waiting.filter(({ asked }) => now - asked > SENT_WITHIN)
    if (late.length > 0) {
      const left = this.#waiting.filter(({ asked }) => now - asked <= SENT_WITHIN)
      this.#waiting.splice(0, this.#waiting.length, ...left)
      for (const { reject } of late)
        reject(new OutageError('the store does not answer in time: what was asked before is not answered yet'))
    }
    return this.#waiting.splice(0, this.#together)
  }

  async #send(group: readonly Waiting<Item, Answer>[]) {
    const { ask, most } = this.#options
    try {
      const answers = await ask(group.map(({ item }) => item))
      this.#together = Math.min(most, this.#together * 2)
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      if (error instanceof OutageError) this.#together = 1
      if (group.length > 1 && !(error instanceof OutageError) && !isOfStatement(error))
        for (const one of group) await this.#send([one])
      else for (const { reject } of group) reject(error)
    }
  }
}

function isOfStatement(error: unknown) {
  return error instanceof EosflowError && sqlStateOf(error.cause)?.startsWith('42') === true
}
