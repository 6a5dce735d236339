import { OutageError } from '../outage.ts'

/** Somebody who waits for an answer. */
interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Asks about many things in one statement: what is asked while a statement is under way is the next one, so that a change of a hundred switches does not
 * wait for a hundred round trips. No answer is of a time before its question. A statement that fails fails for all that it asked about; an outage fails for
 * all who wait, who would hear of it too late by another statement.
 */
export class Gathered<Item, Answer> {
  readonly #ask: (items: readonly Item[]) => Promise<readonly Answer[]>
  readonly #most: number
  #waiting: Waiting<Item, Answer>[] = []
  #isRunning = false

  /** `ask` gives an answer for each item, in their order. `most`: so many items are in one statement at most. */
  constructor(ask: (items: readonly Item[]) => Promise<readonly Answer[]>, most: number) {
    this.#ask = ask
    this.#most = most
  }

  /** The answer to one item. */
  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      // Whatever else this turn of the event loop asks goes with it.
      await new Promise<void>((done) => setImmediate(done))
      const group = this.#waiting.splice(0, this.#most)
      try {
        const answers = await this.#ask(group.map(({ item }) => item))
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer)
      } catch (error) {
        const failed = error instanceof OutageError ? [...group, ...this.#waiting.splice(0)] : group
        for (const { reject } of failed) reject(error)
      }
    }
    this.#isRunning = false
  }
}
