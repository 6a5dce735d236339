import { isWhole } from '../../../change/plan/intended.ts'
import { lineAt, placesIn, wordsAt } from '../../../eos/config/merge.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { chosenDevices } from '../../switches/inventory/tell-warnings.ts'
import { snapshotNamed } from '../../switches/snapshot/snapshot-document.ts'
import { takeSnapshot } from '../../switches/snapshot/take-snapshot.ts'
import { intendedOf } from './intended-of.ts'

export interface AdoptedSwitch {
  readonly name: string
  readonly lines: number
  /** Those that were not intended before, each with the blocks that hold it, redacted; absent where no whole text was known before. */
  readonly added?: readonly string[]
}

export interface Adoption {
  readonly name: string
  readonly devices: readonly AdoptedSwitch[]
  readonly missing: readonly string[]
  readonly failure: unknown
}

/** Throws as the policy does for `intent.adopt`, and what failed where none of them can be adopted. */
export async function adoptRunning(app: App, caller: Caller, target: string): Promise<Adoption> {
  const names = chosenDevices(app.project.inventory(), target).map(({ name }) => name)
  const allowed = await requireAllowed(app, caller, 'intent.adopt', { devices: names })
  const before = await intendedOf(app, names)
  const { name, missing, failure } = await takeSnapshot(app, caller, { target, name: undefined, adopts: allowed })
  const { devices } = await snapshotNamed(app, name)
  const adopted = Object.entries(devices).map(([one, { running }]): AdoptedSwitch => {
    const places = [...placesIn(running)]
    const known = before.get(one)
    if (known === undefined || !isWhole(known)) return { name: one, lines: places.length }
    const added = places.filter((place) => !known.lines.has(place))
    return { name: one, lines: places.length, added: added.map((place) => wordsAt(lineAt(place), redact)) }
  })
  return { name, devices: adopted, missing, failure }
}
