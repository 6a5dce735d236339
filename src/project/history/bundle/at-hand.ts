import type { BundleRecord } from '../../../change/record/store/store.ts'
import { EosflowError } from '../../../model/error.ts'
import { demandedPolicy } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { JudgedAtHand, Project } from '../../files/project.ts'
import { InputError } from '../../system/process/input-error.ts'
import { bundleProject } from './bundle-project.ts'
import { readPartly } from './read-bundle.ts'

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
