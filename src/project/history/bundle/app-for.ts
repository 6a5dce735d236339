import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/suspend.ts'
import type { BundleRecord } from '../../../change/record/store/store.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Files } from '../../../text/source/files.ts'
import { demandedPolicy } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { JudgedAtHand, Project } from '../../files/project.ts'
import { InputError } from '../../system/process/input-error.ts'
import { bundleProject } from './bundle-project.ts'
import { published } from './published.ts'
import { appAt, bundleFiles, keptApp, readPartly, withFiles } from './read-bundle.ts'

type InForce = NonNullable<Project['inForce']>

/** What reads, and what only makes stricter, is judged by the newest policy that can be read (docs/bundles.md#what-is-in-force-when). */
export async function unreadInForce(app: RecordApp, error: unknown): Promise<InForce> {
  const refuse = (): never => {
    throw error
  }
  const { inForce: _, ...folder } = app.project
  const judged = await policyAtHand(app, folder)
  const inventory = orNone(() => folder.inventory()) ?? { devices: [] }
  return { policy: refuse, inventory: refuse, instead: { ...judged, inventory: () => inventory } }
}

export function isUnread(error: unknown): boolean {
  return error instanceof InputError || (error instanceof EosflowError && error.kind === 'stale')
}

async function policyAtHand(app: RecordApp, folder: Project): Promise<Pick<JudgedAtHand, 'policy' | 'isLost'>> {
  const demanded = await demandedPolicy(app)
  const own = orNone(() => folder.policy())
  if (demanded === undefined || own?.digest === demanded.policy) return { policy: () => own }
  for (const record of await app.store.bundles()) {
    const policy = await policyOf(app, record).catch(orUnread)
    if (policy !== undefined) return { policy: () => policy }
  }
  return { policy: () => undefined, isLost: true }
}

async function policyOf(app: RecordApp, record: BundleRecord) {
  return bundleProject(await readPartly(app.store, record), app.project, app).policy()
}

function orUnread(error: unknown): undefined {
  if (!isUnread(error)) throw error
}

function orNone<Value>(read: () => Value) {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError || error instanceof EosflowError) return undefined
    throw error
  }
}

/** Throws `stale`. */
export async function judgingApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  if (state.bundle === undefined && app.project.published === undefined) return app
  try {
    return await published(app)
  } catch (error) {
    if (unsettled(state).length === 0) throw error
    return app
  }
}

export async function brakingApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  try {
    return await judgingApp(app, state)
  } catch (error) {
    if (!isUnread(error)) throw error
    return { ...app, project: { ...app.project, inForce: await unreadInForce(app, error) } }
  }
}

/** Throws `stale`. */
export async function filedApp<A extends RecordApp>(app: A, state: ExecutionState): Promise<A> {
  const kept = await keptApp(app, state.file)
  if (kept !== undefined) return kept
  if (state.bundle === undefined) return appAt(app, state.commit)
  return { ...app, project: withFiles(app.project, await filesFor(app, state, state.bundle)) }
}

async function filesFor(app: RecordApp, state: ExecutionState, digest: string): Promise<Files> {
  try {
    return await bundleFiles(app.store, digest)
  } catch (error) {
    if (!(error instanceof EosflowError) || unsettled(state).length === 0) throw error
    return Object.assign(() => undefined, { why: () => 'unreadable-bundle', bundle: digest })
  }
}
