import { randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import { type CheckpointKey, openAuditTrail } from '../chains/chains-audit-trail.ts'
import { leafDigest, NO_LEAVES } from '../chains/hash-tree.ts'
import { sealOfNone } from '../chains/newest-checkpoint.ts'
import { emptyRegister } from '../chains/prepare.ts'
import { noSegmentFiles, retiredSegments, type SegmentFiles } from '../chains/retired-segments.ts'
import type { Scrub } from '../event/record-text.ts'
import { hexOf } from '../seal/chain.ts'
import { KeyRing } from '../seal/key-ring.ts'
import { requireRotated } from '../store/install-rotation.ts'
import type { Journal } from '../store/journal.ts'
import { QUARANTINE_ON_ONE_MACHINE } from '../store/lease.ts'
import type { Actor } from '../store/store.ts'
import { Connection, Views } from './connection.ts'
import { reader, writer } from './database-file.ts'
import { atRest, type CommitTurn } from './group-commit.ts'
import { chainHeads } from './heads.ts'
import { writeWhole } from './kept-rows.ts'
import type { ChangeNotes } from './note-rows.ts'
import { recordViewOver, soonWriter, sqliteRecords } from './records.ts'
import { SCHEMA } from './schema.ts'
import { SqliteStore, type SqliteStoreParts } from './sqlite-store.ts'

export interface StoreOptions {
  /** The SQLite file; it and its folder are made when they are not there. `:memory:` keeps nothing. */
  readonly path: string
  /** The install key, or the ring of those that the store was and will be under. */
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /** Default: a key derived from the install key, for stores that nobody else judges. */
  readonly checkpointKey?: CheckpointKey
  readonly scrub?: Scrub
  readonly admit?: (latest: () => string | undefined) => void
  readonly moment?: CommitTurn
  readonly segments?: SegmentFiles
}

/** Durable on return of every append: WAL with `synchronous=FULL`. Throws `store`: not a store, of another layout, written under another key, not writable; BrokenChainError where what was sealed last is not there. */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const keys = new KeyRing(options.installKey)
  const connection = connect(options.path, keys)
  return closedUnless(connection, async () => new SqliteStore(await partsOver(connection, keys, options)))
}

async function closedUnless<T>(connection: Connection, make: () => Promise<T>) {
  try {
    return await make()
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}

/** Throws as {@link openStore} does. */
export async function partsOver(
  connection: Connection,
  keys: KeyRing,
  options: StoreOptions,
  views: Views = viewsOf(connection),
): Promise<SqliteStoreParts> {
  const { clock, scrub = (text) => text, admit = () => undefined, moment = atRest } = options
  const origin = await originOf(connection, keys)
  const heads = chainHeads(connection, origin, keys)
  connection.moment(() => heads.refresh())
  // A turn later than appends, so that one which comes in this turn takes it along.
  const turn: CommitTurn = (write) => moment(() => moment(write))
  const writeSoon = soonWriter({ views, heads }, turn)
  const records = sqliteRecords({ connection, views, heads, check: keys.check, now: () => clock.now(), writeSoon })
  const segments = retiredSegments(records.now, origin, options.segments ?? noSegmentFiles)
  const { checkpointKey } = options
  const audit = await openAuditTrail({ records, origin, keys, segments, clock, checkpointKey })
  const leases = { quarantineSeconds: QUARANTINE_ON_ONE_MACHINE, leaseTime: () => clock.now() }
  const written = { connection, views, heads, records, writeSoon, moment }
  return { ...written, audit, segments, origin, keys, clock, scrub, admit, ...leases }
}

function viewsOf(connection: Connection) {
  const { path } = connection
  return new Views(connection, path === ':memory:' ? undefined : () => reader(path))
}

/** Throws as {@link openStore} does. */
export function connect(path: string, keys: KeyRing): Connection {
  return writer(path, (database) => make(database, keys))
}

function make(database: Database.Database, keys: KeyRing) {
  database.exec(SCHEMA)
  const origin = `eosflow.audit/${randomBytes(8).toString('hex')}`
  database.prepare('INSERT INTO store(one, origin, key_check) VALUES (1, ?, ?)').run(origin, keys.check)
  const register = emptyRegister(origin, keys)
  const checkpoint = { id: 0, seal: sealOfNone({ origin, keys }) }
  const none = hexOf(leafDigest([]))
  database.prepare('INSERT INTO checkpoint_head(one, id, seal) VALUES (1, @id, unhex(@seal))').run(checkpoint)
  database.exec(`INSERT INTO register_head(one, n, hash, seal, uncovered, clock_since, newest, executions, open, execution_root, leases, lease_root, deliveries, notes, whole)
    VALUES (1, 0, zeroblob(32), zeroblob(32), '[]', 0, 0, 0, 0, zeroblob(32), 0, zeroblob(32), zeroblob(32), zeroblob(32), zeroblob(32))`)
  writeWhole(new Connection(database, database.name), keys, origin, {
    ...{ register, clockSince: 0, latest: null, newest: 0, open: 0, checkpoint },
    ...{ executions: NO_LEAVES, leases: NO_LEAVES, deliveries: none, notes: none },
  })
}

// Throws `store`, and BrokenChainError where its rotations do not lead to that key.
async function originOf(connection: Connection, keys: KeyRing) {
  const view = recordViewOver(connection)
  const said = await view.said()
  if (said === undefined) throw new EosflowError('store', `${connection.path} has lost the id of its store`)
  requireRotated(keys, connection.path, said, await view.rotations())
  return said.origin
}

export interface ReadOnlyOptions {
  readonly path: string
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  readonly elsewhere: ForeignWrites
  readonly segments?: SegmentFiles
}

export type ForeignAppend = (actor: Actor) => Journal['append']

export interface ForeignWrites {
  readonly append: ForeignAppend
  readonly changeNotes: ChangeNotes
}

class ReadOnlyStore extends SqliteStore {
  readonly #elsewhere: ForeignAppend

  constructor(parts: SqliteStoreParts, elsewhere: ForeignAppend) {
    super(parts)
    this.#elsewhere = elsewhere
  }

  override as(actor: Actor): Journal {
    return { append: this.#elsewhere(actor), read: (execution) => this.read(execution) }
  }
}

/** Throws `store`. */
export async function openReadOnly({ installKey, elsewhere, ...options }: ReadOnlyOptions): Promise<SqliteStore> {
  const connection = reader(options.path)
  return closedUnless(connection, async () => {
    const keys = new KeyRing(installKey)
    const parts = await partsOver(connection, keys, { ...options, installKey, checkpointKey: () => undefined })
    return new ReadOnlyStore({ ...parts, changeNotes: elsewhere.changeNotes }, elsewhere.append)
  })
}
