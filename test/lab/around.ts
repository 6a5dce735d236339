import type { Device, EventBody, Journal, JournalEvent, Seams, Transport } from './sources.ts'

/** What is done around each append of a journal. */
interface AroundAppends {
  /** Is given what is about to be written; where it throws, nothing is. */
  readonly before?: (events: readonly EventBody[], execution: string | undefined) => unknown
  /** Is given what was written; where it throws, whoever appends does not hear of it. */
  readonly behind?: (written: readonly JournalEvent[], execution: string | undefined) => unknown
}

/** A journal around whose appends something is done, which is waited for. */
export const aroundAppends =
  ({ before, behind }: AroundAppends) =>
  (journal: Journal): Journal => ({
    read: (execution) => journal.read(execution),
    append: async (execution, events, ...more) => {
      await before?.(events, execution)
      const written = await journal.append(execution, events, ...more)
      await behind?.(written, execution)
      return written
    },
  })

/** The seams of a lab in which something is done around each append. */
export const withAppends =
  (around: AroundAppends) =>
  (seams: Seams): Seams => ({ ...seams, journal: (journal) => aroundAppends(around)(seams.journal(journal)) })

type Target = Parameters<Transport['connect']>[0]

/** What is otherwise where a switch is connected to. */
interface AroundConnects {
  /** Which switch is reached; default: the one that is meant. */
  readonly at?: (target: Target) => Target
  /** What is worked with; default: the device that was connected to. */
  readonly device?: (device: Device, target: Target) => Device
}

/** The seams of a lab in which something is otherwise where a switch is connected to. */
export const withConnects =
  ({ at = (target) => target, device = (connected) => connected }: AroundConnects) =>
  (seams: Seams): Seams => ({
    ...seams,
    transport: (given) => {
      const transport = seams.transport(given)
      return { connect: async (target, ...more) => device(await transport.connect(at(target), ...more), target) }
    },
  })
