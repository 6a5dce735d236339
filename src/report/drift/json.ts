import { errorRecord } from '../../model/error.ts'
import type { Drift } from './drift.ts'

/** The drift of switches as one document, version 1. */
export function driftJson(drifts: readonly Drift[]): string {
  return JSON.stringify({ version: 1, kind: 'drift', devices: drifts.map(deviceJson) })
}

function deviceJson(drift: Drift): object {
  if (drift.state !== 'unread') return drift
  return { name: drift.name, state: drift.state, error: errorRecord(drift.failure) }
}
