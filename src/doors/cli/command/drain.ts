import { drainWorker } from '../../../project/worker/drain-worker.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Nobody waits for it: `eosflow workers` shows it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const worker = await drainWorker(app, caller, args[0] ?? '')
    if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'drain', worker })}\n`)
    else
      io.out(
        `${worker} is asked to drain: it takes nothing more, and ends when what it drives has ended or rests\nNext: eosflow workers\n`,
      )
    return 0
  })
}
