import type { TransportKind } from '../../model/transport-kind.ts'
import type { Transport } from '../device/device.ts'

/** One transport for all switches: each is reached over the one that its target names. A kind without its transport does not compile. */
export function anyTransport(transports: Readonly<Record<TransportKind, Transport>>): Transport {
  return { connect: (target, credential, fence) => transports[target.transport].connect(target, credential, fence) }
}
