import type { Database } from 'better-sqlite3'
import type { ChainFault } from '../chain.ts'
import { DeliveryTable } from './delivery-table.ts'

/** What of the tables beside the chain cannot be: what is delivered is there, and a lease is that of an execution on record, until a time. */
export function tableFault(database: Database): ChainFault | undefined {
  const seq = database.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM journal').pluck().get() ?? 0
  const reason = deliveryFault(database) ?? leaseFault(database)
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
