import { compareAddresses } from './address.ts'
import { type BgpOutcome, vtepOf } from './bgp.ts'
import { floodLists } from './evpn.ts'
import type { FaultsAt } from './faults.ts'
import { nodeKey } from './forwarding-plane.ts'
import type { MlagState, VxlanState } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'
import type { RaisedSwitch } from './segments.ts'

/** VXLAN of one switch: the configured maps, and the VTEPs that EVPN or the configuration names. */
export function vxlanState(
  here: RaisedSwitch,
  outcome: BgpOutcome,
  faults: FaultsAt,
  mlag: MlagState | undefined,
): VxlanState | undefined {
  const { vxlan } = here.model
  if (vxlan === undefined) return undefined
  const vtep = vtepOf(here)
  const floodList = new Map<number, readonly string[]>()
  const root = outcome.nodes.get(nodeKey(here.model.name, 'default'))
  const learned = root === undefined || vtep === undefined ? undefined : floodLists(root, here.model, outcome.evpn)
  for (const vlan of vxlan.vlanToVni.keys()) {
    const all = new Set([...vxlan.floodVteps, ...(learned?.get(vlan) ?? [])])
    const vteps = [...all].filter((remote) => !faults.floodLost(here.model.name, vlan, remote))
    if (vtep !== undefined && vteps.length > 0) floodList.set(vlan, vteps.sort(compareAddresses))
  }
  const known = new Set([...[...floodList.values()].flat(), ...routedTo(here, outcome)])
  return {
    name: vxlan.name,
    sourceInterface: vxlan.sourceInterface,
    sourceAddress: here.interfaces.get(vxlan.sourceInterface)?.addresses.primary?.address ?? '0.0.0.0',
    udpPort: vxlan.udpPort,
    up: vtep !== undefined,
    sharedRouterMac: sharedRouterMac(here.model, mlag),
    vlanToVni: vxlan.vlanToVni,
    vrfToVni: vxlan.vrfToVni,
    floodList,
    vteps: [...known].sort(compareAddresses),
  }
}

/** The MAC address that a switch announces with its MLAG peer: that of the pair, where the configuration says so (suzieq). */
export function sharedRouterMac({ vxlan }: SwitchModel, mlag: MlagState | undefined): string | undefined {
  return vxlan?.sharedRouterMac === true && mlag?.state === 'active' ? mlag.systemId : undefined
}

function routedTo({ model }: RaisedSwitch, outcome: BgpOutcome): readonly string[] {
  return model.routing.vrfs.flatMap((vrf) => {
    const routes = outcome.forwarding.get(nodeKey(model.name, vrf))?.routes.values() ?? []
    return [...routes].flatMap((route) => route.vias.flatMap((via) => via.vtep ?? []))
  })
}
