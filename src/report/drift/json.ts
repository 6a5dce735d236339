import { errorRecord } from '../../model/error.ts'
import type { Drift } from './drift.ts'
import { driftWords, sumOfDrift } from './drift-sum.ts'
import type { DriftDocument } from './result-schema.ts'

/** The drift of switches as one document, version 1, with what was found in numbers and in the words of every other place. */
export function driftJson(drifts: readonly Drift[]): string {
  const sum = sumOfDrift(drifts)
  const devices = drifts.map(deviceJson)
  const document: DriftDocument = { version: 1, kind: 'drift', sum, words: driftWords(sum), devices }
  return JSON.stringify(document)
}

function deviceJson(drift: Drift): DriftDocument['devices'][number] {
  if (drift.state !== 'unread') return drift
  return { name: drift.name, state: drift.state, error: errorRecord(drift.failure) }
}
