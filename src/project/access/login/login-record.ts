import type { EventBody } from '../../../change/record/event/event.ts'
import type { Principal } from '../../../model/principal.ts'
import { openProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import { localPrincipal, osUser } from '../../identity/local/local.ts'
import type { Host } from '../../system/process/host.ts'

export type LoginEvent = Extract<EventBody, { readonly type: 'LoggedIn' | 'LoginFailed' | 'LoggedOut' }>

export async function recordLogin(
  event: LoginEvent,
  project: Project,
  host: Host,
  actor: Principal = localPrincipal(osUser()),
): Promise<void> {
  // Whoever is to accept the clock, or to replace a lost key, has to log in first.
  const { store, clockRule } = await openProjectStore(project, host, { despiteCheckpointKey: true })
  try {
    await clockRule?.waive()
    await store.as(actor).append(undefined, [event])
  } finally {
    await store.close()
  }
}
