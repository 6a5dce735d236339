import { hostname } from 'node:os'
import type { AuditSource } from '../../report/audit-record.ts'
import { VERSION } from '../../version.ts'
import type { App } from '../app.ts'
import { trailOf } from './trail-of.ts'

/** Where the records of this project come from. */
export function sourceOf({ project, desk }: App): AuditSource {
  const { enterprise } = project.settings.audit
  return { origin: trailOf(desk).origin, host: hostname(), version: VERSION, enterprise }
}
