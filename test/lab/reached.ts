import type { Journal, Transport } from './sources.ts'
import { type DeviceCaller, wrapDevice } from './sources.ts'

/** Has work done as the process does it that it is of: one that was killed does no more. */
export type Reach = <T>(work: () => Promise<T>) => Promise<T>

/** A journal as far as a process reaches it. */
export const reachedJournal = (journal: Journal, reach: Reach): Journal => ({
  append: (...given) => reach(() => journal.append(...given)),
  read: (execution) => reach(() => journal.read(execution)),
})

/** A transport as far as a process reaches it, with each of its devices. */
export const reachedTransport = (transport: Transport, reach: Reach): Transport => ({
  connect: (...given) =>
    reach(async () => {
      const device = await transport.connect(...given)
      const through: DeviceCaller = (call) => reach(() => call(device))
      return wrapDevice({ name: device.name, close: () => device.close() }, { read: through, write: through })
    }),
})
