import { openProject } from '../../app/project.ts'
import { initDatabase, withDatabase } from '../../app/store/database-store.ts'
import { findingLines, layoutLine } from '../../report/database-store.ts'
import type { Invocation } from '../io.ts'

/** Makes a store in a PostgreSQL database. No switch is contacted. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const project = withDatabase(openProject(io, global), args[0])
  const { findings, change } = await initDatabase(project, io)
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'store-init', findings, ...change })}\n`)
  else {
    const lines =
      change === undefined ? [] : [layoutLine(change), 'Next: GRANT eos_worker TO the users that eosflow connects as']
    io.out(`${[...findingLines(findings), ...lines].join('\n')}\n`)
  }
  return 0
}
