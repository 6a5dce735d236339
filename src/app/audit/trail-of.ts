import type { AuditTrail } from '../../journal/audit/audit-trail.ts'
import { EosflowError } from '../../model/error.ts'
import type { ProjectStore } from '../project/project-store.ts'

/** The audit trail of the project's store. */
export function trailOf({ audit }: ProjectStore): AuditTrail {
  if (audit === undefined) throw new EosflowError('bug', 'this store keeps no record to audit')
  return audit
}
