import type { Database } from 'better-sqlite3'
import { readCheckpointText } from '../audit/checkpoint.ts'
import { readNote } from '../audit/signed-note.ts'
import type { ChainFault } from '../chain.ts'
import { DeliveryTable } from './delivery-table.ts'

/**
 * What of the tables beside the chain cannot be: what is delivered is there, a lease is that of an execution on record, until a time, and checkpoints are
 * numbered without a gap, each of as many records as its note says.
 */
export function tableFault(database: Database): ChainFault | undefined {
  const seq = database.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM journal').pluck().get() ?? 0
  const reason = deliveryFault(database) ?? leaseFault(database) ?? checkpointFault(database)
  return reason === undefined ? undefined : { seq, reason }
}

function deliveryFault(database: Database): string | undefined {
  const deliveries = new DeliveryTable(database)
  const kept = database.prepare<[], { receiver: string; position: number }>(
    'SELECT receiver, position FROM delivery ORDER BY receiver',
  )
  for (const { receiver, position } of kept.all()) {
    const newest = deliveries.newestFor(receiver)
    if (position > newest || position < 0)
      return `${receiver} is said to have ${position} already, and the newest is ${newest}`
  }
  return undefined
}

const LEASES = `SELECT device, until, (SELECT 1 FROM journal j WHERE j.execution = l.execution LIMIT 1) AS known FROM lease l ORDER BY device`

function leaseFault(database: Database): string | undefined {
  const kept = database.prepare<[], { device: string; until: string | null; known: number | null }>(LEASES)
  for (const { device, until, known } of kept.all()) {
    if (known === null) return `no record is of the execution that is said to have the lease of ${device}`
    if (until !== null && Number.isNaN(Date.parse(until))) return `the lease of ${device} is said to last until no time`
  }
  return undefined
}

/** With the first execution that ends a checkpoint is signed, and none is ever deleted. */
function checkpointFault(database: Database): string | undefined {
  const origin = database.prepare<[], string>('SELECT origin FROM store').pluck().get()
  const kept = database.prepare<[], { id: number; seq: number; note: string }>(
    'SELECT id, seq, note FROM checkpoint ORDER BY id',
  )
  let last = 0
  for (const { id, seq, note } of kept.all()) {
    if (id !== last + 1) return `checkpoint ${last + 1} is missing`
    const said = readCheckpointText(readNote(note)?.text ?? '')
    if (said === undefined || said.origin !== origin) return `checkpoint ${id} cannot be read`
    if (said.seq !== seq) return `checkpoint ${id} is not of as many records as was signed`
    last = id
  }
  const ended = database
    .prepare<[], string>('SELECT id FROM execution WHERE open = 0 ORDER BY first LIMIT 1')
    .pluck()
    .get()
  return last > 0 || ended === undefined
    ? undefined
    : `no checkpoint is there, and execution ${ended} has ended: they were taken away`
}
