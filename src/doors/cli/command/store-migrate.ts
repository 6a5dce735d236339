import { openProject } from '../../../project/files/project.ts'
import { migrateDatabase, withDatabase } from '../../../project/record/upkeep/database-store.ts'
import { layoutLine } from '../../../report/database-store.ts'
import type { Invocation } from '../terminal/io.ts'

/** Brings the layout of a store in a PostgreSQL database up to that of this version. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const { change } = await migrateDatabase(withDatabase(openProject(io, global), args[0]), io)
  if (change === undefined) return 0
  io.out(
    global.json ? `${JSON.stringify({ version: 1, kind: 'store-migrate', ...change })}\n` : `${layoutLine(change)}\n`,
  )
  return 0
}
