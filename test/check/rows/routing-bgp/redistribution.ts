import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { withoutAnswers } from './without-answers.ts'

const redistributing = (vrf: string, afi_safi: string, ...redistributed_routes: JsonObject[]): JsonObject => ({
  vrfs: [{ vrf, address_families: [{ afi_safi, redistributed_routes }] }],
})
const instance = (afiSafiConfig: JsonObject): JsonObject => ({ vrfs: { default: { afiSafiConfig } } })

/** What the check of redistribution must say. */
export const redistributionRows: readonly Row[] = [
  {
    check: 'VerifyBGPRedistribution',
    name: 'a route map that is not asked is not judged, and User is EOS SDK',
    inputs: redistributing('default', 'IPv6-unicast', { proto: 'Static' }, { proto: 'User' }),
    outputs: [
      instance({
        v6u: {
          redistributedRoutes: [{ proto: 'EOS SDK' }, { proto: 'Static', routeMap: 'RM' }],
        },
      }),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPRedistribution',
    name: 'leaked routes and route map otherwise, and no such protocol',
    inputs: redistributing(
      'default',
      'v4u',
      { proto: 'Connected', include_leaked: true, route_map: 'RM-CONNECTED' },
      { proto: 'Static' },
      { proto: 'RIP', route_map: 'RM-RIP' },
    ),
    outputs: [
      instance({
        v4u: {
          redistributedRoutes: [{ proto: 'Connected' }, { proto: 'Static', includeLeaked: true, routeMap: 'RM' }],
        },
      }),
    ],
    result: 'failure',
    messages: [
      'VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Connected, Include Leaked: True, Route Map: RM-CONNECTED - Include leaked mismatch - Actual: False',
      'VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Connected, Include Leaked: True, Route Map: RM-CONNECTED - Route map mismatch - Actual: Not Found',
      'VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Static - Include leaked mismatch - Actual: True',
      'VRF: default, AFI-SAFI: IPv4 Unicast, Proto: RIP - Not configured',
    ],
  },
  {
    check: 'VerifyBGPRedistribution',
    name: 'another family',
    inputs: redistributing('default', 'ipv4 multicast', { proto: 'Static' }),
    outputs: [instance({ v4u: { redistributedRoutes: [{ proto: 'Static' }] } })],
    result: 'failure',
    messages: ['VRF: default, AFI-SAFI: IPv4 Multicast - Not redistributed'],
  },
  {
    check: 'VerifyBGPRedistribution',
    name: 'no such VRF',
    inputs: redistributing('RED', 'v4u', { proto: 'Static' }),
    outputs: [instance({ v4u: { redistributedRoutes: [{ proto: 'Static' }] } })],
    result: 'failure',
    messages: ['VRF: RED - Not configured'],
  },
  ...withoutAnswers(
    'VerifyBGPRedistribution',
    'show bgp instance vrf all',
    redistributing('default', 'v4u', { proto: 'Static' }),
    ['VRF: default - Not configured'],
  ),
]
