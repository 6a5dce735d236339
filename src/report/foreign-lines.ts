import { foreignWords } from '../plan/foreign-lines.ts'
import type { DiffLine, PlanContent } from '../plan/plan.ts'
import type { PlannedForeign } from '../plan/planned-foreign.ts'

/** Foreign lines that a plan takes away from switches that lose the same ones. */
export interface ForeignGroup {
  readonly devices: readonly string[]
  /** How many lines each loses, and what they were compared with. */
  readonly words: string
  /** Absent where nobody knows which of the lines have an author. */
  readonly lines?: readonly DiffLine[]
}

/** The heading of what a plan takes away and nobody on record has written. */
export const FOREIGN_HEADING = 'Lines that nobody declared, and that go'

/** The foreign lines of a plan, each set of them once, in the order of its switches. */
export function foreignGroups({ devices }: Pick<PlanContent, 'devices'>): readonly ForeignGroup[] {
  const groups = new Map<string, { readonly devices: string[]; readonly foreign: PlannedForeign }>()
  for (const { name, foreign } of devices) {
    if (foreign === undefined) continue
    const key = JSON.stringify(foreign)
    const group = groups.get(key) ?? { devices: [], foreign }
    group.devices.push(name)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ devices: names, foreign }) => ({
    devices: names,
    words: foreignWords(foreign),
    ...(foreign.lines === undefined ? {} : { lines: foreign.lines }),
  }))
}

/** The heading of what stays because the workflow says so. */
export const KEPT_HEADING = 'Lines that stay, because the workflow keeps them'

/** Lines that stay on switches that keep the same ones. */
export interface KeptGroup {
  readonly devices: readonly string[]
  /** Each with the blocks that hold it. */
  readonly lines: readonly string[]
}

/** The kept lines of a plan, each set of them once, in the order of its switches. */
export function keptGroups({ devices }: Pick<PlanContent, 'devices'>): readonly KeptGroup[] {
  const groups = new Map<string, { readonly devices: string[]; readonly lines: readonly string[] }>()
  for (const { name, kept } of devices) {
    if (kept === undefined) continue
    const group = groups.get(JSON.stringify(kept)) ?? { devices: [], lines: kept }
    group.devices.push(name)
    groups.set(JSON.stringify(kept), group)
  }
  return [...groups.values()]
}
