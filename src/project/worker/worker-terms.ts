import type { Workers } from '../../change/record/store/workers.ts'
import { problemOf } from '../../model/problem.ts'
import type { RecordApp } from '../app/app.ts'
import { sitesOf } from '../app/dispatch/site-of.ts'
import type { Project } from '../files/project.ts'
import { projectOfBundle } from '../history/bundle/published.ts'
import { openSites } from '../history/sites/unserved.ts'
import { readyInventory } from '../switches/inventory/ready-inventory.ts'
import type { Console } from '../system/process/console.ts'
import { InputError } from '../system/process/input-error.ts'

// So many executions of one site at once, where nobody says another number.
const LIMIT = 20
const MOST = 200

export interface WorkerTerms {
  readonly sites?: readonly string[]
  readonly limit: number
}

/** Whether a site is there is asked with {@link servedSites}, of what is published: a worker may have no inventory but that. Throws InputError. */
export function workerTerms({
  site,
  limit,
}: {
  readonly site: string | undefined
  readonly limit: string | undefined
}): WorkerTerms {
  const most = limit === undefined ? LIMIT : Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > MOST)
    throw new InputError([problemOf('limit', 'bad-usage', `it is a number from 1 to ${MOST}`, 'For example 20.')])
  return { ...(site === undefined ? {} : { sites: site.split(',').map((name) => name.trim()) }), limit: most }
}

// Throws InputError where one of these sites has no switch in the inventory, and no open execution: its switches may have left the inventory
// since.
function requireSites(project: Pick<Project, 'inventory'>, sites: readonly string[], open: readonly string[]) {
  const known = [...new Set([...sitesOf(project), ...open])]
  const unknown = sites.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const message = `no switch is of the site ${unknown.join(', ')}`
  throw new InputError([problemOf('site', 'no-such-site', message, `The inventory has: ${known.join(', ')}.`)])
}

function publishedSites(app: RecordApp, console: Console) {
  let seen = app.project.published?.digest()
  return async () => {
    const [newest] = await app.store.bundles(1)
    if (newest === undefined || newest.bundle === seen) return []
    const project = await projectOfBundle(app, newest.bundle)
    await readyInventory({ ...app, project }, console, false)
    seen = newest.bundle
    return sitesOf(project)
  }
}

/** Throws InputError where one that is asked for is not there, `store`, and as reading an inventory does. */
export async function servedSites(
  app: RecordApp,
  workers: Pick<Workers, 'serve'>,
  console: Console,
  asked: readonly string[] | undefined,
): Promise<{ readonly sites: readonly string[]; readonly newSites?: () => Promise<readonly string[]> }> {
  if (asked !== undefined) {
    requireSites(app.project, asked, await openSites(app))
    return { sites: asked }
  }
  const newSites = publishedSites(app, console)
  const sites = sitesOf(app.project)
  await workers.serve(sites)
  return { sites, newSites }
}
