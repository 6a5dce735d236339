import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { nullAsAbsent } from './null-as-absent.ts'

/** `show bgp neighbors vrf all`, revision 2: peers of every address family, under the multi-agent routing model. */
export const SHOW_BGP_NEIGHBORS: Command = { cmd: 'show bgp neighbors vrf all', revision: 2 }

/** `show ip bgp neighbors vrf all`, revision 2: the same answer, and the only one of the two that `ribd` gives. */
export const SHOW_IP_BGP_NEIGHBORS: Command = { cmd: 'show ip bgp neighbors vrf all', revision: 2 }

/** What both sides say of a capability: `advertised`, `received`, `enabled`. */
const capability = once(() => z.record(z.string(), z.boolean()))

const counters = once(() => z.record(z.string(), z.union([z.number(), z.string()])))

const neighbor = once(() =>
  z.object({
    peerAddress: nullAsAbsent(z.string()),
    ifName: nullAsAbsent(z.string()),
    state: nullAsAbsent(z.string()),
    establishedTime: nullAsAbsent(z.number()),
    peerTcpInfo: nullAsAbsent(
      z.object({ inputQueueLength: nullAsAbsent(z.number()), outputQueueLength: nullAsAbsent(z.number()) }),
    ),
    neighborCapabilities: nullAsAbsent(
      z.object({
        multiprotocolCaps: nullAsAbsent(z.record(z.string(), capability())),
        fourOctetAsnCap: nullAsAbsent(capability()),
        routeRefreshCap: nullAsAbsent(capability()),
      }),
    ),
    md5AuthEnabled: nullAsAbsent(z.boolean()),
    advertisedCommunities: nullAsAbsent(z.record(z.string(), z.boolean())),
    holdTime: nullAsAbsent(z.number()),
    keepaliveTime: nullAsAbsent(z.number()),
    dropStats: nullAsAbsent(counters()),
    peerInUpdateErrors: nullAsAbsent(counters()),
    routeMapInbound: nullAsAbsent(z.string()),
    routeMapOutbound: nullAsAbsent(z.string()),
    maxTotalRoutes: nullAsAbsent(z.number()),
    totalRoutesWarnLimit: nullAsAbsent(z.number()),
    peerGroupName: nullAsAbsent(z.string()),
    ttl: nullAsAbsent(z.number()),
    maxTtlHops: nullAsAbsent(z.number()),
  }),
)

/** The peers of each VRF. A peer over an interface (RFC 5549) may have a name of its interface and no address. */
export const bgpNeighborsAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ peerList: z.array(neighbor()).optional() })).optional() }),
)

/** One peer as the switch tells it. */
export type BgpNeighbor = z.output<ReturnType<typeof neighbor>>

/** The peers of each VRF, as the switch tells them. */
export type BgpNeighbors = z.output<ReturnType<typeof bgpNeighborsAnswer>>
