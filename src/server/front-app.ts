import type { App } from '../app/app.ts'
import type { Host } from '../app/host.ts'
import { underSeenPolicy } from '../app/policy/seen-policy.ts'
import { openProject, type Place } from '../app/project.ts'
import { openProjectStoreToRead } from '../app/project-store.ts'
import type { EventBody } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import type { Principal } from '../model/principal.ts'
import type { Acts } from './message.ts'

/**
 * The application as the front has it: it reads the project and, over its own connection, the store. The one thing that it has put on
 * record is that the policy has denied something, and the main thread decides that once more. Throws as the opening of a store does.
 */
export async function openFrontApp(host: Host, place: Place, acts: Acts): Promise<App> {
  const found = openProject(host, place)
  const kept = openProjectStoreToRead(found, host, () => async (_, events) => {
    for (const event of events) await denied(acts, event)
    return []
  })
  const app: App = { ...host, ...kept, insecureTls: false, project: found }
  return { ...app, project: await underSeenPolicy(found, app, { principal: NOBODY }) }
}

/** Whoever opens the store to read has nothing to put on record. */
const NOBODY: Principal = { issuer: 'local', id: 'front', kind: 'service', auth: 'os' }

async function denied(acts: Acts, event: EventBody): Promise<void> {
  if (event.type !== 'AccessDenied') throw new EosflowError('bug', `the front has no ${event.type} to put on record`)
  const { principal, needs, devices, workflow, plan } = event
  await acts.ask('refuse', { principal }, { needs, devices, workflow, plan })
}
