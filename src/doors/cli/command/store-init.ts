import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { initStore } from '../../../project/record/upkeep/begin-anew.ts'
import { initLines } from '../../../report/database-store.ts'
import { givenReason } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

/** Makes a store in a PostgreSQL database, or begins a new one in the place of a lost one. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const project = openProject(io, global)
  const begins = options.new === true
  const reason = begins ? givenReason(invocation, 'why a new store is begun') : undefined
  const caller = async () => ({ ...io, principal: (await callerOf(project, io)).principal })
  const { findings, change } = await initStore(project, io, { address: args[0], reason, caller })
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'store-init', findings, ...change })}\n`
      : `${initLines(findings, change, begins).join('\n')}\n`,
  )
  return 0
}
