import type { Device, Seams, Transport } from './sources.ts'

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
