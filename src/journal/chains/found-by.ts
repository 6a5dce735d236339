import type { JournalEvent } from '../event.ts'
import { planOf } from '../event-uses.ts'
import { REGISTER_CHAIN } from '../link.ts'
import type { Columns } from './chain-rows.ts'

/** By what a row is found: the type of its record, the plan that it names, and in the register whom it is for and the instant of a schedule. Nothing finds a mirror. */
export function foundBy(event: JournalEvent | undefined, chain: string): Omit<Columns, 'at'> {
  const { schedule = null, instant = null } = (chain === REGISTER_CHAIN ? (event ?? {}) : {}) as Named
  return {
    type: event?.type ?? null,
    plan: (event && planOf(event)) ?? null,
    receiver: (chain === REGISTER_CHAIN && event ? receiverOf(event) : undefined) ?? null,
    schedule,
    instant,
  }
}

interface Named {
  readonly schedule?: string
  readonly instant?: string
}

function receiverOf(event: JournalEvent): string | undefined {
  if (event.type === 'SignalSent') return event.token
  if (event.type === 'StopRequested') return event.stopped
  return event.type === 'SuspendRequested' ? event.suspended : undefined
}
