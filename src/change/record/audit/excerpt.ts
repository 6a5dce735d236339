import { z } from 'zod'
import { byPlace } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'
import { readChainsLine } from './jsonl-chains.ts'

/**
 * The chain of an execution, and the register up to the signed checkpoint, in which the records of others are digests, as lines of an export: who
 * has it can follow both chains to what a checkpoint signs, and reads nothing of others. Version 2.
 */
export const excerptSchema = z.strictObject({
  v: z.literal(2),
  origin: z.string(),
  lines: z.array(z.string()).readonly(),
  checkpoint: z.string(),
})

export type Excerpt = z.output<typeof excerptSchema>

export interface ExcerptSelection {
  /** No word is written otherwise in JSON. */
  readonly words: readonly string[]
  isWanted(event: JournalEvent): boolean
}

/** Throws `store` for a record that is none. */
export function eventsIn({ lines }: Excerpt): readonly JournalEvent[] {
  return lines
    .map((line) => readChainsLine(line, () => new Uint8Array(32)))
    .flatMap((line) =>
      line?.is === 'row' && !line.isMirror && line.row.digest === undefined
        ? [{ ...parseEvent(line.row.body), seq: line.row.pos }]
        : [],
    )
    .toSorted(byPlace)
}
