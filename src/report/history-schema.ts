import { z } from 'zod'
import { eventTypes, type JournalEvent } from '../change/record/event/event.ts'
import type { Json } from '../model/json.ts'

const json = z.json() as unknown as z.ZodType<Json>

// What an entry has beside its event: {@link ExecutionEvent}.
const derived = {
  input: json.exactOptional(),
  device: z.string().exactOptional(),
  attempt: z.int().exactOptional(),
  duration: z.number().exactOptional(),
  traceId: z.string().exactOptional(),
}

const entries = eventTypes.map(({ schema }): z.ZodType => {
  const { machine: _, ...shape } = schema.shape as z.ZodRawShape
  return z.strictObject({ ...derived, ...shape })
})

/** What `eosflow history --json` prints, and of which `watch --json` prints one a line: records of version 1. */
export const historyResultSchema = z
  .array(z.union(entries))
  .meta({ id: 'history-result', title: 'eosflow history --json' })

/**
 * One record of an execution, `v` being its version: what happened, when (`at`, ISO 8601 in UTC) and who did it (`actor`), with what follows from the records before.
 * `device`: the one switch that it is about; `duration`: seconds since what it ends was begun; `input`: what the state was given.
 */
export type ExecutionEvent = Recorded<JournalEvent> & {
  readonly device?: string
  readonly attempt?: number
  readonly duration?: number
  readonly traceId?: string
}
type Recorded<E> = E extends unknown ? Omit<E, 'machine'> : never
