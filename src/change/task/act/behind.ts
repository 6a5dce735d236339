import type { Reply } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'

/** Whom LLDP hears on a port. */
export interface HeardDevice {
  readonly device: string
  readonly port: string
}

/** What is behind a port that a change touches, as far as the switch says. A member that it does not say is absent. */
export interface BehindPort {
  readonly name: string
  readonly description?: string
  /** The state of its line protocol, as EOS calls it, and for how many seconds it has been so. */
  readonly link?: string
  readonly forSeconds?: number
  readonly heard?: readonly HeardDevice[]
  /** The port-channel that it is a member of, or the members that it has itself. */
  readonly memberOf?: string
  readonly members?: readonly string[]
  /** The MLAG that it, or its port-channel, is in, and with which port of which switch. */
  readonly mlag?: { readonly id: string; readonly partner?: string; readonly port?: string }
  /** How many MAC addresses were learned on it or on its port-channel, and some of their IPv4 addresses. */
  readonly hosts?: number
  readonly addresses?: readonly string[]
  /** Bits per second, an average of so many seconds. */
  readonly traffic?: { readonly in: number; readonly out: number; readonly over?: number }
}

/** What is in a VLAN that a change touches. */
export interface BehindVlan {
  readonly vlan: number
  readonly name?: string
  /** The first ports that carry it, and how many there are. */
  readonly ports?: readonly string[]
  readonly portCount?: number
  /** How many MAC addresses and how many ARP entries are known in it. */
  readonly hosts?: number
  readonly arp?: number
}

/** What is in a VRF that a change touches. */
export interface BehindVrf {
  readonly vrf: string
  /** The first interfaces that are in it, and how many there are, by the running-config. */
  readonly interfaces: readonly string[]
  readonly interfaceCount: number
  readonly arp?: number
}

/** A BGP neighbour that a change touches. */
export interface BehindNeighbor {
  readonly neighbor: string
  readonly vrf: string
  readonly description?: string
  /** The state of its session, and its AS number. */
  readonly state?: string
  readonly asn?: string
}

/** What is behind what a change touches on one switch, as it was read when the plan was made: it moves, and decides nothing. */
export interface BehindSwitch {
  readonly ports?: readonly BehindPort[]
  readonly vlans?: readonly BehindVlan[]
  readonly vrfs?: readonly BehindVrf[]
  readonly neighbors?: readonly BehindNeighbor[]
  /** How many more ports, VLANs, VRFs and neighbours the change touches. Absent: none. */
  readonly more?: number
  /** What could not be read: a command, or all of it, and why. Absent: nothing. */
  readonly unread?: readonly { readonly what: string; readonly because: string }[]
}

/** What is asked of a switch about what a change touches on it, in one request. */
export interface BehindQuestion {
  readonly commands: readonly Command[]
  /** What the answers say. `epoch`: seconds since 1970, by the switch's clock. */
  told(replies: readonly Reply[], epoch: number): BehindSwitch
  /** What is known where it was not asked, or has not answered. */
  untold(because: string): BehindSwitch
}
