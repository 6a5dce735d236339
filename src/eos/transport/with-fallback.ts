import { EosflowError } from '../../model/error.ts'
import { type Device, type DeviceCaller, type Transport, wrapDevice } from '../device/device.ts'

/** A transport for reading: a switch whose eAPI cannot be reached, and that has a fallback, is read over that one from then on. What changes a switch goes the way it always goes. */
export function withFallback(transport: Transport): Transport {
  const elsewhere = new Set<string>()
  return {
    connect: async (target, credential, fence) => {
      const reserve = 'fallback' in target ? target.fallback : undefined
      if (reserve === undefined) return transport.connect(target, credential, fence)
      const usually = () => transport.connect(target, credential, fence)
      return readElsewhere(target.name, usually, () => transport.connect(reserve, credential, fence), elsewhere)
    },
  }
}

async function readElsewhere(
  name: string,
  open: () => Promise<Device>,
  openReserve: () => Promise<Device>,
  elsewhere: Set<string>,
) {
  let isReserve = elsewhere.has(name)
  let device = await (isReserve ? openReserve() : open()).catch((thrown: unknown) => {
    if (isReserve || !isUnreachable(thrown)) throw thrown
    isReserve = true
    return openReserve()
  })
  const readOver: DeviceCaller = async (ask) => {
    try {
      const answer = await ask(device)
      elsewhere.add(name)
      return answer
    } catch (thrown) {
      if (isUnreachable(thrown)) elsewhere.delete(name)
      throw thrown
    }
  }
  const read: DeviceCaller = async (ask, verb) => {
    if (isReserve) return readOver(ask, verb)
    try {
      return await ask(device)
    } catch (thrown) {
      if (!isUnreachable(thrown)) throw thrown
      const reserve = await openReserve()
      await device.close()
      device = reserve
      isReserve = true
      return readOver(ask, verb)
    }
  }
  const close = () => device.close()
  return wrapDevice({ name: device.name, close }, { read, write: (send) => send(device) })
}

function isUnreachable(thrown: unknown) {
  return thrown instanceof EosflowError && thrown.kind === 'unreachable'
}
