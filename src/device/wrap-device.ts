import type { Device } from './device.ts'

/** What a switch is asked for: a method of {@link Device} that speaks with it. */
export type DeviceVerb = Exclude<keyof Device, 'name' | 'patience' | 'close' | 'heldBy'>

/** Which verbs only read: those alone may be asked a second time. A verb that is not here does not compile. */
const VERBS: Readonly<Record<DeviceVerb, 'read' | 'write'>> = {
  look: 'read',
  print: 'read',
  readConfig: 'read',
  hold: 'write',
  stage: 'write',
  replay: 'write',
  arm: 'write',
  confirm: 'write',
  abort: 'write',
  save: 'write',
  restore: 'write',
  boot: 'write',
  removeCheckpoints: 'write',
  exchange: 'write',
}

/** Makes one call of a verb, on the device that it chooses. */
export type DeviceCaller = <T>(call: (device: Device) => Promise<T>, verb: DeviceVerb) => Promise<T>

/** A device whose reads go one way and whose writes go another; `rest` is what it is besides its verbs. */
export function wrapDevice(
  rest: Pick<Device, 'name' | 'patience' | 'close'>,
  through: { readonly read: DeviceCaller; readonly write: DeviceCaller },
): Device {
  const verbs = Object.entries(VERBS).map(([verb, kind]) => {
    const call = (...given: readonly unknown[]): Promise<unknown> =>
      through[kind](
        (device) => (device[verb as DeviceVerb] as (...all: readonly unknown[]) => Promise<unknown>)(...given),
        verb as DeviceVerb,
      )
    return [verb, call]
  })
  const heldBy = (session: string): Device => {
    const write: DeviceCaller = (call, verb) => through.write((device) => call(device.heldBy(session)), verb)
    return wrapDevice(rest, { read: through.read, write })
  }
  return { ...rest, ...(Object.fromEntries(verbs) as Pick<Device, DeviceVerb>), heldBy }
}
