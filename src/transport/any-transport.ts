import type { DeviceTarget, Transport } from '../device/transport.ts'

/** One transport for all switches: each is reached over the one that its target names. */
export function anyTransport(transports: Readonly<Record<DeviceTarget['transport'], Transport>>): Transport {
  return { connect: (target, credential, fence) => transports[target.transport].connect(target, credential, fence) }
}
