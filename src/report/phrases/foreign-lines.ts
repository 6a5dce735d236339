import { foreignWords } from '../../change/plan/foreign-lines.ts'
import type { DiffLine, PlanContent } from '../../change/plan/plan.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { count } from '../text/count.ts'

export interface ForeignGroup {
  readonly devices: readonly string[]
  readonly words: string
  readonly lines?: readonly DiffLine[]
}

export const FOREIGN_HEADING = 'Lines that nobody declared, and that go'

/** The foreign lines of a plan, each set of them once, in the order of its switches. */
export function foreignGroups({ devices }: Pick<PlanContent, 'devices'>): readonly ForeignGroup[] {
  return grouped(devices, ({ foreign }) => foreign).map(({ devices: names, of }) => ({
    devices: names,
    words: foreignWords(of),
    ...definedMembers({ lines: of.lines }),
  }))
}

export const UNSAVED_HEADING = 'Lines that somebody has not saved, and that the confirm saves too'

/** The lines of a plan that were not saved before it, each set of them once, in the order of its switches. */
export function unsavedGroups({ devices }: Pick<PlanContent, 'devices'>): readonly ForeignGroup[] {
  return grouped(devices, ({ unsaved }) => unsaved).map(({ devices: names, of: { count: lines, lines: shown } }) => {
    const rest = lines - shown.filter(({ sign }) => sign !== ' ').length
    return {
      devices: names,
      words: `${count(lines, 'line')}${rest === 0 ? '' : `, the first ${lines - rest}`}`,
      lines: shown,
    }
  })
}

function grouped<T>(devices: PlanContent['devices'], of: (device: PlanContent['devices'][number]) => T | undefined) {
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

interface KeptGroup {
  readonly devices: readonly string[]
  readonly lines: readonly string[]
}

/** The kept lines of a plan, each set of them once, in the order of its switches. */
export function keptGroups({ devices }: Pick<PlanContent, 'devices'>): readonly KeptGroup[] {
  return grouped(devices, ({ kept }) => kept).map(({ devices: names, of }) => ({ devices: names, lines: of }))
}
