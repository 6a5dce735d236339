import { dirname } from 'node:path'
import { localPrincipal, osUser, rootWarning } from '../identity/local.ts'
import type { Claims } from '../journal/claims.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../journal/lease.ts'
import type { Room } from '../journal/room.ts'
import { fileClaims } from '../journal/sqlite/claims.ts'
import { systemDisk } from '../journal/sqlite/disk.ts'
import { diskRoom } from '../journal/sqlite/disk-room.ts'
import { readOrMakeInstallKey } from '../journal/sqlite/install-key.ts'
import { openStore } from '../journal/sqlite/open-store.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import type { Principal } from '../model/principal.ts'
import type { Io } from './io.ts'
import type { Project } from './project.ts'
import { noSeams } from './seams.ts'

const MIB = 1024 * 1024

/** The store of a project, which of its executions are running, who uses it and when, and the key of its digests. */
export interface Desk {
  readonly store: Store
  /** The store's journal, as executions write it. */
  readonly journal: Journal
  readonly claims: Claims
  /** Who of several controllers may change a switch. */
  readonly leases: Leases
  /** What the store's disk has to give. */
  readonly room: Room
  readonly clock: Clock
  readonly actor: Principal
  readonly key: string
}

/** Opens the project's store as whoever is calling, making it the first time. Throws `store`. */
export async function openDesk(project: Project, io: Io): Promise<Desk> {
  return openDeskAs(io.seams?.principal ?? localUser(io), project, io)
}

/** Opens the project's store for someone who is known, making it the first time. Throws `store`. */
export function openDeskAs(actor: Principal, project: Project, io: Io): Desk {
  const key = readOrMakeInstallKey(dirname(project.store), io.env)
  const { clock, journal, moment, disk = systemDisk } = io.seams ?? noSeams
  const scrub = (text: string): string => io.scrubber.scrub(text)
  const store = openStore({ path: project.store, installKey: key, clock, actor: actor.id, scrub, moment })
  const folder = dirname(project.store)
  const claims = fileClaims(folder)
  const room = diskRoom({ folder, minFree: project.settings.disk.minFreeMiB * MIB, disk })
  return { store, journal: journal(store), claims, leases: store, room, clock, actor, key }
}

/** Who the operating system says is calling; told off at a terminal when that is root. */
function localUser(io: Io): Principal {
  const user = osUser()
  const warning = rootWarning(user)
  if (warning !== undefined && io.interactive) io.err(`warning: ${warning}\n`)
  return localPrincipal(user)
}
