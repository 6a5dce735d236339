import type { Device } from '../device/device.ts'
import type { Transport } from '../device/transport.ts'
import { type DeviceCaller, wrapDevice } from '../device/wrap-device.ts'
import { EosflowError } from '../model/error.ts'

/**
 * A transport for reading: a switch whose eAPI cannot be reached, and that has a fallback, is read over that one from then on.
 * What was sent and not answered is not asked elsewhere, and no other failure is passed over: bad credentials, a certificate
 * that is refused. What changes a switch goes the way it always goes.
 */
export function withFallback(transport: Transport): Transport {
  /** The switches that are read over their fallback: a connection may be closed and opened again meanwhile. */
  const elsewhere = new Set<string>()
  return {
    connect: async (target, credential, fence) => {
      const reserve = 'fallback' in target ? target.fallback : undefined
      if (reserve === undefined) return transport.connect(target, credential, fence)
      const openReserve = async (): Promise<Device> => {
        const device = await transport.connect(reserve, credential, fence)
        elsewhere.add(target.name)
        return device
      }
      if (elsewhere.has(target.name)) return openReserve()
      return readElsewhere(() => transport.connect(target, credential, fence), openReserve)
    },
  }
}

async function readElsewhere(open: () => Promise<Device>, openReserve: () => Promise<Device>): Promise<Device> {
  let device = await open().catch((thrown: unknown) => {
    if (isUnreachable(thrown)) return openReserve()
    throw thrown
  })
  let isReserve = false
  const read: DeviceCaller = async (ask) => {
    try {
      return await ask(device)
    } catch (thrown) {
      if (isReserve || !isUnreachable(thrown)) throw thrown
      const reserve = await openReserve()
      await device.close()
      device = reserve
      isReserve = true
      return ask(device)
    }
  }
  const close = (): Promise<void> => device.close()
  return wrapDevice({ name: device.name, close }, { read, write: (send) => send(device) })
}

function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof EosflowError && thrown.kind === 'unreachable'
}
