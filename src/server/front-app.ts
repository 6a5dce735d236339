import type { App } from '../app/app.ts'
import type { Host } from '../app/host.ts'
import type { Denial } from '../app/policy/denial.ts'
import { underSeenPolicy } from '../app/policy/seen-policy.ts'
import { openProject, type ProjectPlace } from '../app/project/project.ts'
import { openProjectStoreToRead } from '../app/project/project-store.ts'
import { EosflowError } from '../model/error.ts'
import type { Principal } from '../model/principal.ts'
import { BoundedDenials } from './bounded-denials.ts'
import type { Acts } from './message.ts'

/**
 * The application as the front has it: it reads the project and, over its own connection, the store. The one thing that it has put on
 * record is that the policy has denied something, and the main thread decides that once more. Throws as the opening of a store does.
 */
export async function openFrontApp(
  host: Host,
  place: ProjectPlace,
  acts: Acts,
  failed: (what: string, error: unknown) => void,
): Promise<App> {
  const found = openProject(host, place)
  const kept = await openProjectStoreToRead(found, host, () => async (_, [event]) => {
    throw new EosflowError('bug', `the front has no ${event?.type ?? 'event'} to put on record`)
  })
  const denials = new BoundedDenials(kept.clock, (denial, leftOut) => denied(acts, denial, leftOut), failed)
  const app: App = { ...host, ...kept, insecureTls: false, project: found, denials }
  return { ...app, project: await underSeenPolicy(found, app, { principal: NOBODY }) }
}

/** Whoever opens the store to read has nothing to put on record. */
const NOBODY: Principal = { issuer: 'local', id: 'front', kind: 'service', auth: 'os' }

async function denied(acts: Acts, denial: Denial, leftOut: number): Promise<void> {
  const { principal, needs, devices, workflow, plan } = denial
  await acts.ask('refuse', { principal }, { needs, devices, workflow, plan, leftOut })
}
