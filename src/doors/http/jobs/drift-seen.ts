import type { Notes } from '../../../change/record/store/notes.ts'
import { EosflowError, type ErrorRecord } from '../../../model/error.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { EarlierBaseline } from '../../../report/baseline-words.ts'
import { type ConfirmedSource, type Drift, type DriftSum, sumOfDrift } from '../../../report/drift/drift.ts'
import { sourceFor } from '../request/readable.ts'

/** What was found when a switch was compared last, and when that was, ISO 8601 in UTC. */
export interface SeenDrift {
  readonly drift: Drift
  readonly at: string
}

const KIND = 'drift'
const LASTS = 7 * 86_400_000
// What was written a little before what was read last may have become visible since, in milliseconds.
const LATE = 10_000

type DriftOfDocument = Drift & { readonly error?: ErrorRecord }

interface SharedDrift {
  readonly notes: Notes
  scrub(text: string): string
  failed(what: string, error: unknown): void
}

export class DriftSeen {
  readonly #seen = new Map<string, SeenDrift>()
  readonly #shared: SharedDrift | undefined
  #read = 0

  constructor(shared?: SharedDrift) {
    this.#shared = shared
  }

  async take(document: unknown, at: string): Promise<void> {
    const { devices } = document as { readonly devices: readonly DriftOfDocument[] }
    for (const device of devices) this.#keep(device, at)
    if (this.#shared === undefined) return
    const { notes, scrub, failed } = this.#shared
    const textOf = (device: DriftOfDocument) => scrub(JSON.stringify({ version: 1, at, device }))
    try {
      await notes.setAll(KIND, new Map(devices.map((device) => [device.name, textOf(device)])), { lasts: LASTS })
    } catch (error) {
      failed('drift', error)
    }
  }

  /** Reads what other servers have found since it was asked last. */
  async refresh(): Promise<void> {
    if (this.#shared === undefined) return
    const { notes } = this.#shared
    const now = await notes.now()
    for (const text of await notes.all(KIND, this.#read)) {
      const { version, at, device } = JSON.parse(text) as {
        readonly version: number
        readonly at: string
        readonly device: DriftOfDocument
      }
      if (version === 1) this.#keep(device, at)
    }
    this.#read = now - LATE
  }

  #keep({ error, ...drift }: DriftOfDocument, at: string) {
    if ((this.#seen.get(drift.name)?.at ?? '') > at) return
    const found = error === undefined ? drift : { ...drift, failure: new EosflowError(error.kind, error.message) }
    this.#seen.set(drift.name, { drift: found as Drift, at })
  }

  /** `confirmedSince`: when the newest change was confirmed on it, ISO 8601 in UTC. */
  of(name: string, confirmedSince = ''): SeenDrift | undefined {
    const seen = this.#seen.get(name)
    return seen === undefined || seen.at < confirmedSince ? undefined : seen
  }
}

/** What comparisons have found, and when the first of these was, ISO 8601 in UTC. */
export function seenDrift(seen: readonly SeenDrift[]): (DriftSum & { readonly at: string }) | undefined {
  const [at] = seen.map((one) => one.at).toSorted()
  return at === undefined ? undefined : { ...sumOfDrift(seen.map(({ drift }) => drift)), at }
}

interface DriftDocument {
  readonly devices: readonly { readonly name: string; readonly source?: ConfirmedSource }[]
}

export async function driftFor(app: RecordApp, caller: SilentCaller, found: object): Promise<object> {
  const document = found as DriftDocument
  const devices = document.devices.map(async ({ source, ...device }) =>
    source === undefined ? device : { ...device, source: await sourceFor(app, caller, source) },
  )
  return { ...document, devices: await Promise.all(devices) }
}

export async function snapshotFor(app: RecordApp, caller: SilentCaller, taken: object): Promise<object> {
  const { still, ...rest } = taken as { readonly still: readonly EarlierBaseline[] }
  const shown = still.map(async ({ name, source }) =>
    source === undefined ? { name } : { name, source: await sourceFor(app, caller, source) },
  )
  return { ...rest, still: await Promise.all(shown) }
}
