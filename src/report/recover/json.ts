import { errorRecord } from '../../model/error.ts'
import type { Aborted, Found } from './found.ts'

/** What was found and what was aborted as one document, version 1. */
export function foundJson(found: readonly Found[], aborted: readonly Aborted[], exitCode: number): string {
  const devices = found.map((one) => ('failure' in one ? { device: one.device, error: errorRecord(one.failure) } : one))
  return JSON.stringify({ version: 1, kind: 'recover', devices, aborted, exitCode })
}
