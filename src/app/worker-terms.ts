import { problemOf } from '../model/problem.ts'
import { InputError } from './input-error.ts'
import type { Project } from './project.ts'
import { sitesOf } from './site-of.ts'

/** So many executions of one site at once, where nobody says another number. */
const LIMIT = 20
const MOST = 200

/** What a worker takes. */
export interface WorkerTerms {
  readonly sites: readonly string[]
  /** So many executions of one site at once. */
  readonly limit: number
}

/**
 * What a worker is asked to take: sites by their names with commas, by default those of the project, and a number. Whether a site is there is asked
 * with {@link requireSites}, of what is published: a worker may have no inventory but that. Throws InputError.
 */
export function workerTerms(
  project: Pick<Project, 'inventory'>,
  { site, limit }: { readonly site: string | undefined; readonly limit: string | undefined },
): WorkerTerms {
  const most = limit === undefined ? LIMIT : Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > MOST)
    throw new InputError([problemOf('limit', 'bad-usage', `it is a number from 1 to ${MOST}`, 'For example 20.')])
  return { sites: site === undefined ? sitesOf(project) : site.split(',').map((name) => name.trim()), limit: most }
}

/** Throws InputError where one of these sites has no switch in the inventory, and no open execution: its switches may have left the inventory since. */
export function requireSites(
  project: Pick<Project, 'inventory'>,
  sites: readonly string[],
  open: readonly string[],
): void {
  const known = [...new Set([...sitesOf(project), ...open])]
  const unknown = sites.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const message = `no switch is of the site ${unknown.join(', ')}`
  throw new InputError([problemOf('site', 'no-such-site', message, `The inventory has: ${known.join(', ')}.`)])
}
