/** What a simulated switch is made of, apart from its configuration: printed by `show version`, LLDP and MLAG. */
export interface SwitchFacts {
  /** For example `DCS-7280SR3-48YC8` or `cEOSLab`. */
  readonly model: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly serial: string
  /** The system MAC address as EOS prints it in JSON: `00:1c:73:aa:bb:01`. */
  readonly systemMac: string
  /** Physical interfaces that exist whether or not the configuration names them, in EOS order. */
  readonly interfaces: readonly string[]
}

/** One cable between two ports. */
export interface Cable {
  readonly a: CableEnd
  readonly b: CableEnd
  /** What the host at the one end sends to the switch at the other. */
  readonly sends?: readonly HostAddress[]
}

/** One address that a host sends from. */
export interface HostAddress {
  /** As EOS prints it in JSON: `02:00:00:00:01:0a`. */
  readonly mac: string
  /** The tag of its frames; without one they are of the VLAN of the port. */
  readonly vlan?: number
  /** Its IPv4 address. */
  readonly address?: string
}

/** Traffic that flows all the time. */
export interface Demand {
  /** A switch, or a host at the end of a cable. */
  readonly from: string
  /** The IPv4 address that it goes to. */
  readonly to: string
  /** Of a switch: the VRF in which it sends. Default: `default`. */
  readonly vrf?: string
  /** Of a host: the tag of its frames; without one they are of the VLAN of the port. */
  readonly vlan?: number
  /** Bits per second. */
  readonly rate: number
}

/** One end of a cable: the switch by name and the port by its full EOS name. */
export interface CableEnd {
  readonly device: string
  readonly port: string
}
