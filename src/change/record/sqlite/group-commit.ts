export type CommitTurn = (write: () => void) => void

/** Time does not pass until then: a virtual clock moves on only after it. */
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

  add(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      if (this.#waiting.length === 1) this.#moment(() => this.flush())
    })
  }

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

function settle<Request, Answer>(waiting: Waiting<Request, Answer> | undefined, outcome: PromiseSettledResult<Answer>) {
  if (outcome.status === 'fulfilled') waiting?.resolve(outcome.value)
  else waiting?.reject(outcome.reason)
}

export interface TakenWrites {
  write(): void
  settle(): void
  fail(thrown: unknown): void
}

export class JoinedWrites {
  #waiting: TakenWrites[] = []

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, fail) => {
      let given: { readonly value: T } | undefined
      const write = () => {
        given = { value: work() }
      }
      this.#waiting.push({ write, settle: () => given && resolve(given.value), fail })
    })
  }

  taken(): TakenWrites {
    const taken = this.#waiting
    this.#waiting = []
    const each = (step: (one: TakenWrites) => void) => taken.forEach(step)
    return {
      write: () => each((one) => one.write()),
      settle: () => each((one) => one.settle()),
      fail: (thrown) => each((one) => one.fail(thrown)),
    }
  }
}
