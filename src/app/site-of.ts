import type { Project } from './project.ts'

/** The site of an execution whose switches are of none, or of several. */
export const ANY_SITE = 'default'

/** The tag of a switch that names its site. */
const TAG = 'site'

/** The site that executions on these switches belong to: what all of them have in the tag `site`. */
export function siteOf({ inventory }: Pick<Project, 'inventory'>, targets: readonly string[]): string {
  const wanted = new Set(targets)
  const sites = new Set(
    inventory().devices.flatMap(({ name, tags }) => (wanted.has(name) ? [tags[TAG] ?? ANY_SITE] : [])),
  )
  const [site] = sites
  return site === undefined || sites.size > 1 ? ANY_SITE : site
}

/** All sites of the project. */
export function sitesOf({ inventory }: Pick<Project, 'inventory'>): readonly string[] {
  return [...new Set([ANY_SITE, ...inventory().devices.flatMap(({ tags }) => tags[TAG] ?? [])])].sort()
}
