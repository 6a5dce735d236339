import { DBOS, DBOSClient, type WorkflowStatus } from '@dbos-inc/dbos-sdk'
import type pg from 'pg'
import { addressWords, type PostgresAddress } from '../../journal/postgres/address.ts'
import { postgresError } from '../../journal/postgres/postgres-error.ts'
import type { Clock } from '../../model/clock.ts'
import { type Activation, readActivation } from '../activation.ts'
import type { Dispatcher, Drive, Transaction, Working } from '../dispatcher.ts'
import { PatientPool } from './patient-pool.ts'

/** What a dispatcher on DBOS is opened with. */
export interface DbosOptions {
  /** The database: that of the store, so that both can commit together. */
  readonly address: PostgresAddress
  /** Names this process among all that ever ran; no other process has had it, so DBOS never recovers anything for it. */
  readonly executor: string
  /** What an activation demands of its worker: only one of the same version takes it. */
  readonly version: string
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  /** What DBOS says that somebody should know. */
  readonly tell: (text: string) => void
}

/** The name of the one workflow that eosflow has there. */
const WORKFLOW = 'drive'
const APPLICATION = 'eosflow'
/** How often a queue is asked, in milliseconds. */
const POLL = 100
/** A frozen worker may not hold rows in a transaction for longer than this, in milliseconds. */
const IDLE_IN_TRANSACTION = 5000
/** The lock under which the tables of DBOS are made: `eosdbos` in ASCII. */
const MAKING = '28549266489732979'
/** How long a connection and an answer may take, in milliseconds: over a connection that is half-open none ever comes. */
const CONNECT = 5000
const ANSWER = 10_000
/** What drains is not waited for longer than a day: a commit timer is shorter. */
const LONGEST_DRAIN = 86_400_000

/** What PostgreSQL says where the tables of DBOS are not there yet: undefined_table, invalid_schema_name. */
const NOT_MADE = new Set(['42P01', '3F000'])

const queueOf = (site: string): string => `eosflow:${site}`

/**
 * A dispatcher on the tables of DBOS (schema `dbos`): one workflow of theirs is one activation. None has a step, sends or receives, and none is
 * recovered: what a dead worker has left is posted anew by another worker. DBOS keeps its state in the process, so a process has at most one.
 */
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
    error: (what: unknown) => tell(`dispatch: ${wordsOf(what)}`),
  }
  const posting = poolOf(address, executor, 2, clock)
  let taking: PatientPool | undefined
  const client = await DBOSClient.create({
    systemDatabaseUrl: addressWords(address),
    systemDatabasePool: posting,
    logger,
    applicationName: APPLICATION,
  })
  const running = new Map<string, Activation>()
  const deliveredTo =
    (drive: Drive) =>
    async (given: unknown): Promise<void> => {
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
  const made = async (): Promise<boolean> => {
    isMade ||= await client.listApplicationVersions().then(
      () => true,
      (error: unknown) => {
        if (NOT_MADE.has(codeOf(error))) return false
        throw error
      },
    )
    return isMade
  }
  const takenBy = async (worker: string): Promise<readonly string[]> => {
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
  /** What this process has taken, and did not have at the last look. */
  let missing: ReadonlySet<string> = new Set()
  const limited = async (sites: readonly string[], limit: number): Promise<void> => {
    for (const site of sites) {
      await client.registerQueue(queueOf(site), { workerConcurrency: limit, minPollingIntervalMs: POLL })
    }
  }
  const end = async (wait: number): Promise<void> => {
    if (taking === undefined) return
    await DBOS.shutdown({ workflowCompletionTimeoutMS: wait, deregister: true })
    await taking.end()
    taking = undefined
  }
  return {
    post: async (activation, within) => {
      // The first worker makes the tables, and posts what nobody drives.
      if (!(await made())) return
      const options = {
        queueName: queueOf(activation.site),
        workflowName: WORKFLOW,
        workflowID: activation.id,
        appVersion: version,
      }
      if (within === undefined) await client.enqueue(options, activation)
      else await client.enqueueInTransaction(asClient(within), options, activation)
    },
    // The limit of a site is in the database: that of the worker that began last holds for all.
    work: async (sites, limit, drive): Promise<Working> => {
      DBOS.registerWorkflow(deliveredTo(drive), { name: WORKFLOW })
      taking = poolOf(address, executor, 6, clock)
      DBOS.setConfig({
        name: APPLICATION,
        systemDatabaseUrl: addressWords(address),
        systemDatabasePool: taking,
        useListenNotify: false,
        applicationVersion: version,
        executorID: executor,
        listenQueues: sites.map(queueOf),
        logger,
      })
      // Before anything is taken: else what the worker before has set holds for a moment.
      if (await made()) await limited(sites, limit)
      try {
        await alone(posting, clock, () => DBOS.launch())
        await limited(sites, limit)
      } catch (error) {
        // A server that went away meanwhile is said as everywhere else.
        throw postgresError(address, error)
      }
      return {
        get driven() {
          return [...running.values()].map(({ execution }) => execution)
        },
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
      const isOnItsWay = ({ workflowID, status, executorId = '' }: WorkflowStatus): boolean => {
        if (status !== 'PENDING') return true
        return executorId === executor ? running.has(workflowID) : working.has(executorId)
      }
      return new Set(found.filter(isOnItsWay).map(({ workflowID }) => workflowID.slice(0, workflowID.lastIndexOf('@'))))
    },
    forgetLost: async () => {
      const taken = await takenBy(executor)
      const lost = taken.filter((id) => !running.has(id))
      // What was taken a moment ago may not be here yet: it is lost where it was not here at the last look either.
      const isLost = lost.filter((id) => missing.has(id))
      missing = new Set(lost)
      if (isLost.length > 0) await client.cancelWorkflows(isLost)
    },
    forget: async (worker) => {
      const taken = await takenBy(worker)
      if (taken.length > 0) await client.cancelWorkflows([...taken])
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

/** Connections that say in `pg_stat_activity` whose they are. */
function poolOf(address: PostgresAddress, executor: string, max: number, clock: Pick<Clock, 'sleep'>): PatientPool {
  const { host, port, database, user, password, tls } = address
  const pool = new PatientPool(
    {
      host,
      port,
      database,
      user,
      ...(password === undefined ? {} : { password }),
      // The name that the certificate must have. Only `host` may be an IP address, and only newer versions of `pg` set it.
      ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, host },
      application_name: `eosflow:${executor}`,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
      connectionTimeoutMillis: CONNECT,
      query_timeout: ANSWER,
      keepAlive: true,
      max,
      allowExitOnIdle: true,
    },
    clock,
  )
  // A session that breaks while nobody uses it is replaced at the next question.
  pool.on('error', () => undefined)
  // Of a transaction that was open while this process was frozen: its next statement fails, and the process goes on to its end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Two workers that make the tables of DBOS at the same moment would wait for each other: one at a time. */
async function alone(pool: pg.Pool, clock: Pick<Clock, 'sleep'>, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    // Asked again and again: a statement that waits would keep an index from being made concurrently, which waits for every statement.
    while (!(await client.query('SELECT pg_try_advisory_lock($1) AS got', [MAKING])).rows[0]?.got) {
      await clock.sleep(POLL)
    }
    await work()
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MAKING]).catch(() => undefined)
    client.release()
  }
}

/** DBOS asks for a client of `pg`, and queries it alone. */
function asClient(transaction: Transaction): pg.ClientBase {
  return transaction as unknown as pg.ClientBase
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}

function wordsOf(what: unknown): string {
  return what instanceof Error ? what.message : String(what)
}
