import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey, InstallKeys } from '../../../model/install-keys.ts'
import { definedMembers } from '../../../model/json.ts'
import { type CheckpointKey, type Checkpoints, openAuditTrail } from '../chains/chains-audit-trail.ts'
import { noSegmentFiles, retiredSegments, type SegmentFiles } from '../chains/retired-segments.ts'
import { registerText } from '../chains/seal.ts'
import type { Scrub } from '../event/record-text.ts'
import { KeyRing } from '../seal/store-keys.ts'
import type { Claims } from '../store/claims.ts'
import { requireRotated } from '../store/install-rotation.ts'
import { QUARANTINE_WITH_WORKERS } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import type { WorkerRecord, Workers } from '../store/workers.ts'
import { batchedRows } from './batched-query.ts'
import { requireStore } from './copied.ts'
import { Questions, Session } from './database.ts'
import { foundLayout, requireLayout } from './layout.ts'
import { lostTail, type Memory } from './lost-tail.ts'
import { giveUp, postgresClaims } from './postgres-claims.ts'
import { postgresError } from './postgres-error.ts'
import { postgresNotes } from './postgres-notes.ts'
import { type PostgresStore, type PostgresStoreParts, postgresStore } from './postgres-store.ts'
import { presentKeyOf } from './present-key.ts'
import { postgresRecords, recordViewOver } from './records.ts'
import { type ServerClock, serverClockOver } from './server-check.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'
import { type KeptWorker, SEALED_WORKER, type WorkerOptions, workerRow, workerText } from './worker-row.ts'

type PostgresWorkersParts = Pick<PostgresStoreParts, 'worker' | 'questions' | 'clock' | 'keys' | 'origin'> & {
  readonly serverClock: ServerClock
}

interface Row extends KeptWorker {
  readonly since: Date
  readonly beat: string
  readonly last_sign: Date
  readonly age: number
  readonly dead: Date | null
  readonly drain: Date | null
  readonly reaper: string | null
  readonly reaper_name: string | null
  readonly is_on_record: boolean
  readonly driven: readonly { readonly execution: string; readonly token: number }[]
}

const LIST = `SELECT ${SEALED_WORKER}, w.since, w.beat::text AS beat, w.beat AS last_sign, w.dead, w.drain, w.reaper,
    (SELECT r.name FROM worker r WHERE r.id = w.reaper) AS reaper_name,
    w.dead IS NOT NULL AND EXISTS (SELECT 1 FROM used u WHERE u.key = 'death ' || w.id) AS is_on_record,
    (extract(epoch FROM clock_timestamp() - w.beat) * 1000)::float8 AS age,
    coalesce((SELECT jsonb_agg(jsonb_build_object('execution', x.id, 'token', x.token) ORDER BY x.id)
      FROM execution x WHERE x.worker = w.id AND x.is_open), '[]') AS driven
  FROM worker w ORDER BY w.since, w.id`

const DIED = `SELECT EXISTS (SELECT 1 FROM execution x JOIN worker w ON w.id = x.worker WHERE x.id = asked.its AND NOT is_living(w)) AS died
  FROM unnest($1::text[]) WITH ORDINALITY AS asked(its, place) ORDER BY asked.place`
// So many executions are asked about in one statement at most.
const TOGETHER = 100

function postgresWorkers({ worker, questions, serverClock, clock, keys, origin }: PostgresWorkersParts): Workers {
  const died = batchedRows<string, { readonly died: boolean }>({ questions, clock }, DIED, TOGETHER)
  return {
    own: worker.id,
    lost: worker.lost,
    draining: worker.draining,
    // Whoever may write and has no key can add one that nobody has begun.
    list: async () =>
      (await questions.ask<Row>(LIST)).filter((row) => keys.isSeal(workerText(origin, row), row.seal)).map(recordOf),
    reap: async (id, beat) =>
      isTrue(await questions.one('SELECT worker_reap($1, $2, $3::timestamptz) AS done', [worker.id, id, beat])),
    askToDrain: async (id) => isTrue(await questions.one('SELECT worker_drain($1, true) AS done', [id])),
    hasDied: async (execution) => (await died.ask(execution)).died,
    leave: (execution) => giveUp(questions, worker.id, execution),
    serve: (sites) => worker.serve(questions, sites),
    onlyWatch: () => worker.rest(),
    offset: () => serverClock.measure(),
    listen: (of, hear) => worker.listen(of, hear),
  }
}

function recordOf(row: Row): WorkerRecord {
  const { id, name, kind, sites, version, beat, ttl, age, driven, dead, drain, reaper } = row
  return {
    ...{ id, kind, sites, version, beat, ttl, age, driven },
    since: timeOf(id, row.since),
    lastSign: timeOf(id, row.last_sign),
    ...definedMembers({
      name: name ?? undefined,
      dead: dead === null ? undefined : timeOf(id, dead),
      isOnRecord: dead === null ? undefined : row.is_on_record,
      reaper:
        reaper === null ? undefined : { worker: reaper, ...definedMembers({ name: row.reaper_name ?? undefined }) },
      drain: drain === null ? undefined : timeOf(id, drain),
    }),
  }
}

function timeOf(id: string, at: Date | number) {
  if (at instanceof Date) return at.toISOString()
  throw new EosflowError('store', `what is kept of process ${id} cannot be: it was altered`)
}

function isTrue(row: Record<string, unknown> | undefined) {
  return row?.done === true
}

export interface PostgresStoreOptions {
  readonly address: PostgresAddress
  /** The install key, or the ring of those that the store was and will be under. */
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /** Default: a key derived from the install key, for stores that nobody else judges. */
  readonly checkpointKey?: CheckpointKey
  readonly scrub?: Scrub
  readonly admit?: () => Promise<void>
  readonly worker?: Partial<WorkerOptions>
  /** How long a switch is kept from others after an unclean takeover, in seconds. */
  readonly quarantineSeconds?: number
  readonly isReplicated?: boolean
  readonly memory?: (origin: string, process: string) => Memory
  readonly segments?: SegmentFiles
  readonly missed?: () => void
  readonly isClockHeld?: boolean
}

export interface OpenPostgresStore {
  readonly store: PostgresStore
  readonly claims: Claims
  readonly workers: Workers
  readonly notes: Notes
  /** The install key that the store is under, as long as this process has it open. */
  readonly installKey: InstallKey
}

/** Throws `store`: it cannot be reached, there is none, of another layout, or written under another key. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  const { address, installKey, clock, scrub = (text) => text, admit = async () => undefined } = options
  const { quarantineSeconds = QUARANTINE_WITH_WORKERS, isReplicated = true, isClockHeld = true } = options
  const keys = new KeyRing(installKey)
  const own = { id: randomUUID(), kind: 'client', sites: [], version: '', ttl: 10_000, beat: 2_000, ...options.worker }
  const name = `eosflow:${own.id}`
  const questions = new Questions(address, { name, statementTimeout: 60_000 })
  try {
    const presentKey = presentKeyOf(questions, keys, address)
    const origin = await originOf({ address, questions, keys })
    const memory = options.memory?.(origin, own.id)
    let isOpen = false
    const heard = () => {
      if (isOpen) options.missed?.()
    }
    const tail = lostTail(memory, heard, (register) => keys.isSeal(registerText(origin, register), register.seal))
    const compare = () => presentKey.during(() => tail.compare(questions.ask))
    await compare()
    const records = postgresRecords({ questions, presentKey, keys, origin })
    const segments = retiredSegments(records.now, origin, options.segments ?? noSegmentFiles)
    const { checkpointKey } = options
    const asked = (checkpoints: Checkpoints) => presentKey.of(checkpoints)
    const audit = await openAuditTrail({ records, origin, keys, segments, clock, checkpointKey, asked })
    const serverClock = serverClockOver(questions, clock)
    const worker = workerRow(
      { address, keys, origin, presentKey },
      clock,
      own,
      () => void compare().catch(() => undefined),
    )
    const notes = postgresNotes({ address, questions, keys, origin, presentKey })
    const store: PostgresStore = postgresStore({
      address,
      origin,
      keys,
      presentKey,
      clock,
      scrub,
      admit: async () => {
        if (isClockHeld) await serverClock.require()
        await admit()
      },
      serverNow: () => serverClock.now(),
      session: new Session(address, { name }),
      questions,
      records,
      audit,
      segments,
      worker,
      tail,
      quarantineSeconds,
      isReplicated,
      notes,
    })
    isOpen = true
    const workers = postgresWorkers({ worker, questions, serverClock, clock, keys, origin })
    const claims = postgresClaims({ questions, worker, clock, tokenOf: store.tokenOf })
    return { store, claims, workers, notes, installKey: keys.installKey }
  } catch (error) {
    await questions.close()
    throw postgresError(address, error)
  }
}

interface Identified {
  readonly address: PostgresAddress
  readonly questions: Questions
  readonly keys: KeyRing
}

async function originOf({ address, questions, keys }: Identified) {
  requireLayout(address, await foundLayout(questions, address))
  return questions.view(async (ask) => {
    const rows = recordViewOver(ask)
    const said = await rows.said()
    const where = `the store ${addressWords(address)}`
    if (said === undefined) throw new EosflowError('store', `${where} has lost its id`)
    requireRotated(keys, where, said, await rows.rotations())
    await requireStore(ask, address, keys)
    return said.origin
  })
}
