import { edgeOf, localPath } from './bgp-edges.ts'
import { type ImportedPaths, originated } from './bgp-routes.ts'
import type { BgpEnd, BgpNode } from './bgp-session.ts'
import type { FaultsAt } from './faults.ts'
import { type ForwardingPlane, nodeKey } from './forwarding-plane.ts'
import { type PathTables, propagate, type Speaker, type VectorPath } from './path-vector.ts'
import type { MacVrfConfig } from './read-bgp.ts'
import type { SwitchModel } from './read-switch.ts'
import { remembered } from './remembered.ts'
import { igpCost } from './resolve.ts'

/** What EVPN is run on. */
export interface EvpnGround {
  readonly models: ReadonlyMap<string, SwitchModel>
  readonly nodes: ReadonlyMap<string, BgpNode>
  readonly sessions: ReadonlyMap<string, readonly BgpEnd[]>
  readonly forwarding: ForwardingPlane
  /** The IPv4 tables of this round: what VRFs learned from their own peers is exported, too. */
  readonly ipv4: PathTables
  readonly faults: FaultsAt
}

/** What EVPN came to in the last round, and all that went into it. */
export interface EvpnMemory {
  readonly signature: string
  readonly tables: PathTables
}

/** Runs EVPN over the sessions that are up: IMET routes per VLAN and IP prefixes per VRF. Nothing new, nothing run. */
export function runEvpn(ground: EvpnGround, memory: EvpnMemory | undefined): EvpnMemory {
  const roots = [...ground.nodes.values()].filter((node) => node.vrf === 'default')
  const ends = [...ground.sessions.values()].flat().filter((end) => end.families.includes('l2VpnEvpn'))
  const vteps = [...new Set(roots.flatMap((root) => root.vtep ?? []))]
  const speakers = roots.map((root) => speakerOf(root, ground))
  const signature = [
    ...ends.map((end) => `${end.node.key}${end.source}${end.neighbor.address}`),
    ...speakers.map(({ id, local, cost }) => `${id} ${local.map((path) => path.key)} ${vteps.map(cost)}`),
  ].join('\n')
  if (signature === memory?.signature) return memory
  const edges = ends.flatMap((end) => edgeOf(end, 'l2VpnEvpn', ground.faults) ?? [])
  return { signature, tables: propagate(speakers, edges) }
}

function speakerOf(root: BgpNode, ground: EvpnGround): Speaker {
  const model = ground.models.get(root.device)
  return {
    id: root.key,
    local: model === undefined || root.vtep === undefined ? [] : advertised(root, root.vtep, model, ground),
    maximumPaths: root.config.maximumPaths,
    localFirst: false,
    cost: remembered((nextHop) => {
      const route = ground.forwarding.lookup(root.forwarding, nextHop)
      return route === undefined ? undefined : igpCost(route)
    }),
  }
}

function advertised(root: BgpNode, vtep: string, model: SwitchModel, ground: EvpnGround): readonly VectorPath[] {
  const vnis = model.vxlan?.vlanToVni ?? new Map<number, number>()
  const imet = root.bgp.macVrfs.flatMap((macVrf) =>
    macVrf.vlans.flatMap((vlan) => {
      const vni = vnis.get(vlan)
      return vni === undefined || !model.vlans.has(vlan) ? [] : [imetPath(macVrf, vni, vtep, root)]
    }),
  )
  const vrfs = model.routing.vrfs.flatMap((vrf) =>
    vrf === 'default' ? [] : (ground.nodes.get(nodeKey(root.device, vrf)) ?? []),
  )
  return [...imet, ...vrfs.flatMap((node) => prefixPaths(node, vtep, model, ground.ipv4))]
}

/** The ethernet tag of a bundle's VLAN is its VNI (docs/eos.md 7.2). */
function imetPath(macVrf: MacVrfConfig, vni: number, vtep: string, root: BgpNode): VectorPath {
  const tag = macVrf.bundle ? ` ${vni}` : ''
  const { rd, exportTargets: targets } = macVrf
  const evpn = { kind: 'imet' as const, prefix: vtep, rd, targets, vni, routerMac: root.routerMac }
  return { ...localPath(`RD: ${macVrf.rd} imet${tag} ${vtep}`, 0, vtep), evpn }
}

function prefixPaths(node: BgpNode, vtep: string, model: SwitchModel, ipv4: PathTables): readonly VectorPath[] {
  const { rd, exportTargets: targets } = node.config
  const vni = model.vxlan?.vrfToVni.get(node.vrf)
  if (vni === undefined || rd === '' || targets.length === 0) return []
  const learned = [...(ipv4.tables.get(node.key)?.best.values() ?? [])].flatMap(([best]) =>
    best === undefined || best.source === 'local' || best.evpn !== undefined ? [] : [best],
  )
  return [...originated(node), ...learned].map((path) => ({
    ...path,
    key: `RD: ${rd} ip-prefix ${path.key}`,
    nextHop: vtep,
    source: 'local',
    edge: '',
    peerAddress: '',
    evpn: { kind: 'ip-prefix', prefix: path.key, rd, targets, vni, routerMac: node.routerMac },
  }))
}

/** What the VRFs of all switches take in from EVPN: prefixes with one of their import targets, from other VTEPs. */
export function importPrefixes(nodes: ReadonlyMap<string, BgpNode>, evpn: PathTables): ImportedPaths {
  const imported = new Map<string, readonly VectorPath[]>()
  for (const node of nodes.values()) {
    if (node.vrf === 'default' || node.config.importTargets.length === 0) continue
    const paths: VectorPath[] = []
    for (const [best] of evpn.tables.get(nodeKey(node.device, 'default'))?.best.values() ?? []) {
      if (best?.evpn?.kind !== 'ip-prefix' || best.source === 'local' || best.nextHop === node.vtep) continue
      if (shares(best.evpn.targets, node.config.importTargets)) paths.push({ ...best, key: best.evpn.prefix })
    }
    imported.set(node.key, paths)
  }
  return imported
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

function importingVlans(path: VectorPath, root: BgpNode, model: SwitchModel): readonly number[] {
  return root.bgp.macVrfs.flatMap((macVrf) => {
    if (!shares(path.evpn?.targets ?? [], macVrf.importTargets)) return []
    if (!macVrf.bundle) return macVrf.vlans
    return macVrf.vlans.filter((vlan) => model.vxlan?.vlanToVni.get(vlan) === path.evpn?.vni)
  })
}

function shares(a: readonly string[], b: readonly string[]): boolean {
  return a.some((target) => b.includes(target))
}
