import { openDispatcher } from '../../../project/app/dispatch/open-dispatcher.ts'
import { openProject } from '../../../project/files/project.ts'
import { publishedIfAny } from '../../../project/history/bundle/published.ts'
import { workerName, workerPrincipal } from '../../../project/identity/worker-principal.ts'
import { openApp } from '../../../project/open-app.ts'
import { readyInventory } from '../../../project/switches/inventory/refresh-sources.ts'
import { servedSites, workersOf, workerTerms } from '../../../project/worker/drain-worker.ts'
import { work } from '../../../project/worker/worker.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

const TAKEN_OVER = 9

/** Drives executions until it is asked to drain, by `eosflow drain` or a signal. */
export async function run({ io, options, global }: Invocation): Promise<number> {
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
