import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { count } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'
import { ROUTE_SOURCES, type RouteSource, routeSummaryAnswer, routesOf } from './route-source.ts'

const routeSource = once(() =>
  z.strictObject({
    source: z
      .enum(Object.keys(ROUTE_SOURCES) as [RouteSource, ...RouteSource[]])
      .default('total_routes')
      .describe('Where the routes come from.'),
    minimum: count().optional().describe('The fewest routes; the `minimum` of the check unless it is given.'),
    maximum: count().optional().describe('The most routes; the `maximum` of the check unless it is given.'),
  }),
)

const tableSizes = once(() =>
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
  }),
)

/** Routing tables have a size within bounds. */
export const verifyRoutingTableSize = defineVerify({
  name: 'VerifyRoutingTableSize',
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
  commands: () => [{ cmd: 'show ip route vrf all summary', revision: 3 }],
  answers: () => [routeSummaryAnswer()],
  judge: (input, [{ vrfs }]) => {
    return passUnless(
      boundsIn(input).flatMap((bounds) => {
        const told = vrfs.get(bounds.vrf)
        // A source without a number has no routes: a protocol that is not configured.
        const actual = told === undefined ? undefined : (routesOf(bounds.source, told) ?? 0)
        return sizeFaults(bounds, actual)
      }),
    )
  },
})

interface Bounds {
  readonly vrf: string
  readonly source: RouteSource
  readonly minimum: number
  readonly maximum: number
}

/** Every number of routes that is judged, with its own bounds or those of the check. */
function boundsIn({ minimum, maximum, vrfs }: z.output<ReturnType<typeof tableSizes>>): readonly Bounds[] {
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

function sizeFaults({ vrf: name, source, minimum, maximum }: Bounds, actual: number | undefined): readonly string[] {
  const subject = `VRF: ${name} Route Source: ${ROUTE_SOURCES[source]}`
  if (actual === undefined) return [`${subject} - VRF not configured`]
  if (actual < minimum) return [`${subject} - Routes below minimum - Expected: >= ${minimum} Actual: ${actual}`]
  if (actual > maximum) return [`${subject} - Routes above maximum - Expected: <= ${maximum} Actual: ${actual}`]
  return []
}
