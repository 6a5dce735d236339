import { BrokenChainError, type ChainRow } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import { parseEvent } from '../parse-event.ts'

/** The event of a row that was verified. Throws `store` when it is none, BrokenChainError when it is at another place. */
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
