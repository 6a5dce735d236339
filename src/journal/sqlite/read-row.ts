import { BrokenChainError, type ChainRow } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import { parseEvent } from '../event-schema.ts'

/** Hands rows to who verifies them, and collects the events of one execution: each once the next is asked for, when it has been verified. */
export function* readingAlong(
  rows: Iterable<ChainRow>,
  execution: string,
  events: JournalEvent[],
): Generator<ChainRow> {
  const sign = `"execution":${JSON.stringify(execution)}`
  for (const row of rows) {
    yield row
    if (!row.body.includes(sign)) continue
    const event = parseRow(row)
    if (event.execution === execution) events.push(event)
  }
}

/** The event of a row that was verified. Throws `store` when it is none, BrokenChainError when it stands at another place. */
export function parseRow(row: ChainRow): JournalEvent {
  const event = parseEvent(row.body)
  if (event.seq === row.seq) return event
  throw new BrokenChainError({ seq: row.seq, reason: `its content says it is record ${event.seq}` })
}

/** The event of a row in a chain that may have a fault; what cannot be read is that fault. */
export function legible(row: ChainRow, fault: BrokenChainError | undefined): JournalEvent {
  try {
    return parseRow(row)
  } catch (thrown) {
    throw fault ?? thrown
  }
}
