import type { JsonObject } from '../../../../model/json.ts'
import { defineShow } from '../format/define.ts'
import { protocolModel } from '../format/protocol-model.ts'
import { ROUTE_SOURCES, type RouteTable } from '../format/route-table.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show ip route summary`: totals by source and by mask length. Only the outer shape is recorded. */
export const showIpRouteSummary = defineShow({
  words: 'show ip route [vrf <vrf>] summary',
  docs: 'How many routes of which kind; anta (JSON, revision 3).',
  refuse: refuseUnknownVrf,
  json: (context, args) => {
    const model = protocolModel(context)
    return {
      vrfs: Object.fromEntries(
        selectedVrfs(context.state.routes, args).map(([vrf, routes]) => [vrf, summaryJson(routes)] as const),
      ),
      protoModelStatus: { configuredProtoModel: model, operatingProtoModel: model },
    }
  },
  text: (context, args) =>
    selectedVrfs(context.state.routes, args)
      .map(([vrf, routes]) => summaryText(vrf, routes, protocolModel(context)))
      .join('\n'),
})

function count(routes: RouteTable, source: string): number {
  return [...routes.values()].filter(({ type }) => ROUTE_SOURCES[source]?.includes(type)).length
}

function ofType(routes: RouteTable, wanted: string): number {
  return [...routes.values()].filter(({ type }) => type === wanted).length
}

function masks(routes: RouteTable): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>()
  for (const { prefix } of routes.values()) {
    const length = prefix.split('/')[1] ?? ''
    lengths.set(length, (lengths.get(length) ?? 0) + 1)
  }
  return new Map([...lengths].sort(([a], [b]) => Number(a) - Number(b)))
}

function summaryJson(routes: RouteTable): JsonObject {
  const [external, internal] = [ofType(routes, 'eBGP'), ofType(routes, 'iBGP')]
  return {
    connected: count(routes, 'connected'),
    static: count(routes, 'static'),
    ospfCounts: {
      ospfTotal: count(routes, 'ospf'),
      ospfIntraArea: ofType(routes, 'OSPF'),
      ospfInterArea: ofType(routes, 'ospfInterArea'),
      ospfExternal1: ofType(routes, 'ospfExternalType1'),
      ospfExternal2: ofType(routes, 'ospfExternalType2'),
    },
    bgpCounts: {
      bgpTotal: external + internal,
      bgpExternal: external,
      bgpInternal: internal,
      bgpLocal: 0,
    },
    aggregate: count(routes, 'aggregate'),
    totalRoutes: routes.size,
    maskLen: Object.fromEntries(masks(routes)),
  }
}

function summaryText(vrf: string, routes: RouteTable, model: string): string {
  const row = (label: string, total: number) => `   ${label.padEnd(50)} ${String(total).padStart(12)}`
  const [external, internal] = [ofType(routes, 'eBGP'), ofType(routes, 'iBGP')]
  const lines = [
    `Operating routing protocol model: ${model}`,
    `Configured routing protocol model: ${model}`,
    `VRF: ${vrf}`,
    `   ${'Route Source'.padEnd(50)} ${'Number Of Routes'.padStart(12)}`,
    row('connected', count(routes, 'connected')),
    row('static (persistent)', count(routes, 'static')),
    row('ospf', count(routes, 'ospf')),
    row('bgp', external + internal),
    `     External: ${external} Internal: ${internal}`,
    row('aggregate', count(routes, 'aggregate')),
    row('Total Routes', routes.size),
    '',
    'Number of routes per mask-length:',
    `   ${[...masks(routes)].map(([length, total]) => `/${length}: ${total}`).join('     ')}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}
