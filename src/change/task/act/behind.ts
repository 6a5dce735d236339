import type { Reply } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'

export interface HeardDevice {
  readonly device: string
  readonly port: string
}

export interface BehindPort {
  readonly name: string
  readonly description?: string
  /** The state of its line protocol, as EOS calls it, and for how many seconds it has been so. */
  readonly link?: string
  readonly forSeconds?: number
  readonly heard?: readonly HeardDevice[]
  readonly memberOf?: string
  readonly members?: readonly string[]
  readonly mlag?: { readonly id: string; readonly partner?: string; readonly port?: string }
  /** How many MAC addresses were learned on it or on its port-channel, and some of their IPv4 addresses. */
  readonly hosts?: number
  readonly addresses?: readonly string[]
  /** Bits per second, an average of so many seconds. */
  readonly traffic?: { readonly in: number; readonly out: number; readonly over?: number }
}

export interface BehindVlan {
  readonly vlan: number
  readonly name?: string
  readonly ports?: readonly string[]
  readonly portCount?: number
  readonly hosts?: number
  readonly arp?: number
}

export interface BehindVrf {
  readonly vrf: string
  readonly interfaces: readonly string[]
  readonly interfaceCount: number
  readonly arp?: number
}

export interface BehindNeighbor {
  readonly neighbor: string
  readonly vrf: string
  readonly description?: string
  readonly state?: string
  readonly asn?: string
}

export interface BehindSwitch {
  readonly ports?: readonly BehindPort[]
  readonly vlans?: readonly BehindVlan[]
  readonly vrfs?: readonly BehindVrf[]
  readonly neighbors?: readonly BehindNeighbor[]
  readonly more?: number
  readonly unread?: readonly { readonly what: string; readonly because: string }[]
}

export interface BehindQuestion {
  readonly commands: readonly Command[]
  /** `epoch`: seconds since 1970, by the switch's clock. */
  told(replies: readonly Reply[], epoch: number): BehindSwitch
  untold(because: string): BehindSwitch
}
