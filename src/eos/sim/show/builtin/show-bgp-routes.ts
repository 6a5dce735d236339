import { definedMembers, type JsonObject } from '../../../../model/json.ts'
import { covers, dottedMac, parsePrefix } from '../../converge/address.ts'
import type { BgpVrfState } from '../../converge/network-state.ts'
import { type Destination, destinations } from '../../converge/path-vector.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import {
  asPathWords,
  evpnPathJson,
  pathJson,
  type RankedPath,
  rankedPaths,
  shownPreference,
} from '../format/bgp-path-json.ts'
import { BGP_WORDS_SINCE, DISABLED, DISABLED_SINCE } from '../format/bgp-table.ts'
import {
  bgpShow,
  objectOf,
  protocolModel,
  refuseUnknownVrf,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  selectedVrfs,
} from '../format/define.ts'
import { comparePrefixes } from '../format/route-table.ts'

/** The commands of this subject. */
export const BGP_ROUTES_COMMANDS: readonly ShowCommand[] = [
  // BGP paths by VRF and prefix; lab-validation (4.18 to 4.36, text of ribd), napalm get_route_to. All paths, those to one prefix, or those
  // within it.
  {
    words: 'show ip bgp [<filter...>]',
    refuse: (context, args) => {
      const filter = ipBgpReadFilter(args)
      return filter === undefined ? 'Invalid input' : refuseUnknownVrf(context, filter.args)
    },
    json: (context, args) => {
      const filter = ipBgpReadFilter(args)
      const shown = selectedVrfs(context.state.bgp, filter?.args ?? {})
      return { vrfs: objectOf(shown, ([name, vrf]) => [name, vrfJson(vrf, context, filter)]) }
    },
    text: (context, args) => {
      const filter = ipBgpReadFilter(args)
      const isRecorded = eosAtLeast(context.facts.eos, DISABLED_SINCE)
      if (isRecorded && !context.state.bgp.has('default')) return DISABLED
      const isMultiAgent = isRecorded && protocolModel(context) !== 'ribd'
      return selectedVrfs(context.state.bgp, filter?.args ?? {})
        .map(([, vrf]) => bgpRoutesText(vrf, ipBgpSelected(vrf, filter), isMultiAgent))
        .join('')
    },
  },
  // The sessions that carry IPv6, of which there are none; napalm get_bgp_neighbors (JSON). IPv6 is not routed here, so no session carries it.
  bgpShow({
    words: 'show ipv6 bgp summary [vrf <vrf>]',
    json: ({ vrf, routerId, asn }) => ({ vrf, routerId, asn, peers: {} }),
  }),
  // The IPv6 neighbors, of which there are none; napalm get_bgp_neighbors (JSON).
  bgpShow({
    words: 'show ipv6 bgp peers [vrf <vrf>]',
    json: () => ({ peerList: [] }),
    text: () => [],
  }),
  // EVPN paths by route key; lab-validation (4.23, 4.36), the filters that ANTA sends. The IMET and IP prefix routes, and those of hosts that
  // send.
  {
    words: 'show bgp evpn [<filter...>]',
    refuse: (context, args) => {
      if (protocolModel(context) === 'ribd') return 'Not supported'
      if (!context.state.bgp.has('default') && eosAtLeast(context.facts.eos, INACTIVE_SINCE)) return 'BGP inactive'
      return bgpEvpnReadFilter(args) === undefined ? 'Invalid input' : undefined
    },
    json: (context, args) => {
      const vrf = context.state.bgp.get('default')
      if (vrf === undefined) return { vrf: 'default', routerId: '0.0.0.0', asn: 0, evpnRoutes: {} }
      const routes = bgpEvpnSelected(vrf, args).map((one) => [one.key, routeJson(one, vrf, context, args)] as const)
      return { vrf: 'default', routerId: vrf.routerId, asn: Number(vrf.asn), evpnRoutes: Object.fromEntries(routes) }
    },
    text: (context, args) => {
      const vrf = context.state.bgp.get('default')
      const { eos } = context.facts
      if (vrf !== undefined) return evpnText(vrf, bgpEvpnSelected(vrf, args), eos)
      return eosAtLeast(eos, BGP_WORDS_SINCE) ? `${DISABLED}${evpnText(NO_BGP, [], eos)}` : ''
    },
  },
]

interface TableForm {
  readonly codes: readonly string[]
  readonly validity: readonly string[]
  readonly head: string
  readonly marks: number
  readonly nextHop: number
  readonly local?: readonly [string, string, string]
}

const RIBD: TableForm = {
  codes: [],
  validity: [],
  head: '         Network                Next Hop            Metric  LocPref Weight  Path',
  marks: 8,
  nextHop: 21,
}

const MULTI_AGENT: TableForm = {
  codes: ['                    % - Pending BGP convergence'],
  validity: ['RPKI Origin Validation codes: V - valid, I - invalid, U - unknown'],
  head: '          Network                Next Hop              Metric  LocPref Weight  Path',
  marks: 9,
  nextHop: 21,
  local: ['-', '-', '0'],
}

// The table of `show ip bgp` of one VRF as text (lab-validation, 4.23 ribd; recorded on vEOS 4.24.0F, multi-agent).
function bgpRoutesText(vrf: BgpVrfState, shown: readonly Destination[], isMultiAgent: boolean) {
  const form = isMultiAgent ? MULTI_AGENT : RIBD
  const head = [
    `BGP routing table information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    'Route status codes: s - suppressed, * - valid, > - active, # - not installed, E - ECMP head, e - ECMP',
    '                    S - Stale, c - Contributing to ECMP, b - backup, L - labeled-unicast',
    ...form.codes,
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    ...form.validity,
    'AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop',
    '',
    form.head,
  ]
  const rows = shown.flatMap((destination) =>
    rankedPaths(destination, vrf.maximumPaths).map((one) => row(destination.key, one, form)),
  )
  return printedLines([...head, ...rows])
}

function row(prefix: string, standing: RankedPath, form: TableForm) {
  const { path } = standing
  const local = path.source === 'local'
  const measured = [String(path.med), String(shownPreference(path)), local ? '-' : String(path.weight)]
  const numbers = [
    (local ? '-' : path.nextHop).padEnd(form.nextHop),
    ...((local ? form.local : undefined) ?? measured).map((text) => text.padEnd(7)),
    asPathWords(path),
  ]
  return ` ${marks(standing).padEnd(form.marks)}${prefix.padEnd(22)} ${numbers.join(' ')}`
}

function marks({ active, ecmp, head }: RankedPath) {
  const role = head ? 'Ec' : ecmp ? 'ec' : ''
  return `* ${active ? '>' : ' '}${role}`
}

interface IpBgpFilter {
  readonly args: ShowArguments
  readonly prefix?: string
  readonly longer: boolean
  readonly detail: boolean
}

function ipBgpReadFilter({ filter = '' }: ShowArguments): IpBgpFilter | undefined {
  const words = filter.split(' ').filter((word) => word !== '')
  const at = words.indexOf('vrf')
  const vrf = at < 0 ? undefined : words.splice(at, 2)[1]
  const prefix =
    words[0] !== undefined && parsePrefix(withMask(words[0])) !== undefined ? withMask(words.shift() ?? '') : undefined
  if (!words.every((word) => word === 'longer-prefixes' || word === 'detail')) return undefined
  return {
    args: vrf === undefined ? {} : { vrf },
    ...definedMembers({ prefix }),
    longer: words.includes('longer-prefixes'),
    detail: prefix !== undefined || words.includes('detail'),
  }
}

function withMask(text: string) {
  return text.includes('/') ? text : `${text}/32`
}

function ipBgpSelected(vrf: BgpVrfState, filter: IpBgpFilter | undefined) {
  const all = destinations(vrf.paths).toSorted((a, b) => comparePrefixes(a.key, b.key))
  const { prefix, longer } = filter ?? {}
  const outer = prefix === undefined ? undefined : parsePrefix(prefix)
  if (outer === undefined) return all
  return all.filter(({ key }) => key === prefix || (longer === true && covers(outer, key)))
}

function vrfJson(vrf: BgpVrfState, context: ShowContext, filter: IpBgpFilter | undefined): JsonObject {
  const entries = ipBgpSelected(vrf, filter).map(
    (destination) => [destination.key, entryJson(destination, vrf, context, filter?.detail ?? false)] as const,
  )
  return { vrf: vrf.vrf, routerId: vrf.routerId, asn: vrf.asn, bgpRouteEntries: Object.fromEntries(entries) }
}

function entryJson(destination: Destination, vrf: BgpVrfState, context: ShowContext, detail: boolean): JsonObject {
  const [address = '', maskLength = ''] = destination.key.split('/')
  const ribd = protocolModel(context) === 'ribd'
  const paths = rankedPaths(destination, vrf.maximumPaths)
  return definedMembers({
    address,
    maskLength: Number(maskLength),
    bgpAdvertisedPeerGroups: ribd || detail ? {} : undefined,
    totalPaths: ribd ? undefined : paths.length,
    totalAdvertisedPeers: detail ? 0 : undefined,
    contributors: ribd || eosAtLeast(context.facts.eos, '4.22') ? undefined : [],
    bgpRoutePaths: paths.map((standing) => pathJson(standing, context, detail)),
  })
}

// Without `router bgp` 4.36 says so; older ones are not recorded.
const INACTIVE_SINCE = '4.30'

// From here on the codes are as they were before 4.26 (course).
const SHORT_CODES_SINCE = '4.29'

// Route keys name their domain since gateways join EVPN domains; 4.23 has none (lab-validation), ANTA reads it.
const DOMAIN_SINCE = '4.27'

function bgpEvpnReadFilter({ filter = '' }: ShowArguments) {
  const found =
    /^(?:route-type (imet|ip-prefix(?: ipv4)?|mac-ip|auto-discovery|ethernet-segment)(?: (?!vni|rd|detail)(\S+))?)?(?: ?vni (\d+))?(?: ?rd (\S+))?(?: ?detail)?$/.exec(
      filter,
    )
  if (found === null) return undefined
  const [, type, key, vni, rd] = found
  return definedMembers({
    type: type === undefined ? undefined : (type.split(' ')[0] ?? ''),
    key,
    vni: vni === undefined ? undefined : Number(vni),
    rd,
  })
}

function bgpEvpnSelected(vrf: BgpVrfState, args: ShowArguments) {
  const { type, key, vni, rd } = bgpEvpnReadFilter(args) ?? {}
  return [...destinations(vrf.evpn)]
    .filter((one) => {
      const evpn = pathOf(one)?.evpn
      if (evpn === undefined) return false
      if (type !== undefined && evpn.kind !== type) return false
      if (rd !== undefined && !one.key.startsWith(`RD: ${rd} `)) return false
      return (vni === undefined || evpn.vni === vni) && (key === undefined || namesOf(one).includes(hostName(key)))
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function namesOf({ key }: Destination) {
  return key.split(' ').slice(3)
}

const hostName = (key: string) => (/^(..:){5}..$/.test(key) ? dottedMac(key) : key)

function pathOf({ used, others }: Destination) {
  return used[0] ?? others[0]
}

function routeJson(
  destination: Destination,
  vrf: BgpVrfState,
  { facts }: ShowContext,
  args: ShowArguments,
): JsonObject {
  const [, rd = '', nlriType = '', rest = ''] = /^RD: (\S+) (\S+) (.*)$/.exec(destination.key) ?? []
  const paths = rankedPaths(destination, vrf.maximumPaths)
  return {
    totalPaths: paths.length,
    routeKeyDetail: {
      rd,
      nlriType,
      ...(eosAtLeast(facts.eos, DOMAIN_SINCE) ? { domain: 'local' } : {}),
      ...keyJson(nlriType, rest),
    },
    evpnRoutePaths: paths.map((path) => evpnPathJson(path, isDetailed(args))),
  }
}

function keyJson(type: string, rest: string): JsonObject {
  const address = rest.split(' ').at(-1) ?? ''
  if (type === 'imet') return { ipGenAddr: address }
  return type === 'ip-prefix' ? { ipGenPrefix: address } : {}
}

function isDetailed({ filter = '' }: ShowArguments) {
  return bgpEvpnReadFilter({ filter })?.key !== undefined || filter.endsWith('detail')
}

// What a table without `router bgp` is of.
const NO_BGP = { routerId: '0.0.0.0', asn: '0', maximumPaths: 1 }

function evpnText(
  vrf: Pick<BgpVrfState, 'routerId' | 'asn' | 'maximumPaths'>,
  shown: readonly Destination[],
  eos: string,
) {
  const codes = eosAtLeast(eos, BGP_WORDS_SINCE) && !eosAtLeast(eos, SHORT_CODES_SINCE) ? LONG_CODES : CODES
  const head = [
    'BGP routing table information for VRF default',
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    ...codes,
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    'AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop',
    '',
    '          Network                Next Hop              Metric  LocPref Weight  Path',
  ]
  const rows = shown.flatMap((destination) =>
    rankedPaths(destination, vrf.maximumPaths).flatMap((ranked) => pathRows(destination.key, ranked)),
  )
  return printedLines([...head, ...rows])
}

const CODES = [
  'Route status codes: * - valid, > - active, S - Stale, E - ECMP head, e - ECMP',
  '                    c - Contributing to ECMP, % - Pending BGP convergence',
] as const

// As 4.26 and 4.27 write them (avd-lab, ceos-lab).
const LONG_CODES = [
  'Route status codes: s - suppressed, * - valid, > - active, E - ECMP head, e - ECMP',
  '                    S - Stale, c - Contributing to ECMP, b - backup',
  '                    % - Pending BGP convergence',
] as const

function pathRows(key: string, { path, active, ecmp, head }: RankedPath) {
  const marks = ` * ${active ? '>' : ' '}${head ? 'Ec' : ecmp ? 'ec' : '  '}`
  const own = path.source === 'local'
  const preference = own && path.evpn?.heard === undefined ? '-' : `${path.localPref}`
  const line = [own ? '-' : path.nextHop, '-', preference, `${path.weight}`]
  const numbers = line.map((cell, at) => cell.padEnd(at === 0 ? 21 : 7)).join(' ')
  return [`${marks.padEnd(9)}${key}`, `${' '.repeat(33)}${numbers} ${asPathWords(path)}`]
}
