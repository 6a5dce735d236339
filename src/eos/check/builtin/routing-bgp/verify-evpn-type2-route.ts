import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { ipv4, macAddress } from '../../input/addresses.ts'
import { vni } from '../../input/numbers.ts'

/** A route that does not tell its paths, or a path its state, is none in use. */
const route = once(() =>
  z.object({
    evpnRoutePaths: z
      .array(
        z.object({
          routeType: z.object({ active: z.boolean().default(false), valid: z.boolean().default(false) }).prefault({}),
        }),
      )
      .default([]),
  }),
)

/** Each VXLAN endpoint has an EVPN Type-2 route in use. */
export const verifyEvpnType2Route = defineVerifyEach({
  name: 'VerifyEVPNType2Route',
  summary: 'Verifies the EVPN Type-2 routes of IPv4 and MAC addresses in a VNI.',
  docs: 'Passes when each endpoint is in the EVPN table, with at least one path that is valid and active.',
  example: {
    vxlan_endpoints: [
      { address: '192.168.20.102', vni: 10020 },
      { address: 'aac1.ab5d.b41e', vni: 10010 },
    ],
  },
  input: () =>
    z.strictObject({
      vxlan_endpoints: z
        .array(
          z.strictObject({
            address: z
              .union([ipv4(), macAddress()], { error: 'expected an IPv4 or a MAC address' })
              .describe('IPv4 or MAC address of the endpoint'),
            vni: vni().describe('VNI of the endpoint'),
          }),
        )
        .min(1)
        .describe('endpoints to judge'),
    }),
  commands: ({ vxlan_endpoints }) =>
    vxlan_endpoints.map((endpoint) => ({
      cmd: `show bgp evpn route-type mac-ip ${endpoint.address} vni ${endpoint.vni}`,
      revision: 2,
    })),
  answer: () => told({ evpnRoutes: byName(route()) }),
  judge: ({ vxlan_endpoints }, answers) =>
    passUnless(
      vxlan_endpoints.flatMap((endpoint, index) => {
        const name = `Address: ${endpoint.address} VNI: ${endpoint.vni}`
        const routes = [...(answers[index]?.evpnRoutes.values() ?? [])]
        if (routes.length === 0) return [`${name} - No EVPN Type-2 route`]
        const used = routes.some(({ evpnRoutePaths }) =>
          evpnRoutePaths.some(({ routeType: { active, valid } }) => active && valid),
        )
        return used ? [] : [`${name} - No valid and active path`]
      }),
    ),
})
