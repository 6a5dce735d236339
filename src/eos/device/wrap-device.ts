import type { Device, DeviceTarget } from './device.ts'

export type DeviceVerb = Exclude<keyof Device, 'name' | 'patience' | 'close' | 'heldBy'>

export type DeviceCaller = <T>(call: (device: Device) => Promise<T>, verb: DeviceVerb) => Promise<T>

type Rest = Pick<Device, 'name' | 'patience' | 'close'>

interface Through {
  readonly read: DeviceCaller
  readonly write: DeviceCaller
}

const READS: ReadonlySet<DeviceVerb> = new Set(['look', 'print', 'readConfig'])

/** A device whose reads go one way and whose writes go another: only reads may be asked a second time. */
export function wrapDevice(rest: Rest, { read, write }: Through): Device {
  const through = <Verb extends DeviceVerb>(verb: Verb) => {
    const call = READS.has(verb) ? read : write
    type Asked = (...given: readonly unknown[]) => Promise<unknown>
    return ((...given) => call((device) => (device[verb] as Asked)(...given), verb)) as Asked as Device[Verb]
  }
  return {
    ...rest,
    heldBy: (session) =>
      wrapDevice(rest, { read, write: (call, verb) => write((device) => call(device.heldBy(session)), verb) }),
    look: through('look'),
    print: through('print'),
    readConfig: through('readConfig'),
    hold: through('hold'),
    stage: through('stage'),
    replay: through('replay'),
    arm: through('arm'),
    confirm: through('confirm'),
    abort: through('abort'),
    save: through('save'),
    restore: through('restore'),
    boot: through('boot'),
    removeCheckpoints: through('removeCheckpoints'),
    exchange: through('exchange'),
  }
}

// How long an answer is waited for where the inventory says nothing, in seconds.
const USUAL = 120

/** By how many seconds more than usual an answer of a switch is waited for; nothing where it is not more. */
export function patienceOf({ answerSeconds = USUAL }: DeviceTarget): Pick<Device, 'patience'> {
  return answerSeconds <= USUAL ? {} : { patience: answerSeconds - USUAL }
}
