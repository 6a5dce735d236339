import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { PRIVATE, writeUnlinked } from '../app/unlinked-file.ts'

const schema = z.strictObject({ version: z.literal(1), executions: z.array(z.string()) })

/** Which executions a server runs, beside its store: after a crash it goes on with those. */
export interface ServedExecutions {
  readonly ids: readonly string[]
  keep(id: string): void
  forget(id: string): void
}

/** Reads and writes `served.json` in the folder of the store. It is no record: what it cannot say, a person says with `resume`. */
export function servedExecutions(folder: string): ServedExecutions {
  const file = join(folder, 'served.json')
  const kept = new Set(readIds(file))
  const write = (): void => {
    // Renamed over the other, so that a crash leaves one of the two.
    writeUnlinked(`${file}.new`, `${JSON.stringify({ version: 1, executions: [...kept] })}\n`, PRIVATE)
    renameSync(`${file}.new`, file)
  }
  return {
    get ids() {
      return [...kept]
    },
    keep: (id) => {
      if (kept.has(id)) return
      kept.add(id)
      write()
    },
    forget: (id) => {
      if (kept.delete(id)) write()
    },
  }
}

function readIds(file: string): readonly string[] {
  try {
    const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return read.success ? read.data.executions : []
  } catch {
    return []
  }
}
