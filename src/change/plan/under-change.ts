import { groupName } from '../../model/budget-share.ts'
import { gathered } from '../../model/json.ts'
import { type Budget, groupIn } from '../inventory/budget-settings.ts'
import type { InventoryDevice } from '../inventory/inventory.ts'
import type { PlanContent } from './plan.ts'

export type CountedGroup = NonNullable<PlanContent['underChange']>[number]

export function countedGroups(
  budgets: readonly Budget[],
  devices: readonly InventoryDevice[],
): readonly CountedGroup[] {
  return budgets.flatMap((budget) => {
    const groups = devices.flatMap((device) => {
      const group = groupIn(budget, device)
      return group === undefined ? [] : [[groupName(group), device.name] as const]
    })
    return [...gathered(groups)].map(([name, switches]) => ({ budget: name, max: budget.max, switches }))
  })
}

export function groupsAmong(groups: readonly CountedGroup[], changed: readonly string[]): readonly CountedGroup[] {
  const isChanged = new Set(changed)
  return groups.flatMap(({ switches, ...group }) => {
    const among = switches.filter((name) => isChanged.has(name))
    return among.length === 0 ? [] : [{ ...group, switches: among }]
  })
}

export function fitsIn(groups: readonly CountedGroup[]): (wave: readonly string[], name: string) => boolean {
  const counted = groups.map(({ max, switches }) => ({ max, switches: new Set(switches) }))
  return (wave, name) =>
    counted.every(
      ({ max, switches }) => !switches.has(name) || wave.filter((other) => switches.has(other)).length < max,
    )
}

/** Why switches that are all confirmed together cannot be: more of them are under change at once than a budget allows. */
export function overfullGroup(
  groups: readonly CountedGroup[],
  atomic: PlanContent['atomic'],
): { readonly message: string; readonly hint: string } | undefined {
  const found = atomic === 'change' ? groups.find(({ max, switches }) => switches.length > max) : undefined
  if (found === undefined) return undefined
  const { budget, max, switches } = found
  const names =
    switches.length > 5 ? `${switches.slice(0, 4).join(', ')} and ${switches.length - 4} more` : switches.join(', ')
  return {
    message: `${switches.length} switches of ${budget} would be under change at once (${names}), because all are confirmed together, and \`maxUnderChange\` allows ${max}`,
    hint: 'confirm them wave by wave, with `rollout: { atomic: wave }`, or select fewer with -t',
  }
}
