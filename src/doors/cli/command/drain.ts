import { drainWorker } from '../../../project/worker/drain-worker.ts'
import { appCommand } from '../terminal/compose.ts'

/** Nobody waits for it: `eosflow workers` shows it. */
export const run = appCommand(async ({ app, caller, io, args, global }) => {
  const worker = await drainWorker(app, caller, args[0] ?? '')
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'drain', worker })}\n`
      : `${worker} is asked to drain: it takes nothing more, and ends when what it drives has ended or rests\nNext: eosflow workers\n`,
  )
  return 0
})
