import type { EventBody } from '../src/journal/event.ts'
import type { Artefacts, Journal } from '../src/journal/journal.ts'
import type { Fence } from '../src/model/fence.ts'
import type { Life } from '../src/trial/life.ts'
import { OPERATOR } from './change-under-test.ts'
import type { Faults } from './faults.ts'
import type { ControllerStore } from './memory-store.ts'
import type { Watch } from './watch.ts'

/** What stands between a controller and its store. */
export interface DurablePorts {
  readonly life: Life
  readonly store: ControllerStore
  readonly faults: Faults
  readonly watch: Watch
}

/** What a controller has of its store, each with what may happen to it there. */
export function durableOf(ports: DurablePorts) {
  return { journal: journalOf(ports), texts: textsOf(ports), fence: fencesOf(ports) }
}

/** The journal as a controller has it: it can be killed before a record is written, and before it hears that it was. */
function journalOf({ life, store, faults, watch }: DurablePorts): Journal {
  return {
    append: (execution, events, after) =>
      life.reach(async () => {
        const label = labelOf(events)
        watch.appending?.(life, events)
        faults.moment(`before ${label}`, life)
        if (!life.alive) return []
        faults.disk.write()
        const written = await store.as(OPERATOR).append(execution, events, after)
        watch.appended?.(life, written)
        faults.moment(`after ${label}`, life)
        return written
      }),
    read: (execution) => life.reach(() => store.read(execution)),
  }
}

/** The fences of a controller: it can be frozen between the answer of the store and the bytes that leave under it. */
function fencesOf({ life, store, faults }: DurablePorts): (device: string) => Promise<Fence> {
  let asked = 0
  return (device) =>
    life.reach(async () => {
      const fence = await store.fence(life.execution, device)
      asked += 1
      faults.strikeBehind(`fenced ${asked}`, life)
      return fence
    })
}

/** The artefacts as a controller has them. */
function textsOf({ life, store, faults }: DurablePorts): Artefacts {
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
