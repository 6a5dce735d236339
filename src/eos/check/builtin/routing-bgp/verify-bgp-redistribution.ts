import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { printedFlag } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { afiSafiName, type RedistributedRoute, redistributingVrf, redistributionName } from './redistribution.ts'

const configured = once(() =>
  z.object({
    proto: z.string().optional(),
    includeLeaked: z.boolean().default(false),
    routeMap: z.string().default('Not Found'),
  }),
)

type Configured = z.output<ReturnType<typeof configured>>

/** Each VRF redistributes into BGP what it should. */
export const verifyBgpRedistribution = defineVerify({
  name: 'VerifyBGPRedistribution',
  summary: 'Verifies what is redistributed into BGP.',
  docs: 'Passes when each address family redistributes the given protocols, with leaked routes and a route map as expected. A route map that is not given is not judged.',
  example: {
    vrfs: [
      {
        vrf: 'default',
        address_families: [
          {
            afi_safi: 'ipv4multicast',
            redistributed_routes: [{ proto: 'Connected', include_leaked: true, route_map: 'RM-CONN-2-BGP' }],
          },
          { afi_safi: 'IPv6 Unicast', redistributed_routes: [{ proto: 'User', route_map: 'RM-CONN-2-BGP' }] },
        ],
      },
    ],
  },
  input: () =>
    z.strictObject({ vrfs: z.array(redistributingVrf()).min(1).describe('VRFs and what they redistribute') }),
  commands: () => [{ cmd: 'show bgp instance vrf all', revision: 4 }],
  answers: () => [
    z.object({
      vrfs: byName(
        z.looseObject({
          afiSafiConfig: byName(z.looseObject({ redistributedRoutes: z.array(configured()).optional() })).optional(),
        }),
      ).optional(),
    }),
  ],
  judge: ({ vrfs: expected }, [{ vrfs }]) =>
    passUnless(
      expected.flatMap(({ vrf, address_families }) => {
        const instance = vrfs?.get(vrf)
        if (isNothing(instance)) return [`VRF: ${vrf} - Not configured`]
        return address_families.flatMap(({ afi_safi, redistributed_routes }) => {
          const name = `VRF: ${vrf}, ${afiSafiName(afi_safi)}`
          const family = instance?.afiSafiConfig?.get(afi_safi)
          if (isNothing(family)) return [`${name} - Not redistributed`]
          const routes = family?.redistributedRoutes ?? []
          return redistributed_routes.flatMap((route) => routeFaults(route, routes).map((fault) => `${name}, ${fault}`))
        })
      }),
    ),
})

/** Whether something is missing or empty. */
function isNothing(told: object | undefined): boolean {
  return told === undefined || Object.keys(told).length === 0
}

function routeFaults(expected: RedistributedRoute, routes: readonly Configured[]): readonly string[] {
  const actual = routes.find(({ proto }) => proto?.toLowerCase() === expected.proto.toLowerCase())
  if (actual === undefined) return [`Proto: ${expected.proto} - Not configured`]
  const { include_leaked, route_map } = expected
  const name = redistributionName(expected)
  return [
    ...(include_leaked === actual.includeLeaked
      ? []
      : [`${name} - Include leaked mismatch - Actual: ${printedFlag(actual.includeLeaked)}`]),
    ...(!route_map || route_map === actual.routeMap
      ? []
      : [`${name} - Route map mismatch - Actual: ${actual.routeMap}`]),
  ]
}
