import { dirname } from 'node:path'
import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import type { Retirement } from '../../../change/record/chains/retirement.ts'
import { type ClockRule, clockRuleOver } from '../../../change/record/clock-rule.ts'
import type { PostgresAddress } from '../../../change/record/postgres/server-config.ts'
import { type Room, unlimitedRoom } from '../../../change/record/room.ts'
import { fileClaims } from '../../../change/record/sqlite/claims.ts'
import { isPassing } from '../../../change/record/sqlite/connection.ts'
import { type MoveDestination, movedAwayError } from '../../../change/record/sqlite/database-file.ts'
import { idInUseAt } from '../../../change/record/sqlite/move-out.ts'
import type { ChangeNotes } from '../../../change/record/sqlite/note-rows.ts'
import {
  type ForeignWrites,
  openReadOnly,
  openStore,
  type SqliteStore,
} from '../../../change/record/sqlite/open-store.ts'
import type { Claims } from '../../../change/record/store/claims.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { Leases } from '../../../change/record/store/lease.ts'
import type { Notes } from '../../../change/record/store/notes.ts'
import type { Actor, Store } from '../../../change/record/store/store.ts'
import type { Workers } from '../../../change/record/store/workers.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey, InstallKeys } from '../../../model/install-keys.ts'
import { definedMembers, givenJson, isJsonObject, type Json } from '../../../model/json.ts'
import type { Principal } from '../../../model/principal.ts'
import { Secret } from '../../../model/secret.ts'
import type { Project } from '../../files/project.ts'
import {
  diskRoom,
  networkFileSystemOf,
  requireLocalDisk,
  requireRoomToOpen,
  systemDisk,
} from '../../system/machine/disk-room.ts'
import {
  installKeysWith,
  readInstallKey,
  readOrMakeInstallKey,
  type SigningKeys,
  seedsIn,
  segmentFiles,
  settleInstallKey,
  signingKeys,
} from '../../system/machine/key-files.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { keptFromPrint } from '../../system/process/kept-from-print.ts'
import { noSeams } from '../../system/process/seams.ts'
import { PRIVATE, writeUnlinked } from '../../system/process/unlinked-file.ts'
import { requireDriver } from './driver.ts'
import { isMade, isNothing, keepLoss, lostThrough, noStore, noteBegun, requireNotLost } from './lost-store.ts'
import type { FoundLostTail } from './missing-records.ts'
import { ownSigner } from './own-verifier.ts'

const VERSION = 1
const KIND = 'eosflow.moved'

const noteOf = (file: string) => `${file}.moved`

export function noteMoved(file: string, id: string, { copy, to }: MoveDestination): void {
  writeUnlinked(noteOf(file), `${JSON.stringify({ version: VERSION, kind: KIND, id, copy, to })}\n`, PRIVATE)
}

/** Throws `store` where the file `from` is a backup of the store that was at `file`, and was moved from there. */
export function requireNotMoved(file: string, from = file): void {
  const note = noteAt(file)
  if (note !== undefined && idInUseAt(from) === note.id) throw movedAwayError(file, note)
}

function noteAt(file: string): (MoveDestination & { readonly id: string }) | undefined {
  let said: Json
  try {
    said = givenJson(readRegularText(noteOf(file)))
  } catch {
    // There is none, or one that was never whole: then the file itself says that it was closed.
    return undefined
  }
  if (!isJsonObject(said) || said.kind !== KIND) return undefined
  if (said.version !== VERSION)
    throw new EosflowError('store', `${noteOf(file)} has version ${said.version}; this eosflow reads ${VERSION}`, {
      hint: 'The store was moved into a database by a newer eosflow: use that one.',
    })
  const { id, copy, to } = said
  if (typeof id !== 'string' || typeof copy !== 'string' || typeof to !== 'string') return undefined
  return { id, copy, to }
}

const MIB = 1024 * 1024

export interface ProjectStore {
  readonly store: Store
  /** What leaves the store so that others can judge it; a store in memory has none. */
  readonly audit?: AuditTrail
  /** How the records of executions leave it; absent for a store in memory, and for whoever only reads. */
  readonly retirement?: Retirement
  journalAs(actor: Actor): Journal
  readonly claims: Claims
  readonly notes: Notes
  /** What a store in a database can do besides, to which several machines write; absent for a file. */
  readonly shared?: SharedStore
  /** What a store in a file can do besides; absent for a database, and for whoever only reads. */
  readonly file?: StoreInFile
  readonly leases: Leases
  readonly room: Room
  isLost(): boolean
  /** The newest position that the file has acknowledged and does not have; absent where it has all. */
  readonly lostThrough?: number
  readonly network?: string
  readonly clock: Clock
  readonly clockRule?: ClockRule
  readonly key: InstallKey
  readonly keys: SigningKeys
  /** Why nothing that is written here is signed: only where a command goes on despite that ({@link ProjectStoreOptions}). */
  readonly keyFault?: EosflowError
}

export interface SharedStore {
  readonly workers: Workers
  readonly address: PostgresAddress
  lostTail(): Promise<FoundLostTail | undefined>
}

export interface StoreInFile {
  /** Copies the store, as one moment of it, into an empty file. Throws `store`. */
  copyInto(path: string): Promise<void>
  /** Throws `store`. */
  readonly changeNotes: ChangeNotes
}

export interface ProjectStoreOptions {
  readonly despiteCheckpointKey?: boolean
  readonly begins?: boolean
  readonly reads?: boolean
  readonly verifies?: boolean
  /** The sites that this process drives executions for; absent for everybody who is no worker. */
  readonly drives?: readonly string[]
  readonly worker?: Principal
  readonly restores?: boolean
  readonly tell?: (text: string) => void
  readonly serves?: boolean
}

export function keysHere(project: Project, host: Host): InstallKeys | undefined {
  if (project.database === undefined && !isMade(project.store)) return undefined
  const folder = dirname(project.store)
  try {
    return installKeysWith(readInstallKey(folder, host.env), folder, host.env)
  } catch {
    // Whoever opens the store says what is wrong with its key.
    return undefined
  }
}

/** Throws `store`, and InputError where a file is lost. */
export async function openProjectStore(
  project: Project,
  host: Host,
  options: ProjectStoreOptions = {},
): Promise<ProjectStore> {
  const { database } = project
  if (database === undefined) return openProjectFile(project, host, options)
  await requireDriver()
  const { openProjectDatabase } = await import('./project-database.ts')
  return openProjectDatabase({ ...project, database }, host, options)
}

/** Signs the checkpoint of the day, unless the disk or another process hinders that. Throws `store`, and InputError where it is lost, or not there and only read. */
export async function openProjectFile(
  project: Project,
  host: Host,
  { despiteCheckpointKey = false, begins = false, reads = false, restores = false, tell }: ProjectStoreOptions = {},
): Promise<ProjectStore> {
  const { clock, journal, moment, disk = systemDisk } = host.seams ?? noSeams
  if (!project.settings.disk.allowNetwork) requireLocalDisk(project.store, disk)
  const folder = dirname(project.store)
  requireNotMoved(project.store)
  if (!begins) requireNotLost(project, host)
  if (reads && isNothing(project.store)) throw noStore(project.store, host)
  requireRoomToOpen(folder, disk, restores)
  const key = (isMade(project.store) ? readInstallKey : readOrMakeInstallKey)(folder, host.env)
  const installKeys = keptFromPrint(host, installKeysWith(key, folder, host.env))
  for (const seed of seedsIn(folder)) host.scrubber.register(new Secret(seed), 'a signing key')
  const keys = signingKeys(folder, host.env)
  const scrub = (text: string) => host.scrubber.scrub(text)
  let keyFault: EosflowError | undefined
  const clockRule = clockRuleOver(clock, async () => (await store.head()).latest)
  const store = await openStore({
    path: project.store,
    installKey: installKeys,
    checkpointKey: (before) => {
      try {
        return ownSigner(host, keys, before)
      } catch (error) {
        if (!despiteCheckpointKey || !(error instanceof EosflowError)) throw error
        keyFault = error
        return undefined
      }
    },
    clock,
    scrub,
    admit: (latest) => clockRule.admit(latest),
    moment,
    segments: segmentFiles(folder),
  })
  await signedToday(store)
  settleInstallKey(folder, store.installKey.text)
  noteBegun(project.store, store.id)
  const lost = lostThrough(project.store, store)
  if (lost !== undefined) keepLoss(project.store, lost)
  const claims = fileClaims(folder, (file) =>
    tell?.(`! the lock ${file} cannot be taken away: it locks nothing any more, and can be deleted\n`),
  )
  const onDisk = diskRoom({ folder, minFree: project.settings.disk.minFreeMiB * MIB, disk })
  const room: Room = {
    require: () => onDisk.require(),
    release: (failure) => store.file.goOnLost(failure) || onDisk.release(failure),
  }
  const network = networkFileSystemOf(project.store, disk)
  const where = definedMembers({ lostThrough: lost, network, keyFault })
  return {
    store,
    audit: store.audit,
    journalAs: (actor) => journal(store.as(actor)),
    claims,
    notes: store.notes,
    leases: store,
    room,
    isLost: () => store.file.isLost,
    retirement: store.retirement,
    file: store,
    ...where,
    clock,
    clockRule,
    key: store.installKey,
    keys,
  }
}

/**
 * Opens the project's store for reading, where another thread of this process has it open for writing: what somebody writes goes
 * `elsewhere`. Throws `store`.
 */
export async function openProjectStoreToRead(
  project: Project,
  host: Host,
  elsewhere: ForeignWrites,
): Promise<ProjectStore> {
  if (project.database !== undefined) return openProjectStore(project, host)
  const { clock, disk = systemDisk } = host.seams ?? noSeams
  const folder = dirname(project.store)
  requireRoomToOpen(folder, disk, false)
  const installKey = keptFromPrint(host, installKeysWith(readInstallKey(folder, host.env), folder, host.env))
  for (const seed of seedsIn(folder)) host.scrubber.register(new Secret(seed), 'a signing key')
  const segments = segmentFiles(folder)
  const store = await openReadOnly({ path: project.store, installKey, clock, elsewhere, segments })
  const lost = lostThrough(project.store, store)
  return {
    store,
    audit: store.audit,
    journalAs: (actor) => store.as(actor),
    claims: fileClaims(folder),
    notes: store.notes,
    leases: store,
    room: unlimitedRoom,
    isLost: () => store.file.isLost,
    ...definedMembers({ lostThrough: lost }),
    clock,
    key: store.installKey,
    keys: signingKeys(folder, host.env),
  }
}

// Signs the checkpoint of the day, unless the disk or another process hinders that: the next one who opens the store can as well.
async function signedToday(store: SqliteStore) {
  try {
    await store.audit.checkpointDaily()
  } catch (error) {
    if (isPassing(error)) return
    await store.close()
    throw error
  }
}
