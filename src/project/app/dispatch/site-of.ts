import type { ExecutionState } from '../../../change/engine/state.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { Project } from '../../files/project.ts'

export const ANY_SITE = 'default'

export const ALL_SITES = ':all'

const TAG = 'site'

export function siteOfSwitch({ tags }: Pick<InventoryDevice, 'tags'>): string {
  return tags[TAG] ?? ANY_SITE
}

/**
 * The site that an execution belongs to: the one that it was begun for, whatever has become of its switches in the inventory since. Where the record
 * does not say it: what all of its switches have in the tag `site`.
 */
export function siteOf(
  { inventory }: Pick<Project, 'inventory'>,
  { targets, sites: { isDivided, own } }: Pick<ExecutionState, 'targets' | 'sites'>,
): string {
  if (isDivided) return ALL_SITES
  return own ?? siteOfTargets({ inventory }, targets)
}

/** What these switches have in the tag `site`; {@link ANY_SITE} where it is not one, the same for all. */
export function siteOfTargets({ inventory }: Pick<Project, 'inventory'>, targets: readonly string[]): string {
  const wanted = new Set(targets)
  const sites = new Set(
    inventory().devices.flatMap((device) => (wanted.has(device.name) ? [siteOfSwitch(device)] : [])),
  )
  const [site] = sites
  return site === undefined || sites.size > 1 ? ANY_SITE : site
}

export function sitesOf({ inventory }: Pick<Project, 'inventory'>): readonly string[] {
  return [...new Set([ANY_SITE, ...inventory().devices.flatMap(({ tags }) => tags[TAG] ?? [])])].sort()
}
