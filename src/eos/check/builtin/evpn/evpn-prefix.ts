import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { ipWithLength } from '../../input/addresses.ts'
import { vni } from '../../input/numbers.ts'

const path = once(() =>
  z.strictObject({
    nexthop: z.string().describe('Next hop of the path; empty for one of the switch itself.'),
    route_targets: z
      .array(z.string())
      .nullish()
      .describe('Route targets that the path must have, such as `65001:10`, `1.100:10` or `10.0.0.1:10`.'),
  }),
)

const route = once(() =>
  z.strictObject({
    rd: z.string().describe('Route distinguisher, such as `10.0.0.1:10`.'),
    domain: z.enum(['local', 'remote']).default('local').describe('EVPN domain; `remote` on gateways of several.'),
    paths: z.array(path()).nullish().describe('Paths that the route must have.'),
  }),
)

/** An EVPN Type-5 prefix of a catalog, with the routes and paths that are asked of it. */
export const evpnPrefix = once(() =>
  z.strictObject({
    address: ipWithLength().describe('IPv4 or IPv6 prefix.'),
    vni: vni().describe('VNI of the prefix.'),
    routes: z.array(route()).nullish().describe('Routes that the prefix must have.'),
  }),
)

/** What a catalog asks of a prefix. */
export type ExpectedEvpnPrefix = z.output<ReturnType<typeof evpnPrefix>>

/** What a catalog asks of a route. */
export type ExpectedEvpnRoute = z.output<ReturnType<typeof route>>

/** What a catalog asks of a path. */
export type ExpectedEvpnPath = z.output<ReturnType<typeof path>>
