import { dottedMac } from './address.ts'
import { type ImportedPaths, originated } from './bgp-routes.ts'
import { type BgpNode, type BgpNodes, type BgpSessions, edgeOf, localPath } from './bgp-session.ts'
import { type SegmentVlan, segmentPaths } from './evpn-segments.ts'
import type { FaultsAt } from './faults.ts'
import { type HeardHost, vrfOfHost } from './hosts.ts'
import type { RaisedSwitch, RaisedSwitches } from './links.ts'
import { type ForwardingPlane, nodeKey } from './ospf.ts'
import {
  asGood,
  EMPTY_TABLE,
  type PathTables,
  propagate,
  type Speaker,
  type SpeakerTable,
  type VectorPath,
} from './path-vector.ts'
import type { SwitchModel } from './read-interfaces.ts'
import { AUTO_TARGET, type MacVrfConfig } from './read-routing.ts'
import { remembered } from './remembered.ts'
import { igpCost } from './resolve.ts'

/** What EVPN is run on. */
export interface EvpnGround {
  readonly raised: RaisedSwitches
  readonly nodes: BgpNodes
  readonly sessions: BgpSessions
  readonly forwarding: ForwardingPlane
  /** The IPv4 tables of this round: what VRFs learned from their own peers is exported, too. */
  readonly ipv4: PathTables
  readonly faults: FaultsAt
  /** The hosts that each switch hears. */
  readonly hosts: ReadonlyMap<string, readonly HeardHost[]>
}

/** What EVPN came to in the last round, and all that went into it. */
export interface EvpnMemory {
  readonly signature: string
  readonly tables: PathTables
}

/**
 * Runs EVPN over the sessions that are up: IMET routes per VLAN, hosts that were heard, and IP prefixes per VRF. Nothing new,
 * nothing run.
 */
export function runEvpn(ground: EvpnGround, memory: EvpnMemory | undefined): EvpnMemory {
  const roots = [...ground.nodes.values()].filter((node) => node.vrf === 'default')
  const ends = [...ground.sessions.values()].flat().filter((end) => end.families.includes('l2VpnEvpn'))
  const vteps = [...new Set(roots.flatMap((root) => root.vtep ?? []))]
  const speakers = roots.map((root) => speakerOf(root, ground))
  const signature = [
    ...ends.map((end) => `${end.node.key}${end.source}${end.neighbor.address}`),
    ...speakers.map(({ id, local, cost }) => `${id} ${local.map(attributesOf)} ${vteps.map(cost)}`),
  ].join('\n')
  if (signature === memory?.signature) return memory
  const edges = ends.flatMap((end) => edgeOf(end, 'l2VpnEvpn', ground.faults) ?? [])
  return { signature, tables: propagate(speakers, edges) }
}

const attributesOf = ({ key, localPref, asPath }: VectorPath) => `${key} ${localPref} ${asPath}`

function speakerOf(root: BgpNode, ground: EvpnGround): Speaker {
  const here = ground.raised.get(root.device)
  return {
    id: root.key,
    local: here === undefined || root.vtep === undefined ? [] : advertised(root, root.vtep, here, ground),
    maximumPaths: root.config.maximumPaths,
    localFirst: false,
    cost: remembered((nextHop) => {
      const route = ground.forwarding.lookup(root.forwarding, nextHop)
      return route === undefined ? undefined : igpCost(route)
    }),
  }
}

function advertised(root: BgpNode, vtep: string, here: RaisedSwitch, ground: EvpnGround): readonly VectorPath[] {
  const { model } = here
  const hosts = ground.hosts.get(root.device) ?? []
  const bridged = root.bgp.macVrfs.flatMap((macVrf) =>
    macVrf.vlans.flatMap((vlan) => {
      const vni = model.vxlan?.vlanToVni.get(vlan)
      if (vni === undefined || !model.vlans.has(vlan)) return []
      const domain = { macVrf, vni, vtep, root, here }
      const learned = macVrf.learned ? hosts.filter((one) => one.vlan === vlan) : []
      return [imetPath(domain), ...learned.flatMap((one) => hostPaths(one, domain))]
    }),
  )
  const vrfs = model.routing.vrfs.flatMap((vrf) =>
    vrf === 'default' ? [] : (ground.nodes.get(nodeKey(root.device, vrf)) ?? []),
  )
  return [
    ...bridged,
    ...segmentPaths(vtep, root, here, segmentVlans(root, model)),
    ...vrfs.flatMap((node) => prefixPaths(node, vtep, model, ground)),
  ]
}

function segmentVlans({ bgp }: BgpNode, { vxlan, vlans }: SwitchModel): readonly SegmentVlan[] {
  return bgp.macVrfs.flatMap(({ rd, bundle, exportTargets, vlans: own }) =>
    own.flatMap((vlan) => {
      const vni = vxlan?.vlanToVni.get(vlan)
      if (vni === undefined || !vlans.has(vlan)) return []
      return [{ vlan, vni, rd, tag: bundle ? vni : 0, targets: targetsOf(exportTargets, vni) }]
    }),
  )
}

interface BridgedDomain {
  readonly macVrf: MacVrfConfig
  readonly vni: number
  readonly vtep: string
  readonly root: BgpNode
  readonly here: RaisedSwitch
}

function imetPath({ macVrf, vni, vtep, root }: BridgedDomain): VectorPath {
  const targets = targetsOf(macVrf.exportTargets, vni)
  const evpn = { kind: 'imet' as const, prefix: vtep, rd: macVrf.rd, targets, vni, routerMac: root.routerMac }
  return { ...localPath(`RD: ${macVrf.rd} imet${tagOf(macVrf, vni)} ${vtep}`, 0, vtep), evpn }
}

function hostPaths(one: HeardHost, { macVrf, vni, vtep, root, here }: BridgedDomain): readonly VectorPath[] {
  const { mac, address } = one.host
  const { rd } = macVrf
  const key = `RD: ${rd} mac-ip${tagOf(macVrf, vni)} ${dottedMac(mac)}`
  const targets = targetsOf(macVrf.exportTargets, vni)
  const evpn = { kind: 'mac-ip' as const, prefix: '', rd, targets, vni, routerMac: root.routerMac }
  const bare = { ...localPath(key, 0, vtep), evpn }
  const vrf = vrfOfHost(one, here)
  if (address === undefined || vrf === undefined) return one.told === true ? [] : [bare]
  const routedVni = here.model.vxlan?.vrfToVni.get(vrf)
  const routed = routedVni === undefined ? {} : { routedVni, targets: [...targets, ...exported(root, vrf)] }
  const bound = { ...localPath(`${key} ${address}`, 0, vtep), evpn: { ...evpn, prefix: `${address}/32`, ...routed } }
  return one.told === true ? [bound] : [bare, bound]
}

function exported({ bgp }: BgpNode, vrf: string) {
  return bgp.vrfs.get(vrf)?.exportTargets ?? []
}

// The ethernet tag of a bundle's VLAN is its VNI (docs/eos.md 7.2).
function tagOf({ bundle }: MacVrfConfig, vni: number) {
  return bundle ? ` ${vni}` : ''
}

function targetsOf(targets: readonly string[], vni: number) {
  return targets.map((target) =>
    target.startsWith(AUTO_TARGET) ? `${target.slice(AUTO_TARGET.length)}:${vni}` : target,
  )
}

function prefixPaths(node: BgpNode, vtep: string, model: SwitchModel, ground: EvpnGround): readonly VectorPath[] {
  const { rd, exportTargets: targets } = node.config
  const vni = model.vxlan?.vrfToVni.get(node.vrf)
  if (vni === undefined || rd === '' || targets.length === 0) return []
  return ownPaths(node, ground).map((path) => ({
    ...path,
    key: `RD: ${rd} ip-prefix ${path.key}`,
    nextHop: vtep,
    source: 'local',
    edge: '',
    peerAddress: '',
    evpn: {
      kind: 'ip-prefix',
      prefix: path.key,
      rd,
      targets,
      vni,
      routerMac: node.routerMac,
      ...(path.source === 'local' ? {} : { heard: path.source }),
    },
  }))
}

function ownPaths(node: BgpNode, { ipv4, forwarding }: EvpnGround) {
  const table = ipv4.tables.get(node.key) ?? EMPTY_TABLE
  const aggregates = [...table.local.values()].flat().filter((path) => path.aggregate)
  const learned = [...table.learned.values()]
    .flat()
    .filter((path) => forwarding.lookup(node.forwarding, path.nextHop) !== undefined)
  return [...originated(node), ...aggregates, ...learned]
}

/** What the VRFs of all switches take in from EVPN: prefixes and hosts with one of their import targets, from other VTEPs. */
export function importPrefixes(nodes: BgpNodes, evpn: PathTables): ImportedPaths {
  const imported = new Map<string, readonly VectorPath[]>()
  for (const node of nodes.values()) {
    if (node.vrf === 'default' || node.config.importTargets.length === 0) continue
    const table = evpn.tables.get(nodeKey(node.device, 'default')) ?? EMPTY_TABLE
    const heard = heardHere(table)
    imported.set(
      node.key,
      [...table.best].flatMap(([key, [best]]) =>
        heard.has(hostOf(best)) ? [] : importedBy(node, best, table.learned.get(key)),
      ),
    )
  }
  return imported
}

function heardHere({ local }: SpeakerTable): ReadonlySet<string> {
  return new Set([...local.values()].flat().flatMap((path) => (hostOf(path) === '' ? [] : [hostOf(path)])))
}

function hostOf(path: VectorPath | undefined) {
  const { kind, prefix, routedVni } = path?.evpn ?? {}
  return kind === 'mac-ip' && routedVni !== undefined ? `${routedVni} ${prefix}` : ''
}

function importedBy(
  node: BgpNode,
  best: VectorPath | undefined,
  learned: readonly VectorPath[] = [],
): readonly VectorPath[] {
  if (best?.evpn === undefined || best.source === 'local' || best.nextHop === node.vtep) return []
  const { kind, prefix, targets } = best.evpn
  const vni = kind === 'ip-prefix' ? best.evpn.vni : best.evpn.routedVni
  if (vni === undefined || !shares(targets, node.config.importTargets)) return []
  const evpn = { ...best.evpn, vni }
  return learned.filter((path) => asGood(path, best)).map((path) => ({ ...path, key: prefix, evpn }))
}

/** Where the broadcast traffic of each VLAN of a switch goes: the VTEPs whose IMET route has one of its import targets. */
export function floodLists(
  root: BgpNode,
  model: SwitchModel,
  evpn: PathTables,
): ReadonlyMap<number, ReadonlySet<string>> {
  const lists = new Map<number, Set<string>>()
  for (const [best] of evpn.tables.get(root.key)?.best.values() ?? []) {
    if (best?.evpn?.kind !== 'imet' || best.source === 'local' || best.nextHop === root.vtep) continue
    for (const vlan of importingVlans(best, root, model)) {
      const list = lists.get(vlan) ?? new Set<string>()
      lists.set(vlan, list.add(best.nextHop))
    }
  }
  return lists
}

function importingVlans(path: VectorPath, root: BgpNode, model: SwitchModel) {
  const vnis = model.vxlan?.vlanToVni
  return root.bgp.macVrfs.flatMap((macVrf) =>
    macVrf.vlans.filter((vlan) => {
      const vni = vnis?.get(vlan)
      if (!shares(path.evpn?.targets ?? [], targetsOf(macVrf.importTargets, vni ?? 0))) return false
      return !macVrf.bundle || vni === path.evpn?.vni
    }),
  )
}

function shares(a: readonly string[], b: readonly string[]) {
  return a.some((target) => b.includes(target))
}
