import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { nullAsAbsent } from './null-as-absent.ts'
import { MissingMember } from './told.ts'

/** `show bgp summary vrf all`, revision 1: peers and their address families, under the multi-agent routing model. */
export const SHOW_BGP_SUMMARY: Command = { cmd: 'show bgp summary vrf all', revision: 1 }

const family = once(() =>
  z.object({
    afiSafiState: nullAsAbsent(z.string()),
    nlrisReceived: nullAsAbsent(z.number()),
    nlrisAccepted: nullAsAbsent(z.number()),
  }),
)

/** A peer has its address families beside its other attributes, each under the name of its capability: `ipv4Unicast`. */
const peer = once(() =>
  z.looseObject({ peerState: z.string().optional() }).transform(({ peerState, ...attributes }) => ({
    state: peerState,
    attributes: new Map(Object.entries(attributes).filter(([, attribute]) => attribute !== null)),
  })),
)

/** The peers of each VRF by address, with the address families that each activates by capability. */
export const bgpSummaryAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ peers: byName(peer()).optional() })).optional() }),
)

/** One peer of the summary. */
export type BgpSummaryPeer = z.output<ReturnType<typeof peer>>

/** What the switch shows of an address family of a peer; undefined where it has none. Throws {@link MissingMember} for what is none. */
export function familyOf({ attributes }: BgpSummaryPeer, capability: string) {
  if (!attributes.has(capability)) return undefined
  const read = family().safeParse(attributes.get(capability))
  if (!read.success) throw new MissingMember(attributes, capability)
  return read.data
}
