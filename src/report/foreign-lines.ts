import { foreignWords } from '../plan/foreign-lines.ts'
import type { DiffLine, PlanContent } from '../plan/plan.ts'

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
  return grouped(devices, ({ foreign }) => foreign).map(({ devices: names, of }) => ({
    devices: names,
    words: foreignWords(of),
    ...(of.lines === undefined ? {} : { lines: of.lines }),
  }))
}

/** The switches that have the same, in the order of the first of each; those that have nothing aside. */
function grouped<T>(
  devices: PlanContent['devices'],
  of: (device: PlanContent['devices'][number]) => T | undefined,
): readonly { readonly devices: readonly string[]; readonly of: T }[] {
  const groups = new Map<string, { readonly devices: string[]; readonly of: T }>()
  for (const device of devices) {
    const found = of(device)
    if (found === undefined) continue
    const key = JSON.stringify(found)
    const group = groups.get(key) ?? { devices: [], of: found }
    group.devices.push(device.name)
    groups.set(key, group)
  }
  return [...groups.values()]
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
  return grouped(devices, ({ kept }) => kept).map(({ devices: names, of }) => ({ devices: names, lines: of }))
}
