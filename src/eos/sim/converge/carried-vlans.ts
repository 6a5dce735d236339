import type { InterfaceConfig } from './read-interfaces.ts'
import type { VlanConfig } from './read-vlans.ts'

/** The VLANs a switched port is configured to carry, of those that exist and are active, ascending. */
export function carriedVlans(port: InterfaceConfig, vlans: ReadonlyMap<number, VlanConfig>): readonly number[] {
  if (port.routed || port.channelGroup !== undefined) return []
  if (!port.trunk) return vlans.get(port.accessVlan)?.suspended === false ? [port.accessVlan] : []
  const carried: number[] = []
  for (const vlan of vlans.values()) {
    const allowed = port.allowedVlans === undefined || port.allowedVlans.has(vlan.id)
    if (allowed && !vlan.suspended && inTrunkGroup(port, vlan)) carried.push(vlan.id)
  }
  return carried
}

function inTrunkGroup(port: InterfaceConfig, vlan: VlanConfig) {
  return vlan.trunkGroups.length === 0 || vlan.trunkGroups.some((group) => port.trunkGroups.includes(group))
}
