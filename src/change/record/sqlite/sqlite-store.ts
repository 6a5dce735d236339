import { statSync } from 'node:fs'
import { shareIn } from '../../../model/budget-share.ts'
import type { Clock } from '../../../model/clock.ts'
import { type Fence, fenceOf } from '../../../model/fence.ts'
import type { InstallKey } from '../../../model/install-keys.ts'
import type { AuditedStore } from '../audit/audit-trail.ts'
import { type AppendRequest, requestOf } from '../chains/append-request.ts'
import type { ChainReader } from '../chains/chain-reader.ts'
import type { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { RecordAnswers, readersOver } from '../chains/record-answers.ts'
import type { Records } from '../chains/records.ts'
import type { RetiredSegments } from '../chains/retired-segments.ts'
import { type Retirement, retirementOver } from '../chains/retirement.ts'
import type { ArtefactRef, JournalEvent } from '../event/event.ts'
import { isRead, type TypesRead } from '../event/of-type.ts'
import type { Scrub } from '../event/record-text.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { openText, sealText } from '../store/blob-format.ts'
import type { Journal } from '../store/journal.ts'
import { isLiveAt, type Lease, type Leases, requireNewestWriter, requireToken } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import { sealedNotes } from '../store/sealed-notes.ts'
import type { Actor, Store, StoreHead } from '../store/store.ts'
import { type Appends, appendsOver } from './append.ts'
import type { Connection, Views } from './connection.ts'
import { type CommitTurn, type GroupCommit, groupCommit } from './group-commit.ts'
import type { Heads } from './heads.ts'
import { type ChangeNotes, changeNotesIn, sqliteNoteRows } from './note-rows.ts'
import { readMoment, requireUndamaged } from './read-chains.ts'
import { sqliteRecordRows } from './record-rows.ts'
import type { SoonWriter } from './records.ts'
import { type StoreFile, storeFile } from './store-file.ts'

export interface SqliteStoreParts {
  readonly connection: Connection
  readonly views: Views
  readonly heads: Heads
  readonly records: Records
  readonly audit: ChainsAuditTrail
  readonly segments: RetiredSegments
  readonly origin: string
  readonly keys: KeyRing
  readonly clock: Clock
  readonly scrub: Scrub
  readonly admit: (latest: () => string | undefined) => void
  readonly moment: CommitTurn
  readonly writeSoon: SoonWriter
  /** For how long a switch is kept from others after an unclean takeover, in seconds. */
  readonly quarantineSeconds: number
  /** The time by which leases last, in milliseconds since the epoch. */
  readonly leaseTime: () => number
  readonly changeNotes?: ChangeNotes
}

// When a text was put last is kept to so many milliseconds.
const PUT = 3_600_000

/** The store over one SQLite file with a chain for each execution. Made by `openStore`. */
export class SqliteStore extends RecordAnswers implements Store, Leases, AuditedStore {
  readonly file: StoreFile
  readonly notes: Notes
  readonly changeNotes: ChangeNotes
  readonly #parts: SqliteStoreParts
  readonly #reading: ChainReader
  readonly #appends: Appends
  readonly #group: GroupCommit<AppendRequest, readonly JournalEvent[]>

  constructor(parts: SqliteStoreParts) {
    const { connection, heads, origin, keys, views, moment, quarantineSeconds } = parts
    const changeNotes = changeNotesIn(parts)
    const notes = sealedNotes({ rows: sqliteNoteRows(parts, parts.changeNotes ?? changeNotes), keys, origin })
    const readers = readersOver(sqliteRecordRows(connection, heads), { ...parts, notes })
    super(readers)
    this.#parts = parts
    this.#reading = readers.reading
    this.#appends = appendsOver({ connection, heads, origin, quarantineSeconds })
    this.changeNotes = changeNotes
    this.notes = notes
    this.file = storeFile(connection.path, origin, () => this.#now(() => heads.present.newest))
    const commit = (group: readonly AppendRequest[]): readonly PromiseSettledResult<readonly JournalEvent[]>[] =>
      this.file.write(group, () => this.#appends.write(group))
    this.#group = groupCommit(commit, (write) => moment(() => views.whenFree(write)))
  }

  get id(): string {
    return this.#parts.origin
  }

  get newest(): number {
    return this.#now(() => this.#parts.heads.present.newest)
  }

  get quarantineSeconds(): number {
    return this.#parts.quarantineSeconds
  }

  get installKey(): InstallKey {
    return this.#parts.keys.installKey
  }

  get audit(): ChainsAuditTrail {
    return this.#parts.audit
  }

  get retirement(): Retirement {
    return retirementOver({ ...this.#parts, reading: this.#reading })
  }

  as(actor: Actor): Journal {
    const { clock, scrub, admit, heads, leaseTime } = this.#parts
    return {
      append: async (execution, events, after) => {
        admit(() => this.#now(() => heads.present.latest ?? undefined))
        const at = new Date(clock.now()).toISOString()
        const leaseAt = new Date(leaseTime()).toISOString()
        const written = await this.#group.add(requestOf(events, { actor, at, leaseAt, execution, scrub, after }))
        this.audit.heedAppend(written)
        return written
      },
      read: (execution) => this.read(execution),
    }
  }

  override async read(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> {
    const lost = this.file.lostRecords(execution).filter(({ type }) => types === undefined || isRead(type, types))
    return [...(await super.read(execution, types)), ...lost]
  }

  async put(text: string): Promise<ArtefactRef> {
    this.file.requireThere()
    const { ref, bytes } = sealText(this.#parts.keys, text)
    const now = Math.trunc(this.#parts.clock.now())
    // Those of all switches that answer together are one transaction.
    await this.#parts.writeSoon(() =>
      this.#parts.connection.run(
        `INSERT INTO blob(ref, bytes, put) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET put = excluded.put WHERE put < excluded.put - ${PUT}`,
        ref,
        bytes,
        now,
      ),
    )
    return ref
  }

  async get(ref: ArtefactRef): Promise<string> {
    const { connection, keys, segments } = this.#parts
    const here = connection.one<{ bytes: Uint8Array }>('SELECT bytes FROM blob WHERE ref = ?', ref)
    return openText(keys, ref, here?.bytes ?? (await segments.text(ref)))
  }

  async markOf(): Promise<string> {
    return this.foreignWrites()
  }

  foreignWrites(): string {
    const { connection } = this.#parts
    const found = statSync(connection.path, { bigint: true, throwIfNoEntry: false })
    return `${found?.dev} ${found?.ino} ${connection.foreignWrites}`
  }

  async leaseOf(device: string): Promise<Lease | undefined> {
    return this.#now(() => this.#parts.heads.leases.get(device))
  }

  async liveLeases(of: 'shares' | 'all'): Promise<readonly Lease[]> {
    const { heads, leaseTime } = this.#parts
    const at = new Date(leaseTime()).toISOString()
    return this.#now(() =>
      [...heads.leases.values()].filter(
        (lease) => isLiveAt(lease, at) && (of === 'all' || shareIn(lease.device) !== undefined),
      ),
    )
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const { clock, heads } = this.#parts
    const asked = clock.monotonic()
    this.file.requireLeases(device)
    this.#now(() => {
      const held = this.#appends.tokenOf(execution, device)
      if (held !== undefined) requireToken(heads.leases.get(device), held, { execution, device })
      const newest = heads.execution(execution)?.last ?? null
      requireNewestWriter(newest, this.#appends.writtenTo(execution), { execution, device })
    })
    return fenceOf(device, asked, () => clock.monotonic())
  }

  async verifyChain(): Promise<StoreHead> {
    const { views, keys, segments, connection } = this.#parts
    await views.view(async (asked) => {
      const { chains } = await readMoment(asked, keys, segments.files)
      if (chains.fault !== undefined) throw new BrokenChainError(chains.fault)
      requireUndamaged(asked, connection.path)
    })
    return this.head()
  }

  /** Throws `store`. */
  async copyInto(path: string): Promise<void> {
    await this.#parts.views.free(() => {
      this.#group.flush()
      this.#parts.connection.run('VACUUM INTO ?', path)
    })
  }

  async close(): Promise<void> {
    const { views, audit, connection } = this.#parts
    await views.free(() => this.#group.flush())
    await audit.close()
    await views.close()
    connection.close()
  }

  #now<T>(read: () => T): T {
    const { connection, heads } = this.#parts
    return connection.moment(() => {
      heads.refresh()
      return read()
    })
  }
}
