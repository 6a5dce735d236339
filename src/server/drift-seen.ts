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

  of(name: string): SeenDrift | undefined {
    return this.#seen.get(name)
  }

  /** How many of these that were compared differ, and when the newest was; undefined before the first. */
  sumOf(names: readonly string[]): { readonly differs: number; readonly at: string } | undefined {
    const all = names.flatMap((name) => this.#seen.get(name) ?? [])
    const at = all
      .map((one) => one.at)
      .toSorted()
      .at(-1)
    return at === undefined ? undefined : { differs: all.filter(({ drift }) => drift.state === 'differs').length, at }
  }
}
