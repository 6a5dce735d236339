import type { EventBody } from '../../journal/event.ts'
import type { Artefacts, Journal } from '../../journal/journal.ts'
import type { Faults } from './faults.ts'
import type { Life } from './life.ts'
import type { ControllerStore } from './memory-store.ts'
import type { Watch } from './watch.ts'

/** What stands between a controller and its store. */
export interface DurablePorts {
  readonly life: Life
  readonly store: ControllerStore
  readonly faults: Faults
  readonly watch: Watch
}

/** The journal as a controller has it: it can be killed before a record is written, and before it hears that it was. */
export function journalOf({ life, store, faults, watch }: DurablePorts): Journal {
  return {
    append: (execution, events, after) =>
      life.reach(async () => {
        const label = labelOf(events)
        watch.appending?.(life, events)
        faults.moment(`before ${label}`, life)
        if (!life.alive) return []
        faults.disk.write()
        const written = await store.append(execution, events, after)
        watch.appended?.(life, written)
        faults.moment(`after ${label}`, life)
        return written
      }),
    read: (execution) => life.reach(() => store.read(execution)),
  }
}

/** The artefacts as a controller has them. */
export function textsOf({ life, store, faults }: DurablePorts): Artefacts {
  return {
    put: (text) =>
      life.reach(() => {
        faults.disk.write()
        return store.put(text)
      }),
    get: (ref) => life.reach(() => store.get(ref)),
  }
}

function labelOf(events: readonly EventBody[]): string {
  const [first] = events
  const last = events.at(-1)
  const event = last?.type === 'ActIntended' ? last : first
  if (event === undefined) return 'nothing'
  return event.type === 'ActIntended' || event.type === 'ActFinished' ? `${event.type} ${event.act}` : event.type
}
