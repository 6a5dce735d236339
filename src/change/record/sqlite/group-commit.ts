/** Chooses the moment at which what has come in is written together. */
export type CommitTurn = (write: () => void) => void

/**
 * When the running code and every promise that it has settled are done. Time does not pass until then: a virtual
 * clock moves on only after it.
 */
export const atRest: CommitTurn = (write) => queueMicrotask(() => process.nextTick(write))

/** At the end of this turn of the event loop, so that answers which came in together are written together. */
export const atTurnEnd: CommitTurn = (write) => {
  setImmediate(write)
}

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Gathers requests and commits them in groups, in the order in which they came. `commit` is given a whole group and
 * says how each of its requests went; when it throws, all of the group have failed.
 */
export class GroupCommit<Request, Answer> {
  readonly #commit: (group: readonly Request[]) => readonly PromiseSettledResult<Answer>[]
  readonly #moment: CommitTurn
  #waiting: Waiting<Request, Answer>[] = []

  constructor(commit: (group: readonly Request[]) => readonly PromiseSettledResult<Answer>[], moment: CommitTurn) {
    this.#commit = commit
    this.#moment = moment
  }

  /** Resolves once the request's group is committed; rejects with what refused the request or failed the group. */
  add(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      if (this.#waiting.length === 1) this.#moment(() => this.flush())
    })
  }

  /** Commits what is waiting now. */
  flush(): void {
    const group = this.#waiting
    if (group.length === 0) return
    this.#waiting = []
    try {
      const outcomes = this.#commit(group.map(({ request }) => request))
      for (const [index, outcome] of outcomes.entries()) settle(group[index], outcome)
    } catch (thrown) {
      for (const { reject } of group) reject(thrown)
    }
  }
}

function settle<Request, Answer>(
  waiting: Waiting<Request, Answer> | undefined,
  outcome: PromiseSettledResult<Answer>,
): void {
  if (outcome.status === 'fulfilled') waiting?.resolve(outcome.value)
  else waiting?.reject(outcome.reason)
}

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
