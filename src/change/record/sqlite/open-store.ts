import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { shareIn } from '../../../model/budget-share.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { type Fence, fenceOf } from '../../../model/fence.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { AuditedStore } from '../audit/audit-trail.ts'
import { type AppendRequest, requestOf } from '../chains/append-request.ts'
import { type CheckpointKey, openAuditTrail } from '../chains/chains-audit-trail.ts'
import { leafDigest, NO_LEAVES } from '../chains/hash-tree.ts'
import { emptyRegister } from '../chains/prepare.ts'
import { readersOver } from '../chains/record-answers.ts'
import { sealOfNone } from '../chains/records.ts'
import { noSegmentFiles, retiredSegments, type SegmentFiles } from '../chains/retired-segments.ts'
import { retirementOver } from '../chains/retirement.ts'
import type { ArtefactRef, JournalEvent } from '../event/event.ts'
import { isRead, type Scrub } from '../event/record-text.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import { KeyRing } from '../seal/store-keys.ts'
import { openText, sealText } from '../store/blob-format.ts'
import { requireRotated } from '../store/install-rotation.ts'
import type { Journal } from '../store/journal.ts'
import {
  isLiveAt,
  type Lease,
  type Leases,
  QUARANTINE_ON_ONE_MACHINE,
  requireNewestWriter,
  requireToken,
} from '../store/lease.ts'
import { sealedNotes } from '../store/sealed-notes.ts'
import type { Actor, Store, StoreHead } from '../store/store.ts'
import { appendsOver } from './append.ts'
import { Connection, Views } from './connection.ts'
import { reader, SCHEMA, writer } from './database-file.ts'
import { atRest, type CommitTurn, groupCommit } from './group-commit.ts'
import { chainHeads } from './heads.ts'
import { writeWhole } from './kept-rows.ts'
import { type ChangeNotes, changeNotesIn, sqliteNoteRows } from './note-rows.ts'
import { readMoment, requireUndamaged } from './read-chains.ts'
import { sqliteRecordRows } from './record-rows.ts'
import { recordViewOver, soonWriter, sqliteRecords } from './records.ts'
import { storeFile } from './store-file.ts'

export type SqliteStoreParts = Awaited<ReturnType<typeof partsOver>> & {
  /** Who writes in place of this process, which only reads. */
  readonly elsewhere?: ForeignWrites
}

// When a text was put last is kept to so many milliseconds.
const PUT = 3_600_000

export type SqliteStore = ReturnType<typeof sqliteStore>

/** The store over one SQLite file with a chain for each execution. */
export function sqliteStore(parts: SqliteStoreParts) {
  const { connection, heads, origin, keys, views, moment, clock, leaseTime, elsewhere, segments, audit } = parts
  const { quarantineSeconds } = parts
  const changeNotes = changeNotesIn(parts)
  const notes = sealedNotes({ rows: sqliteNoteRows(parts, elsewhere?.changeNotes ?? changeNotes), keys, origin })
  const { reading, lookups, executions } = readersOver(sqliteRecordRows(connection, heads), { ...parts, notes })
  const appends = appendsOver({ connection, heads, origin, quarantineSeconds })
  const file = storeFile(connection.path, origin, () => now(() => heads.present.newest))
  const commit = (group: readonly AppendRequest[]): readonly PromiseSettledResult<readonly JournalEvent[]>[] =>
    file.write(group, () => appends.write(group))
  const together = groupCommit(commit, (write) => moment(() => views.whenFree(write)))

  function now<T>(read: () => T): T {
    return connection.moment(() => {
      heads.refresh()
      return read()
    })
  }

  const read: Store['read'] = async (execution, types?) => {
    const lost = file.lostRecords(execution).filter(({ type }) => types === undefined || isRead(type, types))
    return [...(await reading.eventsOf(execution, types)), ...lost]
  }

  function appendOf(actor: Actor): Journal['append'] {
    return async (execution, events, after) => {
      parts.admit(() => now(() => heads.present.latest ?? undefined))
      const at = new Date(clock.now()).toISOString()
      const leaseAt = new Date(leaseTime()).toISOString()
      const { scrub } = parts
      const written = await together.add(requestOf(events, { actor, at, leaseAt, execution, scrub, after }))
      audit.heedAppend(written)
      return written
    }
  }

  /** Throws `store`. */
  async function copyInto(path: string): Promise<void> {
    await views.free(() => {
      together.flush()
      connection.run('VACUUM INTO ?', path)
    })
  }

  function foreignWrites(): string {
    const found = statSync(connection.path, { bigint: true, throwIfNoEntry: false })
    return `${found?.dev} ${found?.ino} ${connection.foreignWrites}`
  }

  return {
    ...lookups,
    ...executions,
    ...{
      file,
      notes,
      changeNotes,
      id: origin,
      quarantineSeconds,
      installKey: keys.installKey,
      audit,
      read,
      foreignWrites,
      copyInto,
    },

    get newest() {
      return now(() => heads.present.newest)
    },

    get retirement() {
      return retirementOver({ ...parts, reading })
    },

    as: (actor: Actor): Journal => ({
      append: elsewhere?.append(actor) ?? appendOf(actor),
      read: (execution) => read(execution),
    }),

    put: async (text: string): Promise<ArtefactRef> => {
      file.requireThere()
      const { ref, bytes } = sealText(keys, text)
      const at = Math.trunc(clock.now())
      // Those of all switches that answer together are one transaction.
      await parts.writeSoon(() =>
        connection.run(
          `INSERT INTO blob(ref, bytes, put) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET put = excluded.put WHERE put < excluded.put - ${PUT}`,
          ref,
          bytes,
          at,
        ),
      )
      return ref
    },

    get: async (ref: ArtefactRef): Promise<string> => {
      const here = connection.one<{ bytes: Uint8Array }>('SELECT bytes FROM blob WHERE ref = ?', ref)
      return openText(keys, ref, here?.bytes ?? (await segments.text(ref)))
    },

    markOf: async () => foreignWrites(),

    leaseOf: async (device: string): Promise<Lease | undefined> => now(() => heads.leases.get(device)),

    liveLeases: async (of: 'shares' | 'all'): Promise<readonly Lease[]> => {
      const at = new Date(leaseTime()).toISOString()
      return now(() =>
        [...heads.leases.values()].filter(
          (lease) => isLiveAt(lease, at) && (of === 'all' || shareIn(lease.device) !== undefined),
        ),
      )
    },

    fence: async (execution: string, device: string): Promise<Fence> => {
      const asked = clock.monotonic()
      file.requireLeases(device)
      now(() => {
        const held = appends.tokenOf(execution, device)
        if (held !== undefined) requireToken(heads.leases.get(device), held, { execution, device })
        const newest = heads.execution(execution)?.last ?? null
        requireNewestWriter(newest, appends.writtenTo(execution), { execution, device })
      })
      return fenceOf(device, asked, () => clock.monotonic())
    },

    verifyChain: async (): Promise<StoreHead> => {
      await views.view(async (asked) => {
        const { chains } = await readMoment(asked, keys, segments.files)
        if (chains.fault !== undefined) throw new BrokenChainError(chains.fault)
        requireUndamaged(asked, connection.path)
      })
      return lookups.head()
    },

    close: async (): Promise<void> => {
      await views.free(() => together.flush())
      await audit.close()
      await views.close()
      connection.close()
    },
  } satisfies Store & Leases & AuditedStore
}

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
  return closedUnless(connection, async () => sqliteStore(await partsOver(connection, keys, options)))
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
) {
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

/** Throws `store`. */
export async function openReadOnly({ installKey, elsewhere, ...options }: ReadOnlyOptions): Promise<SqliteStore> {
  const connection = reader(options.path)
  return closedUnless(connection, async () => {
    const keys = new KeyRing(installKey)
    const parts = await partsOver(connection, keys, { ...options, installKey, checkpointKey: () => undefined })
    return sqliteStore({ ...parts, elsewhere })
  })
}
