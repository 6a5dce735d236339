import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { byName } from '../../answer/by-name.ts'

/** Where routes come from, by the word of a catalog, as messages call it (ANTA documentation). */
export const ROUTE_SOURCES = {
  total_routes: 'Total Routes',
  bgp: 'BGP',
  ospf: 'OSPF',
  ospfv3: 'OSPFv3',
  isis: 'ISIS',
  static: 'Static',
  connected: 'Connected',
} as const

/** The word of a catalog for a source of routes. */
export type RouteSource = keyof typeof ROUTE_SOURCES

/** How many routes of which source a VRF has. Protocols that tell routes apart have a total of their own. */
const counts = once(() =>
  z.object({
    totalRoutes: z.number().optional(),
    connected: z.number().optional(),
    static: z.number().optional(),
    bgpCounts: z.object({ bgpTotal: z.number().optional() }).optional(),
    ospfCounts: z.object({ ospfTotal: z.number().optional() }).optional(),
    ospfv3Counts: z.object({ ospfv3Total: z.number().optional() }).optional(),
    isisCounts: z.object({ isisTotal: z.number().optional() }).optional(),
  }),
)

/** What `show ip route vrf all summary` tells, by VRF. */
export const routeSummaryAnswer = once(() => z.object({ vrfs: byName(counts()) }))

/** How many routes of that source there are; undefined where the switch does not tell. */
export function routesOf(source: RouteSource, told: z.output<ReturnType<typeof counts>>): number | undefined {
  switch (source) {
    case 'total_routes':
      return told.totalRoutes
    case 'bgp':
      return told.bgpCounts?.bgpTotal
    case 'ospf':
      return told.ospfCounts?.ospfTotal
    case 'ospfv3':
      return told.ospfv3Counts?.ospfv3Total
    case 'isis':
      return told.isisCounts?.isisTotal
    case 'static':
      return told.static
    case 'connected':
      return told.connected
  }
}
