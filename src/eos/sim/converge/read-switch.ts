import type { ConfigTree } from '../../config/text/tree.ts'
import type { SwitchFacts } from '../platform/facts.ts'
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
import { readVxlan, type VxlanConfig } from './read-vxlan.ts'

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

/** The last one of each switch: what it ran before is kept in many places, and a model is much larger than its configuration. */
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
