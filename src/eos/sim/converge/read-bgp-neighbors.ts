import { definedMembers } from '../../../model/json.ts'
import { type ConfigNode, foundIn } from '../../config/text/tree.ts'
import { compareAddresses, ipv4 } from './address.ts'
import {
  type BgpFamily,
  type BgpRouteMaps,
  type BgpTimers,
  COMMUNITY_KINDS,
  type CommunityKind,
} from './network-state.ts'

/** What one address family says of a neighbor. */
export interface NeighborFamilyConfig extends BgpRouteMaps {
  readonly active: boolean
  readonly prefixListIn?: string
  readonly prefixListOut?: string
}

/** Who is at the other end of a port that speaks IPv6, for a session without addresses of the configuration. */
export interface NeighborLink {
  readonly interface: string
  /** The link-local address of this end, and that of the other. */
  readonly source: string
  readonly peer: string
  /** The other end by the key of its node, and the name that it has for this end. */
  readonly far: string
  readonly knownAs: string
}

/** One BGP neighbor with what its peer group gives it. */
export interface BgpNeighborConfig {
  readonly address: string
  readonly peerGroup: string
  readonly remoteAs: string
  readonly localAs?: string
  readonly updateSource?: string
  readonly description: string
  readonly shutdown: boolean
  /** The TTL of an eBGP session; 1 without `ebgp-multihop`. */
  readonly ttl: number
  /** The stored form of the password and the name it is keyed by. */
  readonly password?: { readonly stored: string; readonly key: string }
  readonly nextHopSelf: boolean
  readonly nextHopUnchanged: boolean
  readonly reflectorClient: boolean
  /** How often the own AS may occur in a path. */
  readonly allowasIn: number
  /** Hold time and keepalive interval in seconds. */
  readonly timers: BgpTimers
  readonly bfd: boolean
  /** 0 is no limit. */
  readonly maximumRoutes: number
  /** Whether the session ends when the peer sends more: without `warning-only`. */
  readonly endsAtMaximum: boolean
  /** The kinds of communities that it is sent. */
  readonly sendCommunity: readonly CommunityKind[]
  /** Whether private AS numbers are taken out: `only` of paths of nothing else, `all` of any; or the own takes their place. */
  readonly removePrivateAs: 'no' | 'only' | 'all' | 'replace'
  readonly defaultOriginate: boolean
  /** The route-maps that are set outside of the address families. */
  readonly outerMaps: BgpRouteMaps
  readonly families: ReadonlyMap<BgpFamily, NeighborFamilyConfig>
  /** The port that it is the other end of, where no address is configured. */
  readonly link?: NeighborLink
}

type Settings = Map<string, string | undefined>

/** The `neighbor` lines of one place: by subject (address or group), and by family and subject. */
export interface NeighborScope {
  readonly settings: ReadonlyMap<string, Settings>
  readonly families: ReadonlyMap<BgpFamily, ReadonlyMap<string, Settings>>
  readonly defaultIpv4: boolean
  /** `timers bgp`: what neighbors without timers of their own use. */
  readonly timers?: string
}

const FAMILY: ReadonlyMap<string, BgpFamily> = new Map([
  ['address-family ipv4', 'ipv4Unicast'],
  ['address-family ipv4 unicast', 'ipv4Unicast'],
  ['address-family evpn', 'l2VpnEvpn'],
])

/** The `neighbor` lines of `router bgp` or of one of its VRFs, address families included. */
export function readNeighborLines(nodes: readonly ConfigNode[]): NeighborScope {
  const families = new Map<BgpFamily, ReadonlyMap<string, Settings>>()
  for (const node of nodes) {
    const family = FAMILY.get(node.line)
    if (family !== undefined) families.set(family, readSettings(node.children))
  }
  const defaultIpv4 = !nodes.some((node) => node.line === 'no bgp default ipv4-unicast')
  const timers = foundIn(nodes, /^timers bgp (.+)$/)[0]
  return { settings: readSettings(nodes), families, defaultIpv4, ...definedMembers({ timers }) }
}

function readSettings(nodes: readonly ConfigNode[]): ReadonlyMap<string, Settings> {
  const subjects = new Map<string, Settings>()
  for (const { line } of nodes) {
    const [, no, subject, rest] = /^(no )?neighbor (\S+) (.+)$/.exec(line) ?? []
    if (subject === undefined || rest === undefined) continue
    const settings = subjects.get(subject) ?? new Map<string, string | undefined>()
    subjects.set(subject, settings)
    const [name, value] = readSetting(rest)
    settings.set(name, no === undefined ? value : undefined)
  }
  return subjects
}

function readSetting(text: string): readonly [string, string] {
  const directed = /^(route-map|prefix-list) (\S+) (in|out)$/.exec(text)
  if (directed !== null) return [`${directed[1]} ${directed[3]}`, directed[2] ?? '']
  const group = /^peer[ -]group(?: (\S+))?$/.exec(text)
  if (group !== null) return ['peer group', group[1] ?? '']
  const space = text.indexOf(' ')
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)]
}

/**
 * The neighbors of the innermost scope, in the order of their addresses. What a neighbor does not say its peer group
 * says; groups and their activation are inherited from the outer scope (a VRF uses the groups of `router bgp`), and nothing of a
 * neighbor there that has the same address (docs/eos.md 7.2).
 */
export function resolveNeighbors(scopes: readonly NeighborScope[]): ReadonlyMap<string, BgpNeighborConfig> {
  const [inner] = scopes
  const addresses = [...(inner?.settings.keys() ?? [])].filter((subject) => ipv4(subject) !== undefined)
  addresses.sort(compareAddresses)
  return new Map(addresses.map((address) => [address, resolveNeighbor(address, scopes)] as const))
}

/** A neighbor that nothing but its peer group describes, as `bgp listen range` makes them. */
export function resolveMember(group: string, scopes: readonly NeighborScope[]): BgpNeighborConfig {
  return resolveNeighbor('', scopes, group)
}

function resolveNeighbor(
  address: string,
  scopes: readonly NeighborScope[],
  group = scopes[0]?.settings.get(address)?.get('peer group') ?? '',
): BgpNeighborConfig {
  const [inner] = scopes
  const places = [inner?.settings.get(address), ...scopes.map((scope) => scope.settings.get(group))]
  const of = (name: string) => places.find((place) => place?.has(name))?.get(name)
  const has = (name: string) => of(name) !== undefined
  const multihop = of('ebgp-multihop')
  const stored = of('password')
  return definedMembers({
    address,
    peerGroup: group,
    remoteAs: of('remote-as') ?? '',
    localAs: of('local-as')?.split(' ')[0],
    updateSource: of('update-source'),
    description: of('description') ?? '',
    shutdown: has('shutdown'),
    ttl: multihop === undefined ? 1 : Number(multihop === '' ? 255 : multihop),
    password: stored === undefined ? undefined : { stored, key: group === '' ? address : group },
    nextHopSelf: has('next-hop-self'),
    nextHopUnchanged: has('next-hop-unchanged'),
    reflectorClient: has('route-reflector-client'),
    allowasIn: has('allowas-in') ? Number(of('allowas-in') || 3) : 0,
    timers: readTimers(of('timers') ?? scopes.find((scope) => scope.timers !== undefined)?.timers),
    bfd: has('bfd'),
    maximumRoutes: Number(of('maximum-routes')?.split(' ')[0] ?? DEFAULT_MAXIMUM_ROUTES),
    endsAtMaximum: of('maximum-routes')?.includes('warning-only') !== true,
    sendCommunity: communityKinds(of('send-community')),
    removePrivateAs: privateAs(of('remove-private-as')),
    defaultOriginate: has('default-originate'),
    outerMaps: routeMaps(of),
    families: resolveFamilies(address, group, scopes, of),
  })
}

function communityKinds(text: string | undefined): readonly CommunityKind[] {
  if (text === undefined) return []
  const named = COMMUNITY_KINDS.filter((kind) => text.split(' ').includes(kind))
  return named.length === 0 ? COMMUNITY_KINDS : named
}

// What EOS takes from a neighbor without `maximum-routes` (lab-validation, 4.36).
const DEFAULT_MAXIMUM_ROUTES = 256_000
const DEFAULT_TIMERS: BgpTimers = { hold: 180, keepalive: 60 }

function privateAs(text: string | undefined): BgpNeighborConfig['removePrivateAs'] {
  if (text === undefined) return 'no'
  if (!text.startsWith('all')) return 'only'
  return text === 'all replace-as' ? 'replace' : 'all'
}

function readTimers(text: string | undefined): BgpTimers {
  const [, keepalive, hold] = /^(\d+) (\d+)/.exec(text ?? '') ?? []
  return hold === undefined ? DEFAULT_TIMERS : { hold: Number(hold), keepalive: Number(keepalive) }
}

function resolveFamilies(
  address: string,
  group: string,
  scopes: readonly NeighborScope[],
  outer: (name: string) => string | undefined,
): ReadonlyMap<BgpFamily, NeighborFamilyConfig> {
  const defaults: readonly (readonly [BgpFamily, boolean])[] = [
    ['ipv4Unicast', scopes.at(-1)?.defaultIpv4 ?? true],
    ['l2VpnEvpn', false],
  ]
  return new Map(
    defaults.map(([family, byDefault]) => {
      const places = scopes.flatMap((scope) => {
        const settings = scope.families.get(family)
        return [settings?.get(address), settings?.get(group)]
      })
      const place = places.find((candidate) => candidate?.has('activate'))
      const policy = (name: string) => places.find((candidate) => candidate?.has(name))?.get(name) ?? outer(name)
      const active = place === undefined ? byDefault : place.get('activate') !== undefined
      return [family, { active, ...readPolicies(policy) }]
    }),
  )
}

function readPolicies(policy: (name: string) => string | undefined): Omit<NeighborFamilyConfig, 'active'> {
  return definedMembers({
    ...routeMaps(policy),
    prefixListIn: policy('prefix-list in'),
    prefixListOut: policy('prefix-list out'),
  })
}

function routeMaps(policy: (name: string) => string | undefined): BgpRouteMaps {
  return definedMembers({ routeMapIn: policy('route-map in'), routeMapOut: policy('route-map out') })
}
