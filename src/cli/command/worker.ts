import { publishedIfAny } from '../../app/bundle/published.ts'
import { readyInventory } from '../../app/inventory/ready-inventory.ts'
import { openApp } from '../../app/open-app.ts'
import { openProject } from '../../app/project/project.ts'
import { workersOf } from '../../app/workers/list-workers.ts'
import { openDispatcher } from '../../app/workers/open-dispatcher.ts'
import { workerName, workerPrincipal } from '../../app/workers/worker-principal.ts'
import { servedSites, workerTerms } from '../../app/workers/worker-terms.ts'
import { work } from '../../worker/worker.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** As of what another process has taken over. */
const TAKEN_OVER = 9

/** Drives executions until it is asked to drain, by `eosflow drain` or a signal. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  const project = openProject(io, global)
  const principal = workerPrincipal(text(options.name))
  const { sites: asked, limit } = workerTerms({ site: text(options.site), limit: text(options.limit) })
  const { app: opened, close } = await openApp(
    project,
    io,
    io,
    { principal },
    { insecureTls: global.insecureTls, drives: asked ?? [], worker: principal },
  )
  const workers = workersOf(opened)
  const dispatcher = await openDispatcher(project, opened, workers.own, io.tell)
  const { ttl, keepActivations } = project.settings.workers
  try {
    const app = await publishedIfAny(opened)
    await readyInventory(app, io, false)
    const served = await servedSites(app, workers, io, asked)
    const { sites } = served
    const end = await work({
      app,
      workers,
      dispatcher,
      caller: { ...io, principal },
      ...served,
      limit,
      ttl: ttl * 1000,
      keepActivations,
      ready: () => {
        const name = workerName(principal)
        const said = { version: 1, kind: 'worker', worker: workers.own, name, sites }
        io.out(
          global.json ? `${JSON.stringify(said)}\n` : `Worker ${name} (${workers.own}) drives ${sites.join(', ')}\n`,
        )
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
