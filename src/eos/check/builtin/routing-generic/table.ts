import { z } from 'zod'
import { byName, mismatch, type OutputOf, partly, printedFlag, show } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { count, flag, vrf } from '../../input/words.ts'

/** The routing protocol model is configured and in operation. */
export const VerifyRoutingProtocolModel = defineVerify({
  summary: 'Verifies the routing protocol model that is configured and operates.',
  docs:
    'Passes when the given model is configured and operates. Fails when another is configured, and when another still ' +
    'operates because the switch was not reloaded.',
  example: { model: 'multi-agent' },
  input: () => ({
    model: z.enum(['multi-agent', 'ribd']).default('multi-agent').describe('The model.'),
  }),
  asks: show(
    'show ip route summary',
    () => ({
      protoModelStatus: z.object({ configuredProtoModel: z.string(), operatingProtoModel: z.string() }),
    }),
    3,
  ),
  judge: ({ protoModelStatus }, { model }) => {
    const { configuredProtoModel: configured, operatingProtoModel: operating } = protoModelStatus
    return configured === model && operating === model
      ? []
      : [`Routing model is misconfigured - Expected: ${model} Actual: ${operating}`]
  },
})

/** Kinds of routing are enabled or disabled. */
export const VerifyRoutingStatus = defineVerify({
  summary: 'Verifies which kinds of routing are enabled: IPv4 and IPv6 unicast and multicast, and IPv6 interfaces.',
  docs:
    'Passes when each kind is enabled as its input says, or disabled, which is what an input that is not given says. Fails ' +
    'for each that differs. A kind that the switch does not mention is disabled. IPv6 interfaces route IPv4 (RFC 5549).',
  example: { ipv4_unicast: true, ipv6_unicast: true },
  input: () => {
    const enabled = (what: string) => flag(`Whether ${what} is enabled.`)
    return z.strictObject({
      ipv4_unicast: enabled('IPv4 unicast routing'),
      ipv6_unicast: enabled('IPv6 unicast routing'),
      ipv4_multicast: enabled('IPv4 multicast routing'),
      ipv6_multicast: enabled('IPv6 multicast routing'),
      ipv6_interfaces: enabled('forwarding of IPv4 on IPv6 interfaces'),
    })
  },
  asks: show('show ip', () => ({
    v4RoutingEnabled: z.boolean(),
    v6RoutingEnabled: z.boolean(),
    v6IntfForwarding: z.boolean().default(false),
    multicastRouting: z
      .object({
        ipMulticastEnabled: z.boolean().default(false),
        ip6MulticastEnabled: z.boolean().default(false),
      })
      .prefault({}),
  })),
  judge: ({ v4RoutingEnabled, v6RoutingEnabled, v6IntfForwarding, multicastRouting }, input) => {
    const kinds = [
      ['IPv4 unicast', input.ipv4_unicast, v4RoutingEnabled],
      ['IPv6 unicast', input.ipv6_unicast, v6RoutingEnabled],
      ['IPv4 multicast', input.ipv4_multicast, multicastRouting.ipMulticastEnabled],
      ['IPv6 multicast', input.ipv6_multicast, multicastRouting.ip6MulticastEnabled],
      ['IPv6 interfaces', input.ipv6_interfaces, v6IntfForwarding],
    ] as const
    return kinds.flatMap(([kind, expected, actual]) =>
      mismatch(`${kind} routing enabled status mismatch`, printedFlag(expected), printedFlag(actual)),
    )
  },
})

// Where routes come from, by the word of a catalog, as messages call it (ANTA documentation).
const ROUTE_SOURCES = {
  total_routes: 'Total Routes',
  bgp: 'BGP',
  ospf: 'OSPF',
  ospfv3: 'OSPFv3',
  isis: 'ISIS',
  static: 'Static',
  connected: 'Connected',
} as const

type RouteSource = keyof typeof ROUTE_SOURCES

const counts = () =>
  partly({
    totalRoutes: z.number(),
    connected: z.number(),
    static: z.number(),
    bgpCounts: partly({ bgpTotal: z.number() }),
    ospfCounts: partly({ ospfTotal: z.number() }),
    ospfv3Counts: z.object({ ospfv3Total: z.number().optional() }),
    isisCounts: partly({ isisTotal: z.number() }),
  })

// What `show ip route vrf all summary` tells, by VRF.
const routeSummaryAnswer = () => z.object({ vrfs: byName(counts()) })

function routesOf(source: RouteSource, told: OutputOf<typeof counts>) {
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

const routeSource = () =>
  z.strictObject({
    source: z
      .enum(Object.keys(ROUTE_SOURCES) as [RouteSource, ...RouteSource[]])
      .default('total_routes')
      .describe('Where the routes come from.'),
    minimum: count().optional().describe('The fewest routes; the `minimum` of the check unless it is given.'),
    maximum: count().optional().describe('The most routes; the `maximum` of the check unless it is given.'),
  })

const tableSizes = () =>
  z.strictObject({
    minimum: count().describe('The fewest routes.'),
    maximum: count().describe('The most routes.'),
    vrfs: z
      .array(
        z.strictObject({
          vrf: vrf().describe('Name of the VRF.'),
          route_sources: z
            .array(routeSource())
            .min(1)
            .optional()
            .describe('Sources of routes; all together unless given.'),
        }),
      )
      .min(1)
      .nullish()
      .describe('VRFs; `default` with all its routes unless given.'),
  })

/** Routing tables have a size within bounds. */
export const VerifyRoutingTableSize = defineVerify({
  summary: 'Verifies how many IPv4 routes there are, in all or by VRF and source.',
  docs:
    'Passes when the number of routes of each source lies between minimum and maximum, both included. Fails for each that ' +
    'does not, for each source that the switch tells no number of, and for each VRF that is not configured.',
  example: {
    minimum: 1,
    maximum: 100,
    vrfs: [
      { vrf: 'default' },
      { vrf: 'MGMT', route_sources: [{ source: 'static', maximum: 10 }] },
      { vrf: 'PROD', route_sources: [{ source: 'bgp', minimum: 200, maximum: 1000 }] },
    ],
  },
  input: () =>
    tableSizes().refine((input) => boundsIn(input).every(({ minimum, maximum }) => minimum <= maximum), {
      error: 'expected a minimum that is not above its maximum',
    }),
  asks: show('show ip route vrf all summary', routeSummaryAnswer, 3),
  judge: ({ vrfs }, input) => {
    return boundsIn(input).flatMap((bounds) => {
      const told = vrfs.get(bounds.vrf)
      // A source without a number has no routes: a protocol that is not configured.
      const actual = told === undefined ? undefined : (routesOf(bounds.source, told) ?? 0)
      return sizeFaults(bounds, actual)
    })
  },
})

interface Bounds {
  readonly vrf: string
  readonly source: RouteSource
  readonly minimum: number
  readonly maximum: number
}

function boundsIn({ minimum, maximum, vrfs }: OutputOf<typeof tableSizes>): readonly Bounds[] {
  const all = { source: 'total_routes', minimum, maximum } as const
  return (vrfs ?? [{ vrf: 'default' }]).flatMap(({ vrf: name, route_sources = [all] }) =>
    route_sources.map((one) => ({
      vrf: name,
      source: one.source,
      minimum: one.minimum ?? minimum,
      maximum: one.maximum ?? maximum,
    })),
  )
}

function sizeFaults({ vrf: name, source, minimum, maximum }: Bounds, actual: number | undefined) {
  const subject = `VRF: ${name} Route Source: ${ROUTE_SOURCES[source]}`
  if (actual === undefined) return [`${subject} - VRF not configured`]
  if (actual < minimum) return [`${subject} - Routes below minimum - Expected: >= ${minimum} Actual: ${actual}`]
  if (actual > maximum) return [`${subject} - Routes above maximum - Expected: <= ${maximum} Actual: ${actual}`]
  return []
}
