import type { Device } from './device.ts'

/** What a switch is asked for: a method of {@link Device} that speaks with it. */
export type DeviceVerb = Exclude<keyof Device, 'name' | 'patience' | 'close' | 'heldBy'>

/** Makes one call of a verb, on the device that it chooses. */
export type DeviceCaller = <T>(call: (device: Device) => Promise<T>, verb: DeviceVerb) => Promise<T>

/** A device whose reads go one way and whose writes go another: only reads may be asked a second time. `rest` is what it is besides its verbs. */
export function wrapDevice(
  rest: Pick<Device, 'name' | 'patience' | 'close'>,
  through: { readonly read: DeviceCaller; readonly write: DeviceCaller },
): Device {
  const by =
    (caller: DeviceCaller) =>
    <V extends DeviceVerb>(verb: V): Device[V] => {
      const call = (...given: readonly unknown[]): Promise<unknown> =>
        caller((device) => (device[verb] as (...all: readonly unknown[]) => Promise<unknown>)(...given), verb)
      return call as Device[V]
    }
  const [read, write] = [by(through.read), by(through.write)]
  return {
    ...rest,
    look: read('look'),
    print: read('print'),
    readConfig: read('readConfig'),
    hold: write('hold'),
    stage: write('stage'),
    replay: write('replay'),
    arm: write('arm'),
    confirm: write('confirm'),
    abort: write('abort'),
    save: write('save'),
    restore: write('restore'),
    boot: write('boot'),
    removeCheckpoints: write('removeCheckpoints'),
    exchange: write('exchange'),
    heldBy: (session) =>
      wrapDevice(rest, {
        read: through.read,
        write: (call, verb) => through.write((device) => call(device.heldBy(session)), verb),
      }),
  }
}
