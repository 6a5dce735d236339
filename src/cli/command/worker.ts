import { publishedIfAny } from '../../app/bundle/published.ts'
import { InputError } from '../../app/input-error.ts'
import { readyInventory } from '../../app/inventory/ready-inventory.ts'
import { workersOf } from '../../app/list-workers.ts'
import { openApp } from '../../app/open-app.ts'
import { openDispatcher } from '../../app/open-dispatcher.ts'
import { openProject } from '../../app/project.ts'
import { sitesOf } from '../../app/site-of.ts'
import { workerPrincipal } from '../../app/worker-principal.ts'
import { problemOf } from '../../model/problem.ts'
import { work } from '../../worker/worker.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** As of what another process has taken over. */
const TAKEN_OVER = 9
/** So many executions at once for each site. */
const LIMIT = 20

/** Drives executions until it is asked to drain, by `eosflow drain` or a signal. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  const project = openProject(io, global)
  const principal = workerPrincipal(text(options.name))
  const asked = text(options.site)
    ?.split(',')
    .map((site) => site.trim())
  const sites = asked ?? sitesOf(project)
  const limit = limitAsked(text(options.limit))
  const { app: opened, close } = await openApp(
    project,
    io,
    io,
    { principal },
    { insecureTls: global.insecureTls, drives: sites },
  )
  const workers = workersOf(opened)
  const dispatcher = await openDispatcher(project, opened, workers.own, io.tell)
  const { ttl } = project.settings.workers
  try {
    const app = await publishedIfAny(opened)
    await readyInventory(app, io, false)
    requireSites(sites, sitesOf(app.project))
    const end = await work({
      app,
      workers,
      dispatcher,
      caller: { ...io, principal },
      sites,
      limit,
      ttl: ttl * 1000,
      ready: () => {
        const said = { version: 1, kind: 'worker', worker: workers.own, sites }
        io.out(global.json ? `${JSON.stringify(said)}\n` : `Worker ${workers.own} drives ${sites.join(', ')}\n`)
      },
    })
    if (end === 'drained') return 0
    io.err('! this worker was declared dead: others go on with what it drove\n')
    process.exit(TAKEN_OVER)
  } finally {
    await dispatcher.close()
    await close()
  }
}

function requireSites(asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((site) => !known.includes(site))
  if (unknown.length === 0) return
  const message = `no switch is of the site ${unknown.join(', ')}`
  throw new InputError([problemOf('--site', 'no-such-site', message, `The inventory has: ${known.join(', ')}.`)])
}

function limitAsked(given: string | undefined): number {
  if (given === undefined) return LIMIT
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit
  throw new InputError([problemOf('--limit', 'bad-usage', 'it is a number from 1 to 200', 'For example: --limit 20.')])
}
