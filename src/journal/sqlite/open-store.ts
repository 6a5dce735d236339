import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import { type SigningKey, signingKeyOf } from '../../model/ed25519.ts'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import type { PriorCheckpoint } from '../audit/prior-checkpoint.ts'
import { BrokenChainError } from '../chain.ts'
import { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { Checkpoints } from '../chains/checkpoints.ts'
import { leafDigest, NO_LEAVES } from '../chains/hash-tree.ts'
import { sealOfNone } from '../chains/newest-checkpoint.ts'
import { emptyRegister } from '../chains/prepare.ts'
import type { Records } from '../chains/records.ts'
import { noSegmentFiles, RetiredSegments, type SegmentFiles } from '../chains/retired-segments.ts'
import { keysLacking, requireOrder, rotationFault } from '../install-rotation.ts'
import { KeyRing } from '../key-ring.ts'
import { QUARANTINE_ON_ONE_MACHINE } from '../lease.ts'
import type { Scrub } from '../without-secrets.ts'
import { Connection, Views } from './connection.ts'
import { atRest, type CommitTurn } from './group-commit.ts'
import { Heads } from './heads.ts'
import { movedAwayError, movedAwayIn } from './move-destination.ts'
import { makePrivateFile } from './private-file.ts'
import { recordViewOver, sqliteRecords } from './records.ts'
import { APPLICATION_ID, LAYOUT, MOVED, SCHEMA } from './schema.ts'
import { guarded } from './sqlite-error.ts'
import { SqliteStore, type SqliteStoreParts } from './sqlite-store.ts'
import { wholeSeal } from './whole.ts'

/** How long a connection waits for another one that writes, in milliseconds. */
const BUSY_MILLISECONDS = 5_000
const RETRY_MILLISECONDS = 20

/** What a store needs from outside. */
export interface StoreOptions {
  /** The SQLite file; it and its folder are made when they are not there. `:memory:` keeps nothing. */
  readonly path: string
  /** The install key, or the ring of those that the store was and will be under. */
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /**
   * Gives the key that signs the checkpoints, by what has signed them until now; undefined: none is signed. It throws where nothing may
   * be written. Default: a key derived from the install key, for stores that nobody else judges; earlier versions had no other.
   */
  readonly checkpointKey?: (before: PriorCheckpoint | undefined) => SigningKey | undefined
  /** Takes secrets out of what is put on record; by default there are none. */
  readonly scrub?: Scrub
  /** Asked before anything is appended; throws where nothing may be. */
  readonly admit?: (latest: () => string | undefined) => void
  /** When appends that came in together are written. Default `atRest`. */
  readonly moment?: CommitTurn
  /** The files of segments that this machine has. Default: none. */
  readonly segments?: SegmentFiles
}

/**
 * So many pages of the write-ahead log are moved into the file: with what the file grows by then they fit into the ballast (src/system/disk.ts), so a disk
 * that was full takes the records of a way back however many these are. SQLite's own 1,000 do not.
 */
const LOG_PAGES = 800

/** KiB of pages that a connection keeps which only reads. better-sqlite3 would keep 16 MB. */
const CACHE = 4_000

/**
 * Opens the store of a project, making it the first time. Durable on return of every append: WAL with `synchronous=FULL`. Throws `store`: not a store, of
 * another layout, written under another key, not writable; BrokenChainError where what was sealed last is not there.
 */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const keys = new KeyRing(options.installKey)
  const connection = connect(options.path, keys)
  return closedUnless(connection, async () => new SqliteStore(await partsOver(connection, keys, options)))
}

/** Gives what is made of a connection, which is closed where that fails. */
export async function closedUnless<T>(connection: Connection, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}

/** What a store over a connection is made of. Throws as {@link openStore} does. */
export async function partsOver(
  connection: Connection,
  keys: KeyRing,
  options: StoreOptions,
  views: Views = viewsOf(connection),
): Promise<SqliteStoreParts> {
  const { clock, scrub = (text) => text, admit = () => undefined, moment = atRest } = options
  const origin = await originOf(connection, keys)
  const heads = new Heads(connection, origin, keys)
  connection.moment(() => heads.refresh())
  // A turn later than appends, so that one which comes in this turn takes it along.
  const turn: CommitTurn = (write) => moment(() => moment(write))
  const records = sqliteRecords({ connection, views, heads, check: keys.check, now: () => clock.now(), turn })
  const segments = new RetiredSegments(records.now, origin, options.segments ?? noSegmentFiles)
  const audit = await auditTrailOf(options, { records, origin, keys, segments })
  const leases = { quarantineSeconds: QUARANTINE_ON_ONE_MACHINE, leaseTime: () => clock.now() }
  return { connection, views, heads, records, audit, segments, origin, keys, clock, scrub, admit, moment, ...leases }
}

function viewsOf(connection: Connection): Views {
  const { path } = connection
  return new Views(connection, path === ':memory:' ? undefined : () => reader(path))
}

/** Opens the database of a store, making it the first time. Throws as {@link openStore} does. */
export function connect(path: string, keys: KeyRing): Connection {
  return guarded(path, () => opened(path, keys))
}

function opened(path: string, keys: KeyRing): Connection {
  makePrivateFile(path)
  const database = new Database(path, { timeout: BUSY_MILLISECONDS })
  try {
    writeAhead(database)
    database.pragma('synchronous = FULL')
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    database.pragma('trusted_schema = OFF')
    const isEmpty = (): boolean => database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
    const create = database.transaction(() => {
      if (isEmpty()) make(database, keys)
    })
    if (isEmpty()) create.immediate()
    requireOurs(database, path)
    return new Connection(database, path)
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/**
 * Turns on the write-ahead log. Where two processes make a store at the same moment SQLite refuses one of them at once,
 * whatever its busy timeout says, so this one waits and tries again.
 */
function writeAhead(database: Database.Database): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += RETRY_MILLISECONDS) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (thrown) {
      const isBusy = thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')
      if (!isBusy || waited >= BUSY_MILLISECONDS) throw thrown
      Atomics.wait(pause, 0, 0, RETRY_MILLISECONDS)
    }
  }
}

/** A connection to a file, by which SQLite itself refuses every write (sqlite.org/c3ref/open.html, SQLITE_OPEN_READONLY). */
export function reader(path: string): Connection {
  return guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS })
    database.pragma('query_only = ON')
    database.pragma(`cache_size = -${CACHE}`)
    database.pragma('trusted_schema = OFF')
    return new Connection(database, path)
  })
}

/** Makes the tables, and the sealed row of a store without records. */
function make(database: Database.Database, keys: KeyRing): void {
  database.exec(SCHEMA)
  const origin = `eosflow.audit/${randomBytes(8).toString('hex')}`
  database.prepare('INSERT INTO store(one, origin, key_check) VALUES (1, ?, ?)').run(origin, keys.check)
  const register = emptyRegister(origin, keys)
  const checkpoint = { id: 0, seal: sealOfNone({ origin, keys }) }
  const trees = { executions: NO_LEAVES, leases: NO_LEAVES }
  const deliveries = Buffer.from(leafDigest([]))
  const whole = wholeSeal(keys, origin, {
    register,
    clockSince: 0,
    latest: null,
    newest: 0,
    open: 0,
    ...trees,
    checkpoint,
    deliveries: deliveries.toString('hex'),
  })
  database
    .prepare('INSERT INTO checkpoint_head(one, id, seal) VALUES (1, 0, ?)')
    .run(Buffer.from(checkpoint.seal, 'hex'))
  database
    .prepare(
      `INSERT INTO register_head(one, n, hash, seal, uncovered, clock_since, latest, newest, executions, open, execution_root, leases, lease_root, deliveries, whole)
        VALUES (1, 0, ?, ?, '[]', 0, NULL, 0, 0, 0, ?, 0, ?, ?, ?)`,
    )
    .run(
      Buffer.from(register.hash, 'hex'),
      Buffer.from(register.seal, 'hex'),
      NO_LEAVES.root,
      NO_LEAVES.root,
      deliveries,
      Buffer.from(whole, 'hex'),
    )
}

/** Throws `store` for what is no store, for one of another layout, and, unless it is only read, for one that was moved into a database. */
export function requireOurs(database: Database.Database, path: string, isRead = false): void {
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new EosflowError('store', `${path} is a SQLite file, but not a store of eosflow`, {
      hint: 'Name the store with --store, or move this file away.',
    })
  const layout = Number(database.pragma('user_version', { simple: true }))
  if (layout === LAYOUT || (layout === MOVED && isRead)) return
  const moved = movedAwayIn(new Connection(database, path))
  if (moved !== undefined) throw movedAwayError(path, moved)
  throw new EosflowError('store', `${path} is a store of layout ${layout}; this eosflow reads layout ${LAYOUT}`, {
    hint: 'Use the eosflow that wrote it, or name another store with --store.',
  })
}

/** The name of the store, which is under a key that is here. Throws `store`, and BrokenChainError where its rotations do not lead to that key. */
async function originOf(connection: Connection, keys: KeyRing): Promise<string> {
  const view = recordViewOver(connection)
  const said = await view.said()
  if (said === undefined) throw new EosflowError('store', `${connection.path} has lost the id of its store`)
  const { origin, check } = said
  keys.require(connection.path, check)
  const rotations = await view.rotations()
  requireOrder(rotations, check, keys)
  const fault = rotationFault(rotations, { origin, check, ring: keys })
  if (fault !== undefined) throw new BrokenChainError(fault)
  keys.lacking = keysLacking(rotations, keys)
  return origin
}

interface TrailParts {
  readonly records: Records
  readonly origin: string
  readonly keys: KeyRing
  readonly segments: RetiredSegments
}

async function auditTrailOf({ checkpointKey, clock }: StoreOptions, parts: TrailParts): Promise<ChainsAuditTrail> {
  const { records, keys } = parts
  // A key takes longer to make than the rest of the opening.
  const derived = (): SigningKey => signingKeyOf(keys.checkpoint)
  const newest = await records.now.newestCheckpoint()
  const before: PriorCheckpoint | undefined = newest && { ...newest, derived: () => undefined }
  const signs = checkpointKey === undefined ? derived() : checkpointKey(before)
  const signer = signs === undefined ? undefined : checkpointSigner(signs)
  const checkpoints = new Checkpoints({ ...parts, ...(signer === undefined ? {} : { signer }) })
  return new ChainsAuditTrail({ ...parts, clock, checkpoints, key: signer ?? checkpointSigner(derived()) })
}
