import { z } from 'zod'
import type { Command } from '../../model/command.ts'
import { once } from '../once.ts'
import { byName } from './by-name.ts'
import { told } from './told.ts'

/** `show bgp neighbors vrf all`, revision 2: peers of every address family, under the multi-agent routing model. */
export const SHOW_BGP_NEIGHBORS: Command = { cmd: 'show bgp neighbors vrf all', revision: 2 }

/** `show ip bgp neighbors vrf all`, revision 2: the same answer, and the only one of the two that `ribd` gives. */
export const SHOW_IP_BGP_NEIGHBORS: Command = { cmd: 'show ip bgp neighbors vrf all', revision: 2 }

/** What both sides say of a capability: `advertised`, `received`, `enabled`. */
const capability = once(() => z.record(z.string(), z.boolean()))

const counters = once(() => z.record(z.string(), z.union([z.number(), z.string()])))

const neighbor = once(() =>
  z.object({
    peerAddress: told(z.string()),
    ifName: told(z.string()),
    state: told(z.string()),
    establishedTime: told(z.number()),
    peerTcpInfo: told(z.object({ inputQueueLength: told(z.number()), outputQueueLength: told(z.number()) })),
    neighborCapabilities: told(
      z.object({
        multiprotocolCaps: told(z.record(z.string(), capability())),
        fourOctetAsnCap: told(capability()),
        routeRefreshCap: told(capability()),
      }),
    ),
    md5AuthEnabled: told(z.boolean()),
    advertisedCommunities: told(z.record(z.string(), z.boolean())),
    holdTime: told(z.number()),
    keepaliveTime: told(z.number()),
    dropStats: told(counters()),
    peerInUpdateErrors: told(counters()),
    routeMapInbound: told(z.string()),
    routeMapOutbound: told(z.string()),
    maxTotalRoutes: told(z.number()),
    totalRoutesWarnLimit: told(z.number()),
    peerGroupName: told(z.string()),
    ttl: told(z.number()),
    maxTtlHops: told(z.number()),
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
