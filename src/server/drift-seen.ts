import { EosflowError, type ErrorRecord } from '../model/error.ts'
import type { Drift } from '../report/drift/drift.ts'

/** What was found when a switch was compared last, and when that was, ISO 8601 in UTC. */
export interface SeenDrift {
  readonly drift: Drift
  readonly at: string
}

/** What was found when switches were compared last, in the memory of the front: it is no record, and a new front begins without. */
export class DriftSeen {
  readonly #seen = new Map<string, SeenDrift>()

  /** Takes the document of a comparison. */
  take(document: unknown, at: string): void {
    const { devices } = document as { readonly devices: readonly (Drift & { readonly error?: ErrorRecord })[] }
    for (const { error, ...drift } of devices) {
      const found = error === undefined ? drift : { ...drift, failure: new EosflowError(error.kind, error.message) }
      this.#seen.set(drift.name, { drift: found as Drift, at })
    }
  }

  /** `confirmedSince`: when the newest change was confirmed on it, ISO 8601 in UTC. What was found before that was compared with something else. */
  of(name: string, confirmedSince = ''): SeenDrift | undefined {
    const seen = this.#seen.get(name)
    return seen === undefined || seen.at < confirmedSince ? undefined : seen
  }
}

/** What comparisons have found. */
export interface DriftSum {
  readonly differs: number
  /** How many switches were compared: one that did not answer was not, nor one that was never confirmed. */
  readonly compared: number
  /** When the first of these was, ISO 8601 in UTC. */
  readonly at: string
}

/** Undefined where no switch was compared. */
export function driftSum(seen: readonly SeenDrift[]): DriftSum | undefined {
  const compared = seen.filter(({ drift: { state } }) => state === 'same' || state === 'differs')
  const [at] = compared.map((one) => one.at).toSorted()
  if (at === undefined) return undefined
  return { differs: compared.filter(({ drift }) => drift.state === 'differs').length, compared: compared.length, at }
}
