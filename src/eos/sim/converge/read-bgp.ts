import { definedMembers } from '../../../model/defined-members.ts'
import { dotted } from '../../../model/ip-address.ts'
import { type ConfigNode, type ConfigTree, childLines, foundIn, hasChild, restOf } from '../../config/text/tree.ts'
import { type Prefix, parsePrefix } from './address.ts'
import { expandNames, parseRange } from './interface-name.ts'
import {
  type BgpNeighborConfig,
  type NeighborScope,
  readNeighborLines,
  resolveMember,
  resolveNeighbors,
} from './read-bgp-neighbors.ts'

/** One `network` or `redistribute` line. */
export interface BgpOrigin {
  /** A prefix for `network`, a protocol (`connected`, `static`) for `redistribute`. */
  readonly source: string
  readonly routeMap?: string
}

/** One `bgp listen range`: whoever calls from there is a neighbor of a peer group. */
export interface ListenRange {
  readonly prefix: Prefix
  /** A neighbor of the group, without address and AS. */
  readonly member: BgpNeighborConfig
  /** The AS the caller must have, or the peer-filter that must accept it. */
  readonly remoteAs?: string
  readonly filter?: string
}

/** One port of `neighbor interface`: whoever is at its other end is a neighbor of a peer group. */
export interface PortNeighbor {
  readonly interface: string
  /** A neighbor of the group, without address. */
  readonly member: BgpNeighborConfig
  /** The AS the other end must have, or the peer-filter that must accept it; without both that of the group. */
  readonly remoteAs?: string
  readonly filter?: string
}

/** One `aggregate-address` line. */
export interface BgpAggregate {
  readonly key: string
  readonly prefix: Prefix
  readonly summaryOnly: boolean
  readonly asSet: boolean
  /** Announced, but not put into the routing table. */
  readonly advertiseOnly: boolean
  readonly attributeMap?: string
  readonly matchMap?: string
}

/** BGP of one VRF as configured. */
export interface BgpVrfConfig {
  readonly vrf: string
  readonly routerId?: string
  /** How many equal paths it uses; a VRF has its own, else that of `router bgp`, else 1 (docs/eos.md 7.2). */
  readonly maximumPaths: number
  readonly neighbors: ReadonlyMap<string, BgpNeighborConfig>
  readonly listen: readonly ListenRange[]
  readonly ports: readonly PortNeighbor[]
  readonly networks: readonly BgpOrigin[]
  readonly redistribute: readonly BgpOrigin[]
  readonly aggregates: readonly BgpAggregate[]
  readonly rd: string
  readonly importTargets: readonly string[]
  readonly exportTargets: readonly string[]
}

/** One MAC-VRF: `vlan N` or `vlan-aware-bundle NAME` under `router bgp`. */
export interface MacVrfConfig {
  readonly vlans: readonly number[]
  /** Whether it is a `vlan-aware-bundle`, also one of a single VLAN. */
  readonly bundle: boolean
  readonly rd: string
  readonly importTargets: readonly string[]
  readonly exportTargets: readonly string[]
  readonly learned: boolean
}

/** `router bgp` as configured. */
export interface BgpConfig {
  readonly asn: string
  /** Administrative distance of eBGP and iBGP routes; EOS's default is 200 for both. */
  readonly distance: { readonly ebgp: number; readonly ibgp: number }
  readonly vrfs: ReadonlyMap<string, BgpVrfConfig>
  readonly macVrfs: readonly MacVrfConfig[]
}

/** BGP as configured, or undefined without `router bgp`. */
export function readBgp(config: ConfigTree): BgpConfig | undefined {
  const block = config.children.find((node) => /^router bgp \S+$/.test(node.line))
  if (block === undefined || hasChild(block, 'shutdown')) return undefined
  const asn = block.line.split(' ')[2] ?? ''
  const distances = foundIn(block.children, /^distance bgp (\d+(?: \d+)?)/)[0]
    ?.split(' ')
    .map(Number)
  const [ebgp = 200, ibgp = ebgp] = distances ?? []
  return {
    asn,
    distance: { ebgp, ibgp },
    vrfs: readVrfs(block),
    macVrfs: block.children.flatMap((node) => readMacVrf(node, asn)),
  }
}

function readVrfs(block: ConfigNode): ReadonlyMap<string, BgpVrfConfig> {
  const root = readNeighborLines(block.children)
  const common = readVrf('default', block, [root], 1)
  const vrfs = new Map([['default', common]])
  for (const node of block.children) {
    const name = /^vrf (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined) {
      vrfs.set(name, readVrf(name, node, [readNeighborLines(node.children), root], common.maximumPaths))
    }
  }
  return vrfs
}

function readVrf(vrf: string, block: ConfigNode, scopes: readonly NeighborScope[], otherwise: number): BgpVrfConfig {
  const family = block.children.find((node) => /^address-family ipv4( unicast)?$/.test(node.line))
  const lines = [...block.children, ...(family?.children ?? [])].map((node) => node.line)
  const routerId = foundIn(block.children, /^router-id ([\d.]+)$/)[0]
  return {
    vrf,
    ...definedMembers({ routerId }),
    maximumPaths: Number(foundIn(block.children, /^maximum-paths (\d+)/)[0] ?? otherwise),
    neighbors: resolveNeighbors(scopes),
    listen: block.children.flatMap((node) => readListen(node.line, scopes)),
    ports: block.children.flatMap((node) => readPorts(node.line, scopes)),
    networks: lines.flatMap((line) => readOrigin(/^network (\S+)(?: route-map (\S+))?$/, line)),
    redistribute: lines.flatMap((line) =>
      readOrigin(
        /^redistribute (connected|static|ospf|isis)(?: (?:match |level-)\S+)?(?: include leaked)?(?: route-map (\S+))?$/,
        line,
      ),
    ),
    aggregates: lines.flatMap(readAggregate),
    rd: foundIn(block.children, /^rd (\S+)$/)[0] ?? '',
    importTargets: foundIn(lines, /^route-target import (?:evpn )?(\S+)$/),
    exportTargets: foundIn(lines, /^route-target export (?:evpn )?(\S+)$/),
  }
}

function readListen(line: string, scopes: readonly NeighborScope[]): readonly ListenRange[] {
  const [, range = '', group = '', kind, value] =
    /^bgp listen range (\S+) peer[ -]group (\S+) (peer-filter|remote-as) (\S+)$/.exec(line) ?? []
  const prefix = parsePrefix(range)
  if (prefix === undefined || value === undefined) return []
  const condition = kind === 'remote-as' ? { remoteAs: value } : { filter: value }
  return [{ prefix, member: resolveMember(group, scopes), ...condition }]
}

function readPorts(line: string, scopes: readonly NeighborScope[]): readonly PortNeighbor[] {
  const [, ports = '', group = '', kind, value] =
    /^neighbor interface (\S+) peer[ -]group (\S+)(?: (peer-filter|remote-as) (\S+))?$/.exec(line) ?? []
  const condition = value === undefined ? {} : kind === 'remote-as' ? { remoteAs: value } : { filter: value }
  return [...(expandNames(ports) ?? [])].map((name) => ({
    interface: name,
    member: resolveMember(group, scopes),
    ...condition,
  }))
}

function readAggregate(line: string): readonly BgpAggregate[] {
  const [, text = '', options = ''] = /^aggregate-address (\S+)(.*)$/.exec(line) ?? []
  const prefix = parsePrefix(text)
  if (prefix === undefined) return []
  const has = (word: string) => options.split(' ').includes(word)
  const attributeMap = / attribute-map (\S+)/.exec(options)?.[1]
  const matchMap = / match-map (\S+)/.exec(options)?.[1]
  return [
    {
      key: `${dotted(prefix.network)}/${prefix.maskLen}`,
      prefix,
      summaryOnly: has('summary-only'),
      asSet: has('as-set'),
      advertiseOnly: has('advertise-only'),
      ...definedMembers({ attributeMap, matchMap }),
    },
  ]
}

/** One line of a pattern whose groups are the source and the route-map. */
export function readOrigin(pattern: RegExp, line: string): readonly BgpOrigin[] {
  const [, source, routeMap] = pattern.exec(line) ?? []
  if (source === undefined) return []
  return [{ source, ...definedMembers({ routeMap }) }]
}

/** What an `auto` target of a MAC-VRF is told apart by: the AS of whoever announces it, and the VNI in the end. */
export const AUTO_TARGET = 'auto '

function readMacVrf(node: ConfigNode, asn: string): readonly MacVrfConfig[] {
  const [, single, bundle] = /^(?:vlan (\d+)|vlan-aware-bundle (\S+))$/.exec(node.line) ?? []
  if (single === undefined && bundle === undefined) return []
  const lines = childLines(node)
  const targets = (way: string) =>
    lines.flatMap((line) => {
      const [, target = '', of = asn] =
        new RegExp(`^route-target (?:both|${way}) (?:evpn )?(\\S+)(?: (\\d+))?$`).exec(line) ?? []
      return target === 'auto' ? [`${AUTO_TARGET}${of}`] : target === '' ? [] : [target]
    })
  const vlans = single ?? restOf(lines, 'vlan ') ?? ''
  return [
    {
      vlans: parseRange(vlans),
      bundle: bundle !== undefined,
      rd: foundIn(lines, /^rd (\S+)$/)[0] ?? '',
      importTargets: targets('import'),
      exportTargets: targets('export'),
      learned: lines.includes('redistribute learned'),
    },
  ]
}
