import { DBOS, DBOSClient, type WorkflowStatus } from '@dbos-inc/dbos-sdk'
import { registerInternalQueue, wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import { postgresError } from '../../../../change/record/postgres/postgres-error.ts'
import { addressWords, type PostgresAddress } from '../../../../change/record/postgres/server-config.ts'
import { POSTED } from '../../../../change/record/postgres/write-announcer.ts'
import type { Clock } from '../../../../model/clock.ts'
import { messageOf } from '../../../../model/error.ts'
import { type Activation, type Dispatcher, type Drive, readActivation, type WorkerQueue } from '../port/activation.ts'
import { requireTables } from './dbos-tables.ts'
import { dispatchPool, type PatientPool } from './patient-pool.ts'

// How often the queue of a site is asked that this process drives something of, in milliseconds: its limit may keep something waiting.
const BUSY = 250
const IDLE = 5_000

const BELL = 'eosflow:bell'

type Queue = ReturnType<typeof registerInternalQueue>

interface State {
  readonly queue: Queue
  currentPollingMs: number
  nextPollAt: number
}

interface Executor {
  readonly systemDatabase: { countRunningWorkflowsForQueue(name: string): number }
}

interface Loop {
  readonly states: ReadonlyMap<string, State>
  ensureState(queue: Queue, now: number): void
  pollQueue?(executor: Executor, queue: Queue): Promise<boolean>
  readonly constructor: { reconcileIntervalMs: number; transitionIntervalMs: number }
}

interface QueueLooks {
  // Has a queue asked from here on, at once, also while the loop runs; with `limit` as many activations at once are taken of it.
  add(name: string, now: number, limit?: number): void
  look(name?: string): void
  end(): void
}

function queueLooks(): QueueLooks {
  const loop = wfQueueRunner as unknown as Loop
  const { pollQueue: poll } = Object.getPrototypeOf(loop) as Required<Loop>
  Object.assign(loop.constructor, { reconcileIntervalMs: IDLE, transitionIntervalMs: IDLE })
  let isOver = false
  let isRung = false
  let rung: () => void = () => undefined
  const ring = () => {
    isRung = true
    rung()
  }
  const heard = async () => {
    if (!isRung && !isOver) await new Promise<void>((resolve) => (rung = resolve))
    isRung = false
  }
  const asked = new Map<string, boolean>()
  const look = (name?: string) => {
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

export interface DbosOptions {
  readonly address: PostgresAddress
  /** Names this process among all that ever ran; no other process has had it, so DBOS never recovers anything for it. */
  readonly executor: string
  readonly version: string
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  readonly tell: (text: string) => void
}

const WORKFLOW = 'drive'
const APPLICATION = 'eosflow'
const LONGEST_DRAIN = 86_400_000

// What nobody takes or drives any more since then: carried, given up, or forgotten of a dead worker.
const OLDEST_DONE = `SELECT workflow_uuid AS id FROM dbos.workflow_status
  WHERE completed_at <= $1 AND status NOT IN ('ENQUEUED', 'PENDING', 'DELAYED') AND name = '${WORKFLOW}'
  ORDER BY completed_at LIMIT $2`
const AT_ONCE = 1000

// What PostgreSQL says where the tables of DBOS are not there yet: undefined_table, invalid_schema_name.
const NOT_MADE = new Set(['42P01', '3F000'])

const queueOf = (site: string) => `eosflow:${site}`

/** A dispatcher on the tables of DBOS (schema `dbos`): one workflow of theirs is one activation. DBOS keeps its state in the process, so a process has at most one. */
export async function openDbosDispatcher({
  address,
  executor,
  version,
  clock,
  tell,
}: DbosOptions): Promise<Dispatcher> {
  const silent = (): void => undefined
  const logger = {
    info: silent,
    debug: silent,
    warn: silent,
    error: (what: unknown) => tell(`dispatch: ${messageOf(what)}`),
  }
  const name = `eosflow:${executor}`
  const posting = dispatchPool(address, name, 2)
  let taking: PatientPool | undefined
  let looks: QueueLooks | undefined
  const client = await DBOSClient.create({
    systemDatabaseUrl: addressWords(address),
    systemDatabasePool: posting,
    logger,
    applicationName: APPLICATION,
  })
  const running = new Map<string, Activation>()
  const deliveredTo = (drive: Drive) => async (given: unknown) => {
    const activation = readActivation(given)
    if (activation === undefined) return
    running.set(activation.id, activation)
    try {
      await drive(activation)
    } catch {
      // Whoever drives has said it; the row is done in any case.
    } finally {
      running.delete(activation.id)
    }
  }
  let isMade = false
  const made = async () => {
    isMade ||= await client.listApplicationVersions().then(
      () => true,
      (error: unknown) => {
        if (NOT_MADE.has(codeOf(error))) return false
        throw error
      },
    )
    return isMade
  }
  const takenBy = async (worker: string) => {
    if (!(await made())) return []
    const taken = await client.listWorkflows({
      workflowName: WORKFLOW,
      status: 'PENDING',
      executorId: worker,
      loadInput: false,
      loadOutput: false,
    })
    return taken.map(({ workflowID }) => workflowID)
  }
  let missing: ReadonlySet<string> = new Set()
  const end = async (wait: number) => {
    if (taking === undefined) return
    looks?.end()
    await DBOS.shutdown({ workflowCompletionTimeoutMS: wait, deregister: true })
    await taking.end()
    taking = undefined
  }
  return {
    post: async (activation) => {
      // The first worker makes the tables, and posts what nobody drives.
      if (!(await made())) return
      await client.enqueue(
        { queueName: queueOf(activation.site), workflowName: WORKFLOW, workflowID: activation.id, appVersion: version },
        activation,
      )
      // Who does not hear it asks a little later.
      await posting.query('SELECT pg_notify($1, $2)', [POSTED, activation.site]).catch(() => undefined)
    },
    waits: async (execution, site) => {
      if (!(await made())) return false
      const found = await client.listWorkflows({
        workflowName: WORKFLOW,
        status: 'ENQUEUED',
        workflow_id_prefix: `${execution}@`,
        queueName: queueOf(site),
        applicationVersion: version,
        limit: 1,
        loadInput: false,
        loadOutput: false,
      })
      return found.length > 0
    },
    work: async (sites, limit, drive, unlimited = []): Promise<WorkerQueue> => {
      DBOS.registerWorkflow(deliveredTo(drive), { name: WORKFLOW })
      taking = dispatchPool(address, name, 6)
      await requireTables(posting, address, clock)
      const asked = queueLooks()
      looks = asked
      for (const site of sites) asked.add(queueOf(site), clock.now(), limit)
      for (const site of unlimited) asked.add(queueOf(site), clock.now())
      DBOS.setConfig({
        name: APPLICATION,
        systemDatabaseUrl: addressWords(address),
        systemDatabasePool: taking,
        useListenNotify: false,
        runMigrations: false,
        applicationVersion: version,
        executorID: executor,
        listenQueues: [],
        // One more than three at once: the bell is always one of them.
        maxConcurrentQueueDispatches: 4,
        logger,
      })
      try {
        await DBOS.launch()
      } catch (error) {
        // A server that went away meanwhile is said as everywhere else.
        throw postgresError(address, error)
      }
      return {
        get driven() {
          return [...running.values()].map(({ execution }) => execution)
        },
        add: (more) => {
          for (const site of more) asked.add(queueOf(site), clock.now(), limit)
        },
        look: (site) => asked.look(site === undefined ? undefined : queueOf(site)),
        drain: () => end(LONGEST_DRAIN),
      }
    },
    posted: async (seconds, working) => {
      if (!(await made())) return new Set()
      const found = await client.listWorkflows({
        workflowName: WORKFLOW,
        status: ['ENQUEUED', 'PENDING', 'DELAYED'],
        startTime: new Date(clock.now() - seconds * 1000).toISOString(),
        loadOutput: false,
        loadInput: false,
      })
      const isOnItsWay = ({ workflowID, status, executorId = '', applicationVersion }: WorkflowStatus) => {
        // What waits for a worker of another version may wait for ever.
        if (status !== 'PENDING') return applicationVersion === version
        return executorId === executor ? running.has(workflowID) : working.has(executorId)
      }
      return new Set(found.filter(isOnItsWay).map(({ workflowID }) => executionOf(workflowID)))
    },
    forgetLost: async () => {
      const taken = await takenBy(executor)
      const lost = taken.filter((id) => !running.has(id))
      // What was taken a moment ago may not be here yet: it is lost where it was not here at the last look either.
      const isLost = lost.filter((id) => missing.has(id))
      if (isLost.length > 0) await client.cancelWorkflows(isLost)
      missing = new Set(lost)
    },
    forget: async (worker) => {
      const taken = await takenBy(worker)
      if (taken.length > 0) await client.cancelWorkflows([...taken])
      return new Set(taken.map(executionOf))
    },
    forgetDone: async (seconds) => {
      if (!(await made())) return 0
      // By its index: what DBOS lists is in the order of the posts, for which it looks at all that was done.
      const { rows: done } = await posting.query<{ readonly id: string }>(OLDEST_DONE, [
        clock.now() - seconds * 1000,
        AT_ONCE,
      ])
      // What is done is never anything else again: it is done at the deletion, too.
      if (done.length > 0) await client.deleteWorkflows(done.map(({ id }) => id).toSorted())
      return done.length
    },
    close: async () => {
      posting.giveUp()
      taking?.giveUp()
      await end(0)
      await client.destroy()
      await posting.end()
    },
  }
}

function executionOf(activation: string) {
  return activation.slice(0, activation.lastIndexOf('@'))
}

function codeOf(error: unknown) {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}
