import { hostname } from 'node:os'
import type { AuditSource } from '../../report/audit-record.ts'
import { VERSION } from '../../version.ts'
import type { App } from '../app.ts'
import { trailOf } from './trail-of.ts'

/** Where the records of this project come from. */
export function sourceOf(app: App): AuditSource {
  const { enterprise } = app.project.settings.audit
  return { origin: trailOf(app).origin, host: hostname(), version: VERSION, enterprise }
}
