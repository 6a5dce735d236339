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
export function groupCommit<Request, Answer>(
  commit: (group: readonly Request[]) => readonly PromiseSettledResult<Answer>[],
  moment: CommitTurn,
) {
  let queue: Waiting<Request, Answer>[] = []

  function add(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject })
      if (queue.length === 1) moment(flush)
    })
  }

  function flush(): void {
    const group = queue
    if (group.length === 0) return
    queue = []
    try {
      const outcomes = commit(group.map(({ request }) => request))
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome?.status === 'fulfilled') resolve(outcome.value)
        else reject(outcome?.reason)
      }
    } catch (thrown) {
      for (const { reject } of group) reject(thrown)
    }
  }

  return { add, flush }
}

export interface TakenWrites {
  write(): void
  settle(): void
  fail(thrown: unknown): void
}

export function joinedWrites() {
  let queue: TakenWrites[] = []

  function add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, fail) => {
      let given: { readonly value: T } | undefined
      const write = () => {
        given = { value: work() }
      }
      queue.push({ write, settle: () => given && resolve(given.value), fail })
    })
  }

  function taken(): TakenWrites {
    const taken = queue
    queue = []
    const each = (step: (one: TakenWrites) => void) => taken.forEach(step)
    return {
      write: () => each((one) => one.write()),
      settle: () => each((one) => one.settle()),
      fail: (thrown) => each((one) => one.fail(thrown)),
    }
  }

  return {
    get isWaiting() {
      return queue.length > 0
    },
    add,
    taken,
  }
}
