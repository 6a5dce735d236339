import type { Device } from '../device/device.ts'
import type { Transport } from '../device/transport.ts'
import { EosflowError } from '../model/error.ts'

/**
 * A transport for reading: a switch whose eAPI cannot be reached, and that has a fallback, is read over that one from then on.
 * What was sent and not answered is not asked elsewhere, and no other failure is passed over: bad credentials, a certificate
 * that is refused. What changes a switch goes the way it always goes.
 */
export function withFallback(transport: Transport): Transport {
  return {
    connect: async (target, credential) => {
      const reserve = target.transport === 'eapi' ? target.fallback : undefined
      if (reserve === undefined) return transport.connect(target, credential)
      return readElsewhere(
        () => transport.connect(target, credential),
        () => transport.connect(reserve, credential),
      )
    },
  }
}

async function readElsewhere(open: () => Promise<Device>, openReserve: () => Promise<Device>): Promise<Device> {
  let device = await open().catch((thrown: unknown) => {
    if (isUnreachable(thrown)) return openReserve()
    throw thrown
  })
  let isReserve = false
  const read = async <T>(ask: (from: Device) => Promise<T>): Promise<T> => {
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
  return {
    name: device.name,
    look: (commands) => read((from) => from.look(commands)),
    print: (commands) => read((from) => from.print(commands)),
    readConfig: () => read((from) => from.readConfig()),
    stage: (request) => device.stage(request),
    replay: (session, checkpoint) => device.replay(session, checkpoint),
    arm: (session, seconds, under) => device.arm(session, seconds, under),
    confirm: (session) => device.confirm(session),
    abort: (session) => device.abort(session),
    save: () => device.save(),
    restore: (checkpoint) => device.restore(checkpoint),
    boot: (lines) => device.boot(lines),
    removeCheckpoints: (checkpoints) => device.removeCheckpoints(checkpoints),
    close: () => device.close(),
  }
}

function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof EosflowError && thrown.kind === 'unreachable'
}
