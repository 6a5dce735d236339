import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AuditTrail } from '../journal/audit/audit-trail.ts'
import type { Claims } from '../journal/claims.ts'
import { ClockRule } from '../journal/clock-rule.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../journal/lease.ts'
import type { Room } from '../journal/room.ts'
import { fileClaims } from '../journal/sqlite/claims.ts'
import { openStore } from '../journal/sqlite/open-store.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import { identityOf, type Principal } from '../model/principal.ts'
import { Secret } from '../model/secret.ts'
import { systemDisk } from '../system/disk.ts'
import { diskRoom } from '../system/disk-room.ts'
import { readInstallKey, readOrMakeInstallKey } from '../system/install-key.ts'
import { networkFileSystemOf, requireLocalDisk } from '../system/network-file-system.ts'
import { type SigningKeys, seedsIn, signingKeys } from '../system/signing-keys.ts'
import { ownSigner } from './audit/own-signer.ts'
import type { Console } from './console.ts'
import { type Calling, callerOf } from './login/caller.ts'
import type { Project } from './project.ts'
import { noSeams } from './seams.ts'

const MIB = 1024 * 1024

/** The store of a project, which of its executions are running, who uses it and when, and the key of its digests. */
export interface Desk {
  readonly store: Store
  /** What leaves the store so that others can judge it; a store in memory has none. */
  readonly audit?: AuditTrail
  /** The store's journal, as executions write it. */
  readonly journal: Journal
  readonly claims: Claims
  /** Who of several controllers may change a switch. */
  readonly leases: Leases
  /** What the store's disk has to give. */
  readonly room: Room
  /** Whether the store's file was lost while this command ran: nobody can read its records any more. */
  isLost(): boolean
  /** Copies the store, as one moment of it, into an empty file; a store in memory has none. Throws `store`. */
  readonly copyInto?: (path: string) => Promise<void>
  /** The network file system that the store lies on, where the settings allow that. */
  readonly network?: string
  readonly clock: Clock
  /** Whether this command may write, by its clock. A desk whose clock is made up has none. */
  readonly clockRule?: ClockRule
  readonly actor: Principal
  /** The install key. */
  readonly key: string
  /** The keys that this installation signs with. */
  readonly keys: SigningKeys
  /** Why nothing that is written here is signed: only where a command goes on despite that ({@link DeskOptions}). */
  readonly keyFault?: EosflowError
  /** To be asked before an execution begins. Throws `not-authorised` when whoever is calling may begin no other. */
  readonly begins?: Calling['begins']
}

/** What a command does where the checkpoint key here is not the one that has signed the store: without this it is refused. */
export interface DeskOptions {
  /** Signs no checkpoint then. */
  readonly despiteCheckpointKey?: boolean
}

/** Opens the project's store as whoever is calling, making it the first time. Throws `store`, and as {@link callerOf} does. */
export async function openDesk(project: Project, io: Console, options: DeskOptions = {}): Promise<Desk> {
  const { principal, begins } = await callerOf(project, io)
  return { ...openDeskAs(principal, project, io, options), ...(begins === undefined ? {} : { begins }) }
}

/** Whether a store is there already: an empty file becomes one. */
function isMade(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() === true && stat.size > 0
}

/** Opens the project's store for someone who is known, making it the first time. Throws `store`. */
export function openDeskAs(
  actor: Principal,
  project: Project,
  io: Console,
  { despiteCheckpointKey = false }: DeskOptions = {},
): Desk {
  const { clock, journal, moment, disk = systemDisk } = io.seams ?? noSeams
  if (!project.settings.disk.allowNetwork) requireLocalDisk(project.store, disk)
  const key = (isMade(project.store) ? readInstallKey : readOrMakeInstallKey)(dirname(project.store), io.env)
  io.scrubber.register(new Secret(key), 'the install key')
  for (const seed of seedsIn(dirname(project.store))) io.scrubber.register(new Secret(seed), 'a signing key')
  const keys = signingKeys(dirname(project.store), io.env)
  const scrub = (text: string): string => io.scrubber.scrub(text)
  let keyFault: EosflowError | undefined
  const clockRule: ClockRule = new ClockRule(clock, async () => (await store.head()).latest)
  const store = openStore({
    path: project.store,
    installKey: key,
    checkpointKey: (before) => {
      try {
        return ownSigner(keys, before)
      } catch (error) {
        if (!despiteCheckpointKey || !(error instanceof EosflowError)) throw error
        keyFault = error
        return undefined
      }
    },
    clock,
    actor: identityOf(actor),
    scrub,
    admit: (latest) => clockRule.admit(latest),
    moment,
  })
  const folder = dirname(project.store)
  const claims = fileClaims(folder)
  const onDisk = diskRoom({ folder, minFree: project.settings.disk.minFreeMiB * MIB, disk })
  const room: Room = {
    require: () => onDisk.require(),
    release: (failure) => store.file.goOnLost(failure) || onDisk.release(failure),
  }
  const network = networkFileSystemOf(project.store, disk)
  const where = { ...(network === undefined ? {} : { network }), ...(keyFault === undefined ? {} : { keyFault }) }
  return {
    store,
    audit: store.audit,
    journal: journal(store),
    claims,
    leases: store,
    room,
    isLost: () => store.file.isLost,
    copyInto: (path) => store.copyInto(path),
    ...where,
    clock,
    clockRule,
    actor,
    key,
    keys,
  }
}
