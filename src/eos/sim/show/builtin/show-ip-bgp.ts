import type { JsonObject } from '../../../../model/json.ts'
import { covers, parsePrefix } from '../../converge/address.ts'
import { type Destination, destinations } from '../../converge/path-vector.ts'
import type { BgpVrfState } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { pathJson, rankedPaths } from '../format/bgp-path-json.ts'
import { bgpRoutesText } from '../format/bgp-path-text.ts'
import { DISABLED, DISABLED_SINCE } from '../format/bgp-table.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { protocolModel } from '../format/protocol-model.ts'
import { comparePrefixes } from '../format/route-table.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show ip bgp`: all paths, those to one prefix, or those within it. */
export const showIpBgp = defineShow({
  words: 'show ip bgp [<filter...>]',
  docs: 'BGP paths by VRF and prefix; lab-validation (4.18 to 4.36, text of ribd), napalm get_route_to.',
  refuse: (context, args) => {
    const filter = readFilter(args)
    return filter === undefined ? 'Invalid input' : refuseUnknownVrf(context, filter.args)
  },
  json: (context, args) => {
    const filter = readFilter(args)
    const shown = selectedVrfs(context.state.bgp, filter?.args ?? {})
    return { vrfs: Object.fromEntries(shown.map(([name, vrf]) => [name, vrfJson(vrf, context, filter)] as const)) }
  },
  text: (context, args) => {
    const filter = readFilter(args)
    const isRecorded = eosAtLeast(context.facts.eos, DISABLED_SINCE)
    if (isRecorded && !context.state.bgp.has('default')) return DISABLED
    const isMultiAgent = isRecorded && protocolModel(context) !== 'ribd'
    return selectedVrfs(context.state.bgp, filter?.args ?? {})
      .map(([, vrf]) => bgpRoutesText(vrf, selected(vrf, filter), isMultiAgent))
      .join('')
  },
})

interface Filter {
  readonly args: ShowArguments
  readonly prefix?: string
  readonly longer: boolean
  readonly detail: boolean
}

/** `[PREFIX [longer-prefixes]] [detail] [vrf V]`, in the orders clients send. */
function readFilter({ filter = '' }: ShowArguments): Filter | undefined {
  const words = filter.split(' ').filter((word) => word !== '')
  const at = words.indexOf('vrf')
  const vrf = at < 0 ? undefined : words.splice(at, 2)[1]
  const prefix =
    words[0] !== undefined && parsePrefix(withMask(words[0])) !== undefined ? withMask(words.shift() ?? '') : undefined
  if (!words.every((word) => word === 'longer-prefixes' || word === 'detail')) return undefined
  return {
    args: vrf === undefined ? {} : { vrf },
    ...(prefix === undefined ? {} : { prefix }),
    longer: words.includes('longer-prefixes'),
    detail: prefix !== undefined || words.includes('detail'),
  }
}

function withMask(text: string): string {
  return text.includes('/') ? text : `${text}/32`
}

function selected(vrf: BgpVrfState, filter: Filter | undefined): readonly Destination[] {
  const all = destinations(vrf.paths).toSorted((a, b) => comparePrefixes(a.key, b.key))
  const { prefix, longer } = filter ?? {}
  const outer = prefix === undefined ? undefined : parsePrefix(prefix)
  if (outer === undefined) return all
  return all.filter(({ key }) => key === prefix || (longer === true && covers(outer, key)))
}

function vrfJson(vrf: BgpVrfState, context: ShowContext, filter: Filter | undefined): JsonObject {
  const entries = selected(vrf, filter).map(
    (destination) => [destination.key, entryJson(destination, vrf, context, filter?.detail ?? false)] as const,
  )
  return { vrf: vrf.vrf, routerId: vrf.routerId, asn: vrf.asn, bgpRouteEntries: Object.fromEntries(entries) }
}

function entryJson(destination: Destination, vrf: BgpVrfState, context: ShowContext, detail: boolean): JsonObject {
  const [address = '', maskLength = ''] = destination.key.split('/')
  const ribd = protocolModel(context) === 'ribd'
  const paths = rankedPaths(destination, vrf.maximumPaths)
  return {
    address,
    maskLength: Number(maskLength),
    ...(ribd || detail ? { bgpAdvertisedPeerGroups: {} } : {}),
    ...(ribd ? {} : { totalPaths: paths.length }),
    ...(detail ? { totalAdvertisedPeers: 0 } : {}),
    ...(ribd || eosAtLeast(context.facts.eos, '4.22') ? {} : { contributors: [] }),
    bgpRoutePaths: paths.map((standing) => pathJson(standing, context, detail)),
  }
}
