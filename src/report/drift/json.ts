import { errorRecord } from '../../model/error.ts'
import type { Drift } from './drift.ts'
import { driftWords, sumOfDrift } from './drift-sum.ts'

/** The drift of switches as one document, version 1, with what was found in numbers and in the words of every other place. */
export function driftJson(drifts: readonly Drift[]): string {
  const sum = sumOfDrift(drifts)
  return JSON.stringify({ version: 1, kind: 'drift', sum, words: driftWords(sum), devices: drifts.map(deviceJson) })
}

function deviceJson(drift: Drift): object {
  if (drift.state !== 'unread') return drift
  return { name: drift.name, state: drift.state, error: errorRecord(drift.failure) }
}
