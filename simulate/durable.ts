import type { EventBody, JournalEvent } from '../src/change/record/event/event.ts'
import type { Journal } from '../src/change/record/store/journal.ts'
import type { Leases } from '../src/change/record/store/lease.ts'
import type { Store } from '../src/change/record/store/store.ts'
import { type Life, storeOf } from '../src/lab/trial/trial-app.ts'
import type { Faults } from './faults.ts'
import type { Watch } from './watch.ts'

/** What stands between a controller and its store. */
export interface DurablePorts {
  readonly life: Life
  readonly store: Store & Leases
  readonly faults: Faults
  readonly watch: Watch
  /** Whether the store itself says when something is written: it may be so and not be heard of. */
  readonly isRemote?: boolean
}

/**
 * The store as a controller has it: it can be killed before a record of its execution is written, and before it hears that it was; it can be
 * frozen between the answer of a fence and the bytes that leave under it. What it writes beside its execution counts as no moment.
 */
export function durableOf({ life, store, faults, watch, isRemote = false }: DurablePorts): Store & Leases {
  let asked = 0
  const committed = committedTo({ life, faults, watch })
  const { as, ...rest } = storeOf(store, life, {
    appending: (execution, events, again) => {
      if (execution === undefined) return
      // What is sent again was announced before.
      if (again === undefined) watch.appending?.(life, events)
      faults.moment(`before ${labelOf(events)}`, life)
      if (life.alive) faults.disk.write()
    },
    appended: isRemote ? () => undefined : committed,
    keeping: () => faults.disk.write(),
    fenced: () => {
      asked += 1
      faults.strikeBehind(`fenced ${asked}`, life)
    },
  })
  return { ...rest, as: (actor) => slowed(as(actor)) }
}

/** Hands records on some turns of the event loop after they are written: what two switches do at once is recorded with it. */
function slowed({ append, read }: Journal): Journal {
  return {
    append: async (...given) => {
      const records = await append(...given)
      for (let turn = 0; turn < TURNS; turn += 1) await undefined
      return records
    },
    read,
  }
}

const TURNS = 5

/** What happens when records of a process are written. */
export function committedTo({
  life,
  faults,
  watch,
}: Omit<DurablePorts, 'store'>): (events: readonly JournalEvent[]) => void {
  return (events) => {
    const isOwn = events.some(({ execution }) => execution !== undefined)
    watch.appended?.(isOwn ? life : undefined, events)
    if (isOwn) faults.moment(`after ${labelOf(events)}`, life)
  }
}

function labelOf(events: readonly EventBody[]): string {
  const [first] = events
  const last = events.at(-1)
  const event = last?.type === 'ActIntended' ? last : first
  if (event === undefined) return 'nothing'
  if ('barrier' in event) return `${event.type} ${event.barrier}`
  return event.type === 'ActIntended' || event.type === 'ActFinished' ? `${event.type} ${event.act}` : event.type
}
