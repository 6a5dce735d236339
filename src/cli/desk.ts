import { dirname } from 'node:path'
import { localPrincipal, osUser, rootWarning } from '../identity/local.ts'
import type { Claims } from '../journal/claims.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../journal/lease.ts'
import { fileClaims } from '../journal/sqlite/claims.ts'
import { readOrMakeInstallKey } from '../journal/sqlite/install-key.ts'
import { openStore } from '../journal/sqlite/open-store.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import type { Principal } from '../model/principal.ts'
import type { Io } from './io.ts'
import type { Project } from './project.ts'
import { noSeams } from './seams.ts'

/** The store of a project, which of its executions are running, who uses it and when, and the key of its digests. */
export interface Desk {
  readonly store: Store
  /** The store's journal, as executions write it. */
  readonly journal: Journal
  readonly claims: Claims
  /** Who of several controllers may change a switch. */
  readonly leases: Leases
  readonly clock: Clock
  readonly actor: Principal
  readonly key: string
}

/** Opens the project's store as whoever is calling, making it the first time. Throws `store`. */
export async function openDesk(project: Project, io: Io): Promise<Desk> {
  return openDeskAs(localUser(io), project, io)
}

/** Opens the project's store for someone who is known, making it the first time. Throws `store`. */
export function openDeskAs(actor: Principal, project: Project, io: Io): Desk {
  const key = readOrMakeInstallKey(dirname(project.store), io.env)
  const { clock, journal, moment } = io.seams ?? noSeams
  const store = openStore({ path: project.store, installKey: key, clock, actor: actor.id, moment })
  const claims = fileClaims(dirname(project.store))
  return { store, journal: journal(store), claims, leases: store, clock, actor, key }
}

/** Who the operating system says is calling; told off at a terminal when that is root. */
function localUser(io: Io): Principal {
  const user = osUser()
  const warning = rootWarning(user)
  if (warning !== undefined && io.interactive) io.err(`warning: ${warning}\n`)
  return localPrincipal(user)
}
