import { localPrincipal, osUser } from '../../identity/local.ts'
import type { EventBody } from '../../journal/event.ts'
import type { Principal } from '../../model/principal.ts'
import type { Console } from '../console.ts'
import { openDeskAs } from '../desk.ts'
import type { Project } from '../project.ts'

/** What goes on record of logins. */
export type LoginEvent = Extract<EventBody, { readonly type: 'LoggedIn' | 'LoginFailed' | 'LoggedOut' }>

/** Puts a login, or its failure or its end, on the record of the project: as whoever it is of, or as the local user. */
export async function recordLogin(
  event: LoginEvent,
  project: Project,
  io: Console,
  actor: Principal = localPrincipal(osUser()),
): Promise<void> {
  // Whoever is to accept the clock, or to replace a lost key, has to log in first.
  const { store, clockRule } = openDeskAs(actor, project, io, { despiteCheckpointKey: true })
  try {
    await clockRule?.waive()
    await store.append(undefined, [event])
  } finally {
    await store.close()
  }
}
