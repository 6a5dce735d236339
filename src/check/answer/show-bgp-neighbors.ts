import { z } from 'zod'
import type { Command } from '../../model/command.ts'
import { once } from '../once.ts'
import { byName } from './by-name.ts'

/** `show bgp neighbors vrf all`, revision 2: peers of every address family, under the multi-agent routing model. */
export const SHOW_BGP_NEIGHBORS: Command = { cmd: 'show bgp neighbors vrf all', revision: 2 }

/** `show ip bgp neighbors vrf all`, revision 2: the same answer, and the only one of the two that `ribd` gives. */
export const SHOW_IP_BGP_NEIGHBORS: Command = { cmd: 'show ip bgp neighbors vrf all', revision: 2 }

/** What both sides say of a capability: `advertised`, `received`, `enabled`. */
const capability = once(() => z.record(z.string(), z.boolean()))

const counters = once(() => z.record(z.string(), z.union([z.number(), z.string()])))

const neighbor = once(() =>
  z.object({
    peerAddress: z.string().optional(),
    ifName: z.string().optional(),
    state: z.string().optional(),
    establishedTime: z.number().optional(),
    peerTcpInfo: z
      .object({ inputQueueLength: z.number().optional(), outputQueueLength: z.number().optional() })
      .optional(),
    neighborCapabilities: z
      .object({
        multiprotocolCaps: z.record(z.string(), capability()).optional(),
        fourOctetAsnCap: capability().optional(),
        routeRefreshCap: capability().optional(),
      })
      .optional(),
    md5AuthEnabled: z.boolean().optional(),
    advertisedCommunities: z.record(z.string(), z.boolean()).optional(),
    holdTime: z.number().optional(),
    keepaliveTime: z.number().optional(),
    dropStats: counters().optional(),
    peerInUpdateErrors: counters().optional(),
    routeMapInbound: z.string().optional(),
    routeMapOutbound: z.string().optional(),
    maxTotalRoutes: z.number().optional(),
    totalRoutesWarnLimit: z.number().optional(),
    peerGroupName: z.string().optional(),
    ttl: z.number().optional(),
    maxTtlHops: z.number().optional(),
  }),
)

/** The peers of each VRF. A peer over an interface (RFC 5549) may have a name of its interface and no address. */
export const bgpNeighborsAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ peerList: z.array(neighbor()).default([]) })) }),
)

/** One peer as the switch tells it. */
export type BgpNeighbor = z.output<ReturnType<typeof neighbor>>

/** The peers of each VRF, as the switch tells them. */
export type BgpNeighbors = z.output<ReturnType<typeof bgpNeighborsAnswer>>
