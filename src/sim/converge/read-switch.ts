import type { ConfigTree } from '../../config/tree.ts'
import type { SwitchFacts } from '../facts.ts'
import { type BgpConfig, readBgp } from './read-bgp.ts'
import { readIdentity } from './read-identity.ts'
import { type InterfaceConfig, readInterfaces } from './read-interfaces.ts'
import { type MlagConfig, readMlag } from './read-mlag.ts'
import { type OspfConfig, readOspf } from './read-ospf.ts'
import { type PolicyConfig, readPolicy } from './read-policy.ts'
import { type RoutingConfig, readRouting } from './read-routing.ts'
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
  /** The name it announces over LLDP. */
  readonly fqdn: string
  readonly facts: SwitchFacts
  readonly up: boolean
  readonly interfaces: ReadonlyMap<string, InterfaceConfig>
  readonly vlans: ReadonlyMap<number, VlanConfig>
  readonly routing: RoutingConfig
  readonly policy: PolicyConfig
  readonly mlag: MlagConfig | undefined
  readonly vxlan: VxlanConfig | undefined
  readonly bgp: BgpConfig | undefined
  readonly ospf: readonly OspfConfig[]
}

/** Reads everything the protocols need from one configuration, in one pass per feature. */
export function readSwitch(input: SwitchInput): SwitchModel {
  return {
    name: input.name,
    fqdn: readIdentity(input.config).fqdn,
    facts: input.facts,
    up: input.up,
    interfaces: readInterfaces(input.config, input.facts.interfaces),
    vlans: readVlans(input.config),
    routing: readRouting(input.config),
    policy: readPolicy(input.config),
    mlag: readMlag(input.config),
    vxlan: readVxlan(input.config),
    bgp: readBgp(input.config),
    ospf: readOspf(input.config),
  }
}
