import { type ConfigTree, childLines, restOf } from '../../config/text/tree.ts'
import type { SwitchFacts } from '../platform/facts.ts'
import { parseRange } from './interface-name.ts'
import { type BgpConfig, readBgp } from './read-bgp.ts'
import { readIdentity } from './read-identity.ts'
import { type InterfaceConfig, readInterfaces } from './read-interfaces.ts'
import { type IsisConfig, readIsis } from './read-isis.ts'
import { type MlagConfig, readMlag } from './read-mlag.ts'
import { type OspfConfig, readOspf } from './read-ospf.ts'
import { type PolicyConfig, readPolicy } from './read-policy.ts'
import { type RoutingConfig, readRouting } from './read-routing.ts'
import { readSpanningTree, type SpanningTreeConfig } from './read-spanning-tree.ts'
import { readVlans, type VlanConfig } from './read-vlans.ts'

/** One switch as `converge` gets it. */
export interface SwitchInput {
  readonly name: string
  readonly config: ConfigTree
  readonly facts: SwitchFacts
  /** Whether it runs: one that does not is silent to its neighbours. */
  readonly up: boolean
}

/** One switch with its configuration read. */
export interface SwitchModel {
  readonly name: string
  readonly hostname: string
  /** The name it announces over LLDP. */
  readonly fqdn: string
  readonly facts: SwitchFacts
  readonly up: boolean
  readonly interfaces: ReadonlyMap<string, InterfaceConfig>
  readonly vlans: ReadonlyMap<number, VlanConfig>
  readonly spanningTree: SpanningTreeConfig
  readonly routing: RoutingConfig
  readonly policy: PolicyConfig
  readonly mlag: MlagConfig | undefined
  readonly vxlan: VxlanConfig | undefined
  readonly bgp: BgpConfig | undefined
  readonly ospf: readonly OspfConfig[]
  readonly isis: readonly IsisConfig[]
}

/** Reads everything the protocols need from one configuration, in one pass per feature, and once for as long as it runs. */
export function readSwitch({ name, config, facts, up }: SwitchInput): SwitchModel {
  const known = lastRead.get(facts)
  const isKnown = known?.config === config && known.model.name === name
  const model = isKnown ? known.model : readModel({ name, config, facts, up })
  if (!isKnown) lastRead.set(facts, { config, model })
  return model.up === up ? model : { ...model, up }
}

// The last one of each switch: what it ran before is kept in many places, and a model is much larger than its configuration.
const lastRead = new WeakMap<SwitchFacts, { readonly config: ConfigTree; readonly model: SwitchModel }>()

function readModel({ name, config, facts, up }: SwitchInput): SwitchModel {
  return {
    name,
    ...readIdentity(config),
    facts,
    up,
    interfaces: readInterfaces(config, facts.interfaces),
    vlans: readVlans(config),
    spanningTree: readSpanningTree(config),
    routing: readRouting(config),
    policy: readPolicy(config),
    mlag: readMlag(config),
    vxlan: readVxlan(config),
    bgp: readBgp(config),
    ospf: readOspf(config),
    isis: readIsis(config),
  }
}

interface VxlanConfig {
  readonly name: string
  readonly sourceInterface: string
  readonly udpPort: number
  readonly shutdown: boolean
  // Whether the switches of an MLAG pair announce the MAC address of the pair (`mlag-system-id`), or each its own.
  readonly sharedRouterMac: boolean
  readonly vlanToVni: ReadonlyMap<number, number>
  readonly vrfToVni: ReadonlyMap<string, number>
  readonly floodVteps: readonly string[]
}

function readVxlan(config: ConfigTree): VxlanConfig | undefined {
  const block = config.children.find((node) => /^interface Vxlan\d+$/.test(node.line))
  if (block === undefined) return undefined
  const lines = childLines(block)
  const value = (head: string) => restOf(lines, `${head} `)
  return {
    name: block.line.slice('interface '.length),
    sourceInterface: value('vxlan source-interface') ?? '',
    udpPort: Number(value('vxlan udp-port') ?? 4789),
    shutdown: lines.includes('shutdown'),
    sharedRouterMac: lines.includes('vxlan virtual-router encapsulation mac-address mlag-system-id'),
    vlanToVni: new Map(lines.flatMap(vlanBindings)),
    vrfToVni: new Map(lines.flatMap(vrfBinding)),
    floodVteps: value('vxlan flood vtep')?.split(' ') ?? [],
  }
}

function vlanBindings(line: string) {
  const [, vlans = '', vnis = ''] = /^vxlan vlan (?:add )?([\d,-]+) vni ([\d,-]+)$/.exec(line) ?? []
  const numbers = parseRange(vnis)
  return parseRange(vlans).flatMap((vlan, at) => {
    const vni = numbers[at]
    return vni === undefined ? [] : [[vlan, vni] as const]
  })
}

function vrfBinding(line: string): readonly (readonly [string, number])[] {
  const [, vrf, vni] = /^vxlan vrf (\S+) vni (\d+)$/.exec(line) ?? []
  return vrf === undefined ? [] : [[vrf, Number(vni)]]
}
