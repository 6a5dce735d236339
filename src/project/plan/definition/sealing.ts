import type { PlanSealing } from '../../../change/plan/definition.ts'
import type { RecordApp } from '../../app/app.ts'

/** Makes the plan key the first time. Throws `store`. */
export function sealingOf({ keys, store, project }: Pick<RecordApp, 'keys' | 'store' | 'project'>): PlanSealing {
  return {
    key: keys.readOrMake('plan').key,
    store: project.settings.approvals.store ?? store.id,
    anyStore: project.policy()?.policy.approvals === 'anyStore',
  }
}
