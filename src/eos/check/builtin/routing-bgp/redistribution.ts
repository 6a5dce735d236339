import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import { vrf } from '../../input/words.ts'
import { squeezed } from './squeezed.ts'

/** The address families that EOS redistributes into, by its short names. */
const FAMILIES = {
  v4u: 'IPv4 Unicast',
  v4m: 'IPv4 Multicast',
  v6u: 'IPv6 Unicast',
  v6m: 'IPv6 Multicast',
} as const

const SHORT = ['v4u', 'v4m', 'v6u', 'v6m'] as const

/** What EOS redistributes, by the names of its answers. `User` of the configuration is `EOS SDK` there. */
const PROTOCOLS = [
  'AttachedHost',
  'Bgp',
  'Connected',
  'DHCP',
  'Dynamic',
  'IS-IS',
  'OSPF Internal',
  'OSPF External',
  'OSPF Nssa-External',
  'OSPFv3 Internal',
  'OSPFv3 External',
  'OSPFv3 Nssa-External',
  'RIP',
  'Static',
  'EOS SDK',
] as const

/** Protocols that leak no routes. */
const NEVER_LEAKED: readonly string[] = ['AttachedHost', 'EOS SDK', 'Dynamic', 'RIP']

const family = once(() =>
  z
    .string()
    .transform((written) => SHORT.find((short) => squeezed(FAMILIES[short]) === squeezed(written)) ?? written)
    .pipe(z.enum(SHORT, { error: `expected an address family: ${Object.values(FAMILIES).join(', ')}` })),
)

const protocol = once(() =>
  z
    .string()
    .transform((written) => (written === 'User' ? 'EOS SDK' : written))
    .pipe(z.enum(PROTOCOLS, { error: `expected a protocol: ${PROTOCOLS.join(', ')} or User` })),
)

const redistributedRoute = once(() =>
  z
    .strictObject({
      proto: protocol().describe('protocol whose routes are redistributed'),
      include_leaked: z.boolean().default(false).describe('whether leaked routes are redistributed too'),
      route_map: nullAsAbsent(z.string()).describe('route map that is applied'),
    })
    .refine(({ proto, include_leaked }) => !include_leaked || !NEVER_LEAKED.includes(proto), {
      error: '`include_leaked` has no meaning with this protocol',
    }),
)

/** What a VRF redistributes into BGP, as a catalog writes it. */
export const redistributingVrf = once(() =>
  z.strictObject({
    vrf: vrf().describe('VRF'),
    address_families: z
      .array(
        z.strictObject({
          afi_safi: family().describe('address family, such as `IPv4 Unicast`'),
          redistributed_routes: z.array(redistributedRoute()).min(1).describe('what is redistributed into it'),
        }),
      )
      .min(1)
      .describe('address families of the VRF'),
  }),
)

/** One redistribution of a catalog. */
export type RedistributedRoute = z.output<ReturnType<typeof redistributedRoute>>

/** The address family in results: `AFI-SAFI: IPv4 Unicast`. */
export function afiSafiName(short: keyof typeof FAMILIES): string {
  return `AFI-SAFI: ${FAMILIES[short]}`
}

/** The redistribution in results: `Proto: Static, Include Leaked: True, Route Map: RM-STATIC`. */
export function redistributionName({ proto, include_leaked, route_map }: RedistributedRoute): string {
  const leaked = include_leaked ? ', Include Leaked: True' : ''
  return `Proto: ${proto}${leaked}${route_map === undefined ? '' : `, Route Map: ${route_map}`}`
}
