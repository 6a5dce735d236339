import { z } from 'zod'
import type { Reply } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import type { DeepReadonly } from '../../../model/json.ts'

const text = z.string()
const number = z.int().min(0)

const port = z.strictObject({
  name: text,
  description: text.exactOptional(),
  // The state of its line protocol, as EOS calls it, and for how many seconds it has been so.
  link: text.exactOptional(),
  forSeconds: number.exactOptional(),
  heard: z.array(z.strictObject({ device: text, port: text })).exactOptional(),
  memberOf: text.exactOptional(),
  members: z.array(text).exactOptional(),
  mlag: z.strictObject({ id: text, partner: text.exactOptional(), port: text.exactOptional() }).exactOptional(),
  // How many MAC addresses were learned on it or on its port-channel, and some of their IPv4 addresses.
  hosts: number.exactOptional(),
  addresses: z.array(text).exactOptional(),
  // Bits per second, an average of so many seconds.
  traffic: z.strictObject({ in: number, out: number, over: number.exactOptional() }).exactOptional(),
})

const vlan = z.strictObject({
  vlan: number,
  name: text.exactOptional(),
  ports: z.array(text).exactOptional(),
  portCount: number.exactOptional(),
  hosts: number.exactOptional(),
  arp: number.exactOptional(),
})

const vrf = z.strictObject({
  vrf: text,
  interfaces: z.array(text),
  interfaceCount: number,
  arp: number.exactOptional(),
})

const neighbor = z.strictObject({
  neighbor: text,
  vrf: text,
  description: text.exactOptional(),
  state: text.exactOptional(),
  asn: text.exactOptional(),
})

/** What is behind what a change touches on one switch. */
export const behindSwitch = z.strictObject({
  ports: z.array(port).exactOptional(),
  vlans: z.array(vlan).exactOptional(),
  vrfs: z.array(vrf).exactOptional(),
  neighbors: z.array(neighbor).exactOptional(),
  more: number.exactOptional(),
  unread: z.array(z.strictObject({ what: text, because: text })).exactOptional(),
})

export type BehindSwitch = DeepReadonly<z.output<typeof behindSwitch>>

export type BehindPort = NonNullable<BehindSwitch['ports']>[number]

export type BehindVlan = NonNullable<BehindSwitch['vlans']>[number]

export type BehindVrf = NonNullable<BehindSwitch['vrfs']>[number]

export type BehindNeighbor = NonNullable<BehindSwitch['neighbors']>[number]

export interface BehindQuestion {
  readonly commands: readonly Command[]
  /** `epoch`: seconds since 1970, by the switch's clock. */
  told(replies: readonly Reply[], epoch: number): BehindSwitch
  untold(because: string): BehindSwitch
}
