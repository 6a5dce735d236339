import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { Questions, withSession } from './database.ts'
import { sqlStateOf } from './postgres-error.ts'
import type { PostgresAddress } from './server-config.ts'

export interface ServerFacts {
  readonly version: number
  readonly versionWords: string
  readonly encoding: string
  readonly fsync: string
  readonly fullPageWrites: string
  readonly synchronousCommit: string
  /** As it is set: empty where no commit waits for a standby. */
  readonly standbyNames: string
  /**
   * The standbys that are connected, by their application_name, and whether a commit waits for them (`sync_state`): `unknown` to a user without the
   * rights of pg_monitor, who sees the names all the same.
   */
  readonly standbys: readonly { readonly name: string; readonly state: string }[]
  readonly isStandby: boolean
  readonly isReadOnly: boolean
  readonly isPooled: boolean
  readonly isEncrypted: boolean
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  readonly offset: number
}

// The oldest version that is kept up by the project of PostgreSQL now (postgresql.org/support/versioning).
const OLDEST_SERVER = 140_000

/** `now` is this machine's wall time. Throws `store`. */
export async function serverFacts(address: PostgresAddress, now: () => number): Promise<ServerFacts> {
  const questions = new Questions(address, { name: 'eosflow store' })
  try {
    const before = now()
    const row = await questions.one<
      Omit<ServerFacts, 'offset' | 'standbys' | 'isReadOnly' | 'isPooled'> & { at: number }
    >(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionWords",
        current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS "fullPageWrites",
        current_setting('synchronous_commit') AS "synchronousCommit", current_setting('synchronous_standby_names') AS "standbyNames",
        pg_is_in_recovery() AS "isStandby",
        coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "isEncrypted",
        (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at`,
    )
    const after = now()
    const session = await triedSession(address)
    const standbys = await questions.ask<{ name: string; state: string }>(
      "SELECT application_name AS name, coalesce(sync_state, 'unknown') AS state FROM pg_stat_replication ORDER BY application_name",
    )
    if (row === undefined) throw new Error('no answer')
    const { at, ...facts } = row
    return { ...facts, ...session, standbys, offset: at - (before + after) / 2 }
  } finally {
    await questions.close()
  }
}

const TRIES = 3

function triedSession(address: PostgresAddress): Promise<Pick<ServerFacts, 'isReadOnly' | 'isPooled'>> {
  return withSession(address, async (session) => {
    const found = new Set<unknown>()
    for (let asked = 0; asked < TRIES; asked += 1) found.add((await session.send(WHO)).rows[0]?.who)
    // What was set for the session is of another one then, too.
    await session.send("SELECT set_config('eosflow.check', 'set', false)")
    const kept = (await session.send("SELECT current_setting('eosflow.check', true) AS kept")).rows[0]?.kept
    await session.send('BEGIN')
    const written = await session.send(WRITE).then(
      () => 'done',
      (error: unknown) => {
        const state = sqlStateOf(error) ?? ''
        if ([READ_ONLY, FORBIDDEN].includes(state)) return state
        throw error
      },
    )
    await session.send('ROLLBACK')
    return { isReadOnly: written === READ_ONLY, isPooled: found.size > 1 || kept !== 'set' }
  })
}

const WHO = 'SELECT pg_backend_pid() AS who'
const WRITE = 'UPDATE pg_catalog.pg_class SET relname = relname WHERE false'
// What PostgreSQL says of a write in a transaction that takes none, and of one that a user may not do.
const READ_ONLY = '25006'
const FORBIDDEN = '42501'

export interface ServerFinding {
  readonly level: 'good' | 'warning' | 'fault'
  readonly what: string
  readonly hint?: string
}

/** How durable records must be: whether a second server has each before it counts. */
export type Durability = 'replicated' | 'single'

export function judgeServer(facts: ServerFacts, durability: Durability): readonly ServerFinding[] {
  return [
    facts.version < OLDEST_SERVER
      ? fault(`PostgreSQL ${facts.versionWords} is too old`, 'Use version 14 or newer.')
      : good(`PostgreSQL ${facts.versionWords}`),
    facts.encoding === 'UTF8'
      ? good('the database is in UTF8')
      : fault(`the database is in ${facts.encoding}`, "Make it with ENCODING 'UTF8'."),
    ...(facts.isStandby
      ? [fault('it is a standby: it takes no writes', 'The address must lead to the server that writes.')]
      : facts.isReadOnly
        ? [
            fault(
              'it takes no writes of this user: default_transaction_read_only is on',
              'Look for it in postgresql.conf, ALTER ROLE and ALTER DATABASE, and set it off.',
            ),
          ]
        : []),
    ...(facts.isPooled
      ? [
          fault(
            'a pooler answers there: two sessions of the server answer one connection',
            'Name the server itself, or have the pooler keep one session for each connection (PgBouncer: pool_mode = session).',
          ),
        ]
      : []),
    ...durable(facts),
    replication(facts, durability),
    Math.abs(facts.offset) <= MOST_OFFSET
      ? good(`its clock differs from this machine's by ${Math.round(Math.abs(facts.offset))} ms`)
      : fault(
          `its clock differs from this machine's by ${(Math.abs(facts.offset) / 1000).toFixed(1)} s`,
          'Set the clocks of both by the same time server (chrony, ntp).',
        ),
  ]
}

function durable({ fsync, fullPageWrites, synchronousCommit }: ServerFacts): readonly ServerFinding[] {
  const off = [...(fsync === 'on' ? [] : ['fsync']), ...(fullPageWrites === 'on' ? [] : ['full_page_writes'])]
  return [
    ...off.map((name) => fault(`${name} is off: a power cut may lose or damage records`, `Set ${name} = on.`)),
    synchronousCommit === 'off'
      ? fault('synchronous_commit is off: what was acknowledged may be lost', 'Set synchronous_commit = on.')
      : good(`synchronous_commit is ${synchronousCommit}`),
  ]
}

function replication(
  { standbyNames, standbys, synchronousCommit }: ServerFacts,
  durability: Durability,
): ServerFinding {
  if (standbyNames !== '' && ['on', 'remote_apply'].includes(synchronousCommit)) {
    const named = (...states: readonly string[]) =>
      standbys.flatMap(({ name, state }) => (states.includes(state) ? [name] : []))
    const [waited, unknown] = [named('sync', 'quorum'), named('unknown')]
    if (waited.length > 0)
      return good(`a commit waits for ${waited.join(', ')} (synchronous_standby_names = ${standbyNames})`)
    return unknown.length === 0
      ? warning(
          `synchronous_standby_names = ${standbyNames}, and no such standby is connected: every write waits for one`,
          'Start the standby with one of these names as its application_name.',
        )
      : warning(
          `synchronous_standby_names = ${standbyNames}; ${unknown.join(', ')} is connected, and this user may not see whether a commit waits for it`,
          'GRANT pg_monitor TO it.',
        )
  }
  if (durability === 'single') {
    const what = 'one server alone has the records: the settings say that this is enough (workers.durability: single)'
    return { level: 'warning', what }
  }
  return warning(
    'no commit waits for a standby: what leads a change on is refused',
    'Set synchronous_standby_names on the server, or say in eosflow.yaml that one server is enough: workers.durability: single.',
  )
}

function warning(what: string, hint: string): ServerFinding {
  return { level: 'warning', what, hint }
}

function good(what: string): ServerFinding {
  return { level: 'good', what }
}

function fault(what: string, hint: string): ServerFinding {
  return { level: 'fault', what, hint }
}

// By how many milliseconds a machine's clock may differ from that of the server before it writes nothing.
const MOST_OFFSET = 2_000
const EVERY = 60_000

export type ServerClock = ReturnType<typeof serverClockOver>

export function serverClockOver(questions: Questions, clock: Clock) {
  let offset = 0
  let measured: number | undefined
  /** How far the server's clock is ahead, in milliseconds. Throws `store`. */
  const measure = async (): Promise<number> => {
    const before = clock.now()
    const asked = await questions.one<{ at: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
    )
    const after = clock.now()
    measured = clock.monotonic()
    offset = asked === undefined ? 0 : asked.at - (before + after) / 2
    return offset
  }
  return {
    measure,
    /** What the server's clock says, milliseconds since the epoch, as it was measured last. */
    now: (): number => clock.now() + offset,
    /** Measures once a minute. Throws `clock` where the machine's clock is off: nothing is written by it. */
    require: async (): Promise<void> => {
      if (measured === undefined || clock.monotonic() - measured > EVERY) await measure()
      if (Math.abs(offset) <= MOST_OFFSET) return
      const seconds = (Math.abs(offset) / 1000).toFixed(1)
      throw new EosflowError(
        'clock',
        `this machine's clock is ${seconds} s ${offset > 0 ? 'behind' : 'ahead of'} that of the database: nothing was written`,
        {
          hint: 'Set the clocks of both by the same time server (chrony, ntp).',
        },
      )
    },
  }
}
