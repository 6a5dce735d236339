import { listWorkers } from '../../../project/worker/drain-worker.ts'
import { workersJson, workersText } from '../../../report/phrases/workers.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, global }) => {
  const listing = await listWorkers(app, caller)
  io.out(global.json ? `${JSON.stringify(workersJson(listing))}\n` : `${workersText(listing)}\n`)
  return 0
})
