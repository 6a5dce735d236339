import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** The revision of the JSON model of every `show ip route` that lists routes (docs/eos.md 6.1). */
export const IP_ROUTE_REVISION = 4

/** `show ip route vrf all`, revision 4: the IPv4 routing tables of all VRFs. */
export const SHOW_IP_ROUTE_VRF_ALL: Command = { cmd: 'show ip route vrf all', revision: IP_ROUTE_REVISION }

/** One route. A path leads to a next hop, to a VXLAN tunnel end point, or out of an interface. */
const route = once(() =>
  z.looseObject({
    routeType: z.string().optional(),
    vias: z
      .array(
        z.object({
          nexthopAddr: z.string().optional(),
          vtepAddr: z.string().optional(),
          interface: z.string().optional(),
        }),
      )
      .optional(),
  }),
)

/** What `show ip route` tells, by VRF and prefix. */
export const ipRouteAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ routes: byName(route()).optional() })).optional() }),
)

/** {@link ipRouteAnswer} as it is read. */
export type IpRouteAnswer = z.output<ReturnType<typeof ipRouteAnswer>>

/** One route as it is read. */
export type IpRoute = z.output<ReturnType<typeof route>>
