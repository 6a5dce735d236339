import { definedMembers } from '../../../model/defined-members.ts'
import type { LoopbackHost } from '../listener/switch-listener.ts'
import { readFramed } from '../switch/config-frame.ts'
import { hostnameOf } from '../switch/running-config.ts'
import type { Fabric } from './fabric.ts'
import { madeMac, madeSerial } from './made-identity.ts'

export interface OneSwitchOptions {
  /** The EOS version; without it the one the configuration's header names, else 4.32.2F. */
  readonly eos?: string
  readonly name?: string
  readonly username?: string
  readonly password?: string
  readonly privilege?: 1 | 15
  readonly enableSecret?: string
  readonly verbatim?: boolean
  readonly unknownLines?: 'accept' | 'refuse'
  /** Default 127.0.0.1. */
  readonly host?: LoopbackHost
}

const DEFAULT_EOS = '4.32.2F'
const DEVICE_LINE = /^! device: \S+ \((.+), EOS-(\d[^ )]*)/

export function oneSwitchFabric(config: string, options: OneSwitchOptions = {}): Fabric {
  const { frame, tree } = readFramed(config)
  const header = frame.header.map((row) => DEVICE_LINE.exec(row)).find((match) => match !== null)
  const name = options.name ?? hostnameOf(tree)
  const { privilege, enableSecret, verbatim, unknownLines, host } = options
  const device = {
    name,
    eos: options.eos ?? header?.[2] ?? DEFAULT_EOS,
    model: header?.[1] ?? 'cEOSLab',
    serial: madeSerial(name),
    mac: madeMac(name),
    config,
    managementOutside: true,
    ...definedMembers({ privilege, enableSecret, verbatim, unknownLines, host }),
  }
  return {
    name,
    credentials: { username: options.username ?? 'admin', password: options.password ?? 'admin' },
    devices: [device],
    cabling: [],
    faults: [],
  }
}
