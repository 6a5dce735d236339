import type { AuditTrail } from '../../change/record/audit/audit-trail.ts'
import { EosflowError } from '../../model/error.ts'
import type { ProjectStore } from '../app/store/project-store.ts'

export function trailOf({ audit }: ProjectStore): AuditTrail {
  if (audit === undefined) throw new EosflowError('bug', 'this store keeps no record to audit')
  return audit
}
