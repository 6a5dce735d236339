import { hostname } from 'node:os'
import { VERSION } from '../../../model/version.ts'
import type { AuditSource } from '../../../report/event-words/audit-record.ts'
import type { RecordApp } from '../../app/app.ts'
import { trailOf } from '../../history/trail-of.ts'

export function sourceOf(app: RecordApp): AuditSource {
  const { enterprise } = app.project.settings.audit
  return { origin: trailOf(app).origin, host: hostname(), version: VERSION, enterprise }
}
