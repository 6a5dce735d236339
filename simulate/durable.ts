import type { EventBody } from '../src/journal/event.ts'
import type { Leases } from '../src/journal/lease.ts'
import type { Store } from '../src/journal/store.ts'
import type { Life } from '../src/trial/life.ts'
import { storeOf } from '../src/trial/store-of-life.ts'
import type { Faults } from './faults.ts'
import type { Watch } from './watch.ts'

/** What stands between a controller and its store. */
export interface DurablePorts {
  readonly life: Life
  readonly store: Store & Leases
  readonly faults: Faults
  readonly watch: Watch
}

/**
 * The store as a controller has it: it can be killed before a record of its execution is written, and before it hears that it was; it can be
 * frozen between the answer of a fence and the bytes that leave under it. What it writes beside its execution counts as no moment.
 */
export function durableOf({ life, store, faults, watch }: DurablePorts): Store & Leases {
  let asked = 0
  return storeOf(store, life, {
    appending: (execution, events) => {
      if (execution === undefined) return
      watch.appending?.(life, events)
      faults.moment(`before ${labelOf(events)}`, life)
      if (life.alive) faults.disk.write()
    },
    appended: (events) => {
      const isOwn = events.some(({ execution }) => execution !== undefined)
      watch.appended?.(isOwn ? life : undefined, events)
      if (isOwn) faults.moment(`after ${labelOf(events)}`, life)
    },
    keeping: () => faults.disk.write(),
    fenced: () => {
      asked += 1
      faults.strikeBehind(`fenced ${asked}`, life)
    },
  })
}

function labelOf(events: readonly EventBody[]): string {
  const [first] = events
  const last = events.at(-1)
  const event = last?.type === 'ActIntended' ? last : first
  if (event === undefined) return 'nothing'
  return event.type === 'ActIntended' || event.type === 'ActFinished' ? `${event.type} ${event.act}` : event.type
}
