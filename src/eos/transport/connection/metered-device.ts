import { AsyncLocalStorage } from 'node:async_hooks'
import { type Device, type DeviceCaller, wrapDevice } from '../../device/device.ts'
import type { MeteredOp, RequestMeter, SocketMeter } from '../../device/meter.ts'

// What is being spoken: verbs of one device may wait for one connection, so that only the flow of the call tells which one has its turn.
const spoken = new AsyncLocalStorage<MeteredOp>()

export function meteredDevice(device: Device): Device {
  const through: DeviceCaller = (call, verb) => spoken.run(verb, () => call(device))
  return wrapDevice({ name: device.name, close: () => device.close() }, { read: through, write: through })
}

export function entering<T>(enter: () => Promise<T>): Promise<T> {
  // A request that nobody speaks is one of entering already. To follow the flow of calls costs every promise of the process, so it
  // begins with a device that is measured.
  return spoken.getStore() === undefined ? enter() : spoken.run('enter', enter)
}

/** A request of what is being spoken now; undefined where nothing is measured. */
export function meteredRequest(line: SocketMeter | undefined): RequestMeter | undefined {
  return line?.request(spoken.getStore() ?? 'enter')
}
