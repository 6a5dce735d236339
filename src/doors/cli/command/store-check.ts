import { openProject } from '../../../project/files/project.ts'
import { checkStore, withDatabase } from '../../../project/record/upkeep/database-store.ts'
import { findingLines } from '../../../report/database-store.ts'
import type { Invocation } from '../terminal/io.ts'

/** Judges the PostgreSQL server of a store, and the layout of what is in it; exit 1 where something is wrong. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const { findings } = await checkStore(withDatabase(openProject(io, global), args[0]), io)
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'store-check', findings })}\n`
      : `${findingLines(findings).join('\n')}\n`,
  )
  return findings.some(({ level }) => level === 'fault') ? 1 : 0
}
