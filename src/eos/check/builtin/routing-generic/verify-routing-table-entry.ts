import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { IP_ROUTE_REVISION, type IpRouteAnswer, ipRouteAnswer } from '../../answer/show-ip-route.ts'
import { MissingMember, needed } from '../../answer/told.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { ipv4 } from '../../input/addresses.ts'
import { vrf } from '../../input/words.ts'

/** Routes to the given addresses are there. */
export const verifyRoutingTableEntry = defineVerifyEach({
  name: 'VerifyRoutingTableEntry',
  summary:
    'Verifies that routes are in the routing table of a VRF; VerifyIPv4RoutePresencePerPrefix knows their lengths.',
  docs:
    'Passes when for each address there is a route whose prefix has this address, whatever its length: a route that only ' +
    'covers it does not count. Fails with all that are missing. `collect: one` asks for each address, `collect: all` reads ' +
    'the table once.',
  example: { vrf: 'default', routes: ['192.0.2.1', '192.0.2.2'] },
  input: () =>
    z.strictObject({
      vrf: vrf().describe('VRF of the routes.'),
      routes: z.array(ipv4()).min(1).describe('Addresses of the routes, without length.'),
      collect: z
        .enum(['one', 'all'])
        .default('one')
        .describe('`one`: a command per route; `all`: the whole table once.'),
    }),
  commands: ({ vrf: name, routes, collect }) => {
    const table = `show ip route vrf ${name}`
    const asked = collect === 'all' ? [table] : routes.map((route) => `${table} ${route}`)
    return asked.map((cmd) => ({ cmd, revision: IP_ROUTE_REVISION }))
  },
  answer: ipRouteAnswer,
  judge: ({ vrf: name, routes }, answers) => {
    const known = new Set(answers.flatMap((answer) => addressesIn(answer, name)))
    const missing = routes.filter((route) => !known.has(route))
    return passUnless(
      missing.length === 0
        ? []
        : [`The following route(s) are missing from the routing table of VRF ${name}: ${missing.join(', ')}`],
    )
  },
})

function addressesIn(answer: IpRouteAnswer, vrfName: string): readonly string[] {
  const vrfs = needed(answer, 'vrfs')
  const told = vrfs.get(vrfName)
  if (told === undefined) throw new MissingMember(vrfs, vrfName)
  return [...needed(told, 'routes').keys()].map((prefix) => prefix.replace(/\/\d+$/, ''))
}
