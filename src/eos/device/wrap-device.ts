import type { Device } from './device.ts'

export type DeviceVerb = Exclude<keyof Device, 'name' | 'patience' | 'close' | 'heldBy'>

export type DeviceCaller = <T>(call: (device: Device) => Promise<T>, verb: DeviceVerb) => Promise<T>

type Rest = Pick<Device, 'name' | 'patience' | 'close'>

interface Through {
  readonly read: DeviceCaller
  readonly write: DeviceCaller
}

/** A device whose reads go one way and whose writes go another: only reads may be asked a second time. */
export function wrapDevice(rest: Rest, through: Through): Device {
  return new WrappedDevice(rest, through)
}

type Given<Verb extends DeviceVerb> = Parameters<Device[Verb]>

class WrappedDevice implements Device {
  readonly name: string
  readonly patience?: number
  readonly #rest: Rest
  readonly #through: Through

  constructor(rest: Rest, through: Through) {
    this.name = rest.name
    if (rest.patience !== undefined) this.patience = rest.patience
    this.#rest = rest
    this.#through = through
  }

  close() {
    return this.#rest.close()
  }

  heldBy(session: string) {
    const { read, write } = this.#through
    return wrapDevice(this.#rest, {
      read,
      write: (call, verb) => write((device) => call(device.heldBy(session)), verb),
    })
  }

  look(...given: Given<'look'>) {
    return this.#through.read((device) => device.look(...given), 'look')
  }

  print(...given: Given<'print'>) {
    return this.#through.read((device) => device.print(...given), 'print')
  }

  readConfig() {
    return this.#through.read((device) => device.readConfig(), 'readConfig')
  }

  hold(...given: Given<'hold'>) {
    return this.#through.write((device) => device.hold(...given), 'hold')
  }

  stage(...given: Given<'stage'>) {
    return this.#through.write((device) => device.stage(...given), 'stage')
  }

  replay(...given: Given<'replay'>) {
    return this.#through.write((device) => device.replay(...given), 'replay')
  }

  arm(...given: Given<'arm'>) {
    return this.#through.write((device) => device.arm(...given), 'arm')
  }

  confirm(...given: Given<'confirm'>) {
    return this.#through.write((device) => device.confirm(...given), 'confirm')
  }

  abort(...given: Given<'abort'>) {
    return this.#through.write((device) => device.abort(...given), 'abort')
  }

  save() {
    return this.#through.write((device) => device.save(), 'save')
  }

  restore(...given: Given<'restore'>) {
    return this.#through.write((device) => device.restore(...given), 'restore')
  }

  boot(...given: Given<'boot'>) {
    return this.#through.write((device) => device.boot(...given), 'boot')
  }

  removeCheckpoints(...given: Given<'removeCheckpoints'>) {
    return this.#through.write((device) => device.removeCheckpoints(...given), 'removeCheckpoints')
  }

  exchange(...given: Given<'exchange'>) {
    return this.#through.write((device) => device.exchange(...given), 'exchange')
  }
}
