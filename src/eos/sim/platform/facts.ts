export interface SwitchFacts {
  readonly model: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly serial: string
  /** The system MAC address as EOS prints it in JSON: `00:1c:73:aa:bb:01`. */
  readonly systemMac: string
  /** Physical interfaces that exist whether or not the configuration names them, in EOS order. */
  readonly interfaces: readonly string[]
}

export interface Cable {
  readonly a: CableEnd
  readonly b: CableEnd
  readonly sends?: readonly HostAddress[]
}

export interface HostAddress {
  /** As EOS prints it in JSON: `02:00:00:00:01:0a`. */
  readonly mac: string
  readonly vlan?: number
  readonly address?: string
}

export interface Demand {
  readonly from: string
  readonly to: string
  readonly vrf?: string
  readonly vlan?: number
  /** Bits per second. */
  readonly rate: number
}

/** One end of a cable: the switch by name and the port by its full EOS name. */
export interface CableEnd {
  readonly device: string
  readonly port: string
}
