import type { DiffLine, ShownPlan } from './plan.ts'

export interface ChangeGroup {
  readonly devices: readonly string[]
  readonly diff: readonly DiffLine[]
  readonly added: number
  readonly removed: number
}

/** Groups the switches of a plan by identical change, in the plan's order; those that do not change come last as one group with an empty diff. */
export function groupChanges(plan: ShownPlan): readonly ChangeGroup[] {
  const groups = new Map<string, { devices: string[]; diff: readonly DiffLine[] }>()
  for (const { name, diff } of plan.content.devices) {
    const key = JSON.stringify(diff)
    const group = groups.get(key) ?? { devices: [], diff }
    group.devices.push(name)
    groups.set(key, group)
  }
  return [...groups.values()]
    .map(({ devices, diff }) => ({
      devices,
      diff,
      added: diff.filter(({ sign }) => sign === '+').length,
      removed: diff.filter(({ sign }) => sign === '-').length,
    }))
    .toSorted((a, b) => Number(a.diff.length === 0) - Number(b.diff.length === 0))
}
