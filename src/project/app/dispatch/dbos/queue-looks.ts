import { registerInternalQueue, wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'

/** How often the queue of a site is asked that this process drives something of, in milliseconds: its limit may keep something waiting. */
const BUSY = 250
/** How often any other one is asked: whoever posts says so, and what was not heard is found by that. */
const IDLE = 5_000

/** A queue that no row is ever in. Its poll lasts until somebody rings, and the loop looks what is due whenever a poll has ended. */
const BELL = 'eosflow:bell'

type Queue = ReturnType<typeof registerInternalQueue>

/** When the loop of DBOS asks a queue next. */
interface State {
  readonly queue: Queue
  currentPollingMs: number
  nextPollAt: number
}

/** What is used of the running DBOS. */
interface Executor {
  readonly systemDatabase: { countRunningWorkflowsForQueue(name: string): number }
}

/** The loop of DBOS 5.3.0, as far as its types keep it private. It reads only at its start which queues there are. */
interface Loop {
  readonly states: ReadonlyMap<string, State>
  ensureState(queue: Queue, now: number): void
  pollQueue?(executor: Executor, queue: Queue): Promise<boolean>
  /** How often it asks for queues and for delayed workflows in the database: eosflow has none of either. */
  readonly constructor: { reconcileIntervalMs: number; transitionIntervalMs: number }
}

/** How the queues of this process are asked. */
export interface QueueLooks {
  /** Has a queue asked from here on, at once, also while the loop runs; with `limit` as many activations at once are taken of it. */
  add(name: string, now: number, limit?: number): void
  /** Has a queue asked at once, or all of them. */
  look(name?: string): void
  /** The loop is about to end. */
  end(): void
}

/**
 * Has DBOS ask a queue when something was posted to it, and seldom where nothing was: its own loop asks each queue at its own pace, idle or not.
 * The loop is one in a process, so there is one of these at a time.
 */
export function queueLooks(): QueueLooks {
  const loop = wfQueueRunner as unknown as Loop
  const { pollQueue: poll } = Object.getPrototypeOf(loop) as Required<Loop>
  Object.assign(loop.constructor, { reconcileIntervalMs: IDLE, transitionIntervalMs: IDLE })
  let isOver = false
  let isRung = false
  let rung: () => void = () => undefined
  const ring = (): void => {
    isRung = true
    rung()
  }
  const heard = async (): Promise<void> => {
    if (!isRung && !isOver) await new Promise<void>((resolve) => (rung = resolve))
    isRung = false
  }
  /** What is asked at this moment, and whether something was posted meanwhile: that answer may be older. */
  const asked = new Map<string, boolean>()
  const look = (name?: string): void => {
    for (const state of loop.states.values()) {
      const { name: its } = state.queue
      if (its === BELL || (name ?? its) !== its) continue
      state.nextPollAt = 0
      if (asked.has(its)) asked.set(its, true)
    }
    ring()
  }
  loop.pollQueue = async (executor, queue) => {
    const { name } = queue
    if (name === BELL) {
      await heard()
      return false
    }
    asked.set(name, false)
    try {
      return await poll.call(loop, executor, queue)
    } finally {
      const state = loop.states.get(name)
      const pace = executor.systemDatabase.countRunningWorkflowsForQueue(name) > 0 ? BUSY : IDLE
      queue.minPollingIntervalMs = pace
      if (state !== undefined) state.currentPollingMs = pace
      if (asked.get(name) === true) setImmediate(look, name)
      asked.delete(name)
    }
  }
  registerInternalQueue(BELL, { minPollingIntervalMs: 1 })
  return {
    add: (name, now, limit) => {
      const limited = limit === undefined ? {} : { workerConcurrency: limit }
      // A queue that is set here is not looked for in the database: its limit is that of this worker.
      const queue = registerInternalQueue(name, { ...limited, minPollingIntervalMs: BUSY })
      if (loop.states.size > 0) loop.ensureState(queue, now)
      look(name)
    },
    look,
    end: () => {
      isOver = true
      rung()
    },
  }
}
