import { listWorkers } from '../../../project/worker/drain-worker.ts'
import { workersJson, workersText } from '../../../report/phrases/workers.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const listing = await listWorkers(app, caller)
    io.out(global.json ? `${JSON.stringify(workersJson(listing))}\n` : `${workersText(listing)}\n`)
    return 0
  })
}
