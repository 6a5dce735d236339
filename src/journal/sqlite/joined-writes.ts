interface Joined {
  readonly write: () => void
  readonly settle: () => void
  readonly fail: (thrown: unknown) => void
}

/** What was taken along by a transaction. */
export interface TakenWrites {
  /** Within the transaction. */
  write(): void
  /** Once it is committed, or has failed. */
  settle(): void
  fail(thrown: unknown): void
}

/** Writes that nobody waits for and that go with the next transaction, whoever makes it: they cost none of their own then. None may refuse what others write. */
export class JoinedWrites {
  #waiting: Joined[] = []

  /** Whether any is waiting. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Resolves once it is committed; rejects with what failed the transaction. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, fail) => {
      let given: { readonly value: T } | undefined
      const write = (): void => {
        given = { value: work() }
      }
      const settle = (): void => {
        if (given !== undefined) resolve(given.value)
      }
      this.#waiting.push({ write, settle, fail })
    })
  }

  /** Those that are waiting, which wait no more. */
  taken(): TakenWrites {
    const taken = this.#waiting
    this.#waiting = []
    return {
      write: () => {
        for (const one of taken) one.write()
      },
      settle: () => {
        for (const one of taken) one.settle()
      },
      fail: (thrown) => {
        for (const one of taken) one.fail(thrown)
      },
    }
  }
}
