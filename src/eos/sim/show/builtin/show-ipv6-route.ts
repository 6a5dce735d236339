import { formatIp, type Ip, networkOf, parseIp } from '../../../../model/ip-address.ts'
import type { JsonObject } from '../../../../model/json.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show ipv6 route`: connected and static routes; no protocol carries IPv6 here. */
export const showIpv6Route = defineShow({
  words: 'show ipv6 route [vrf <vrf>]',
  docs: 'Connected and static IPv6 routes; the keys that napalm reads (of one VRF), by VRF as IPv4 routes are.',
  refuse: refuseUnknownVrf,
  json: (context, args) => {
    const tables = selectedVrfs(context.state.vrfs, args).map(([vrf]) => [vrf, routesOf(context, vrf)] as const)
    if (args.vrf !== 'all') return { routes: tables[0]?.[1] ?? {} }
    return { vrfs: Object.fromEntries(tables.map(([vrf, routes]) => [vrf, { routes }])) }
  },
})

interface Subnet {
  readonly net: Ip
  readonly interface: string
}

function routesOf(context: ShowContext, vrf: string): JsonObject {
  const subnets = subnetsOf(context, vrf)
  const connected = subnets.map((subnet): [string, JsonObject] => [
    formatIp(subnet.net),
    { routeType: 'connected', preference: 0, metric: 0, vias: [{ interface: subnet.interface }] },
  ])
  return Object.fromEntries([...staticsOf(context, vrf, subnets), ...connected])
}

function subnetsOf({ state }: ShowContext, vrf: string): readonly Subnet[] {
  return [...state.interfaces.values()]
    .filter((port) => port.vrf === vrf && port.lineProtocol === 'up' && port.mode === 'routed')
    .flatMap((port) =>
      port.addresses.ipv6Addresses.flatMap((text) => {
        const ip = parseIp(text)
        return ip === undefined ? [] : [{ net: networkOf(ip), interface: port.name }]
      }),
    )
}

/** `ipv6 route [vrf V] PREFIX Null0|NEXT-HOP`: a next hop has to be on a subnet that is up. */
function staticsOf(
  { running }: ShowContext,
  vrf: string,
  subnets: readonly Subnet[],
): readonly (readonly [string, JsonObject])[] {
  return running.children.flatMap(({ line }): [string, JsonObject][] => {
    const [, named = 'default', prefix = '', hop = ''] = /^ipv6 route (?:vrf (\S+) )?(\S+\/\d+) (\S+)/.exec(line) ?? []
    const target = parseIp(prefix)
    const out = subnets.find(({ net }) => isWithin(hop, net))
    if (target === undefined || named !== vrf || (hop !== 'Null0' && out === undefined)) return []
    const way: JsonObject =
      out === undefined ? { routeAction: 'drop', vias: [] } : { vias: [{ nexthopAddr: hop, interface: out.interface }] }
    return [[formatIp(networkOf(target)), { routeType: 'static', preference: 1, metric: 0, ...way }]]
  })
}

function isWithin(hop: string, net: Ip): boolean {
  const ip = parseIp(hop)
  return ip?.version === 6 && formatIp(networkOf({ ...ip, prefix: net.prefix })) === formatIp(net)
}
