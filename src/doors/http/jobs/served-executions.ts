import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Subscriber } from '../../../change/record/store/journal.ts'
import { givenJson } from '../../../model/json.ts'
import { readRegularText } from '../../../project/system/machine/regular-file.ts'
import { PRIVATE, writeUnlinked } from '../../../project/system/process/unlinked-file.ts'

const schema = z.strictObject({ version: z.literal(1), executions: z.array(z.string()) })

export interface ServedExecutions {
  readonly ids: readonly string[]
  keep(id: string): boolean
  forget(id: string): void
}

/** Reads and writes `served.json` in the folder of the store. It is no record: what it cannot say, a person says with `resume`. */
export function servedExecutions(folder: string, failed: (what: string, error: unknown) => void): ServedExecutions {
  const file = join(folder, 'served.json')
  const kept = new Set(readIds(file))
  const write = () => {
    try {
      // Renamed over the other, so that a crash leaves one of the two.
      writeUnlinked(`${file}.new`, `${JSON.stringify({ version: 1, executions: [...kept] })}\n`, PRIVATE)
      renameSync(`${file}.new`, file)
    } catch (error) {
      failed('served.json', error)
    }
  }
  return {
    get ids() {
      return [...kept]
    },
    keep: (id) => {
      if (kept.has(id)) return false
      kept.add(id)
      write()
      return true
    },
    forget: (id) => {
      if (kept.delete(id)) write()
    },
  }
}

/** Keeps every execution which a server begins or goes on with, before that is on record: whenever the server dies, the next one knows it. */
export function keepingServed(served: ServedExecutions): Subscriber {
  return ({ of, events }) =>
    of !== undefined && events.some(isTaken) && served.keep(of) ? { refused: () => served.forget(of) } : undefined
}

function isTaken({ type }: EventBody) {
  return type === 'ExecutionStarted' || type === 'ExecutionResumed' || type === 'ExecutionRedriven'
}

function readIds(file: string) {
  try {
    const read = schema.safeParse(givenJson(readRegularText(file)))
    return read.success ? read.data.executions : []
  } catch {
    return []
  }
}
